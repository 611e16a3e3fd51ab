import { defineConfig } from 'vitest/config';
import { ClosingLineReporter } from './test/closing-line-reporter.ts';

export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', new ClosingLineReporter()],
    // `npm run campaign`: the same properties with many more runs. An own number of runs wins.
    env: mode === 'campaign' ? { FAULTLINE_RUNS: process.env.FAULTLINE_RUNS ?? '2000' } : {},
    ...(mode === 'campaign' && { testTimeout: 3_600_000, exclude: ['test/{fresh-clone,package,node-versions,closing-line}.test.ts'] }),
  },
}));
