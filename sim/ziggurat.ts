/**
 * Tables of the ziggurat method (Marsaglia and Tsang 2000): a falling density cut into 256 layers of equal area, so that
 * nearly every draw is one table look-up and one comparison.
 */
export interface Ziggurat {
  /** Where the lowest layer's rectangle ends and the tail begins. */
  readonly edge: number;
  /** Layer's width divided by the number of places in it: place × width is x. */
  readonly width: Float64Array;
  /** Places before this one lie under the density whatever the height. */
  readonly inside: Int32Array;
  /** The density at the layer's right end. */
  readonly height: Float64Array;
}

const layers = 256;

/** The place in a layer has 24 bits: of an exponential all of them, of a normal 23 and the sign. */
export const exponentialZiggurat = ziggurat(
  7.69711747013104972, 0.0039496598225815571993, 0x100_0000, (x) => Math.exp(-x), (y) => -Math.log(y),
);
export const normalZiggurat = ziggurat(
  3.6541528853610088, 0.00492867323399, 0x80_0000, (x) => Math.exp(-0.5 * x * x), (y) => Math.sqrt(-2 * Math.log(y)),
);

function ziggurat(
  edge: number, area: number, places: number, density: (x: number) => number, inverse: (y: number) => number,
): Ziggurat {
  const width = new Float64Array(layers);
  const inside = new Int32Array(layers);
  const height = new Float64Array(layers);
  // The lowest layer holds the tail too: it is drawn as a rectangle of the same area, of which only a part is inside.
  const base = area / density(edge);
  width[0] = base / places;
  inside[0] = Math.round((edge / base) * places);
  height[0] = 1;
  let right = edge;
  for (let layer = layers - 1; layer >= 1; layer--) {
    width[layer] = right / places;
    height[layer] = density(right);
    const left = layer === 1 ? 0 : inverse(area / right + height[layer]);
    inside[layer] = Math.round((left / right) * places);
    right = left;
  }
  return { edge, width, inside, height };
}
