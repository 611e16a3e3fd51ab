/** Gauss–Legendre quadrature on panels. */

interface Rule {
  readonly nodes: readonly number[];
  readonly weights: readonly number[];
}

/** Exact for polynomials of degree 39: on a panel of 12 radians an oscillation is integrated to the last digits. */
export const gaussLegendre20: Rule = rule(20);

/** Nodes of an interval that is cut in equal panels, and their weights. */
export function panels(low: number, high: number, count: number, { nodes, weights } = gaussLegendre20): { readonly x: number; readonly weight: number }[] {
  const half = (high - low) / (2 * count);
  const found: { x: number; weight: number }[] = [];
  for (let panel = 0; panel < count; panel++) {
    const middle = low + half * (2 * panel + 1);
    nodes.forEach((node, index) => found.push({ x: middle + half * node, weight: half * weights[index]! }));
  }
  return found;
}

/** The zeros of a Legendre polynomial by Newton's method. Source: Abramowitz & Stegun 25.4.29. */
function rule(order: number): Rule {
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < order; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (order + 0.5));
    let slope = 1;
    for (let step = 0; step < 10; step++) {
      let [before, value] = [1, x];
      for (let k = 2; k <= order; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
      slope = (order * (before - x * value)) / (1 - x * x);
      x -= value / slope;
    }
    nodes.push(x);
    weights.push(2 / ((1 - x * x) * slope * slope));
  }
  return { nodes, weights };
}
