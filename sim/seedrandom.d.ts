/** The part of seedrandom that `random.ts` uses; the package brings no types of its own. */
declare module 'seedrandom/lib/tychei.js' {
  interface Generator {
    /** 32 random bits as a signed integer. */
    int32(): number;
    /** Uniform in (0, 1) with 53 random bits; never 0. */
    double(): number;
  }
  export default function tychei(seed: string): Generator;
}
