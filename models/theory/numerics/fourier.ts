/** The fast Fourier transform of complex numbers whose count is a power of two. */

/** In place: x_j becomes Σ_m x_m e^{−2πi jm/N}. Source: Cooley & Tukey, Math. Comp. 19 (1965) 297. */
export function fourierTransform(re: Float64Array, im: Float64Array): void {
  const count = re.length;
  reverseBits(re, im);
  for (let half = 1; half < count; half *= 2) {
    for (let k = 0; k < half; k++) {
      const [cos, sin] = [Math.cos((Math.PI * k) / half), -Math.sin((Math.PI * k) / half)];
      for (let low = k; low < count; low += 2 * half) {
        const high = low + half;
        const turnedRe = re[high]! * cos - im[high]! * sin;
        const turnedIm = re[high]! * sin + im[high]! * cos;
        re[high] = re[low]! - turnedRe;
        im[high] = im[low]! - turnedIm;
        re[low]! += turnedRe;
        im[low]! += turnedIm;
      }
    }
  }
}

function reverseBits(re: Float64Array, im: Float64Array): void {
  const count = re.length;
  for (let i = 1, j = 0; i < count; i++) {
    let bit = count >> 1;
    for (; (j & bit) !== 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
}
