/**
 * Bundles what runs inside the page. `node reports/browser/build.mjs` writes dist/reports/page.bundle.js, which report.js
 * reads; when the project runs from its sources, report.ts calls `bundle()` instead.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = dirname(fileURLToPath(import.meta.url));

/** Colour schemes and map projections, which Vega brings along and our charts never use: hollow modules in their place, 28 kB less. */
const withoutUnused = {
  name: 'without-unused',
  setup({ onLoad }) {
    onLoad({ filter: /node_modules\/d3-(scale-chromatic|geo)\// }, async ({ path }) => {
      const names = Object.entries(await import(pathToFileURL(path).href)).map(([name, value]) => `export const ${name} = ${Array.isArray(value) ? '[]' : '() => {}'};`);
      return { contents: names.join('\n'), loader: 'js' };
    });
  },
};

/** The script of the page as one text. */
export async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'main.ts')],
    absWorkingDir: join(folder, '../..'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    write: false,
    tsconfigRaw: '{}',
    plugins: [withoutUnused],
    logLevel: 'warning',
  });
  return outputFiles[0].text;
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  const target = join(folder, '../../dist/reports/page.bundle.js');
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, await bundle());
}
