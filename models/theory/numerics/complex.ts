/** Complex numbers: pairs that nobody changes. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

export const real = (re: number): Complex => ({ re, im: 0 });
export const zero = real(0);
export const one = real(1);

export const add = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });
export const subtract = (a: Complex, b: Complex): Complex => ({ re: a.re - b.re, im: a.im - b.im });
export const multiply = (a: Complex, b: Complex): Complex => ({ re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re });
export const scale = (a: Complex, factor: number): Complex => ({ re: a.re * factor, im: a.im * factor });
export const magnitude = (a: Complex): number => Math.hypot(a.re, a.im);
export const angle = (a: Complex): number => Math.atan2(a.im, a.re);

/** By Smith's method: the squares of large or small numbers are not formed. */
export function divide(a: Complex, b: Complex): Complex {
  if (Math.abs(b.re) >= Math.abs(b.im)) {
    const ratio = b.im / b.re;
    const divisor = b.re + b.im * ratio;
    return { re: (a.re + a.im * ratio) / divisor, im: (a.im - a.re * ratio) / divisor };
  }
  const ratio = b.re / b.im;
  const divisor = b.re * ratio + b.im;
  return { re: (a.re * ratio + a.im) / divisor, im: (a.im * ratio - a.re) / divisor };
}

export function exponential(a: Complex): Complex {
  const size = Math.exp(a.re);
  return a.im === 0 ? real(size) : { re: size * Math.cos(a.im), im: size * Math.sin(a.im) };
}

/** exp(a) − 1 with all digits near a = 0. */
export function exponentialMinusOne(a: Complex): Complex {
  const grown = Math.expm1(a.re);
  const half = Math.sin(a.im / 2);
  return { re: grown - (grown + 1) * 2 * half * half, im: (grown + 1) * Math.sin(a.im) };
}

export const logarithm = (a: Complex): Complex => ({ re: Math.log(magnitude(a)), im: angle(a) });

/** log(1 + a) with all digits near a = 0. */
export function logarithmOfOnePlus(a: Complex): Complex {
  return { re: Math.log1p(2 * a.re + a.re * a.re + a.im * a.im) / 2, im: Math.atan2(a.im, 1 + a.re) };
}
