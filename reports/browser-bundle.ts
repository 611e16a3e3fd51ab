/** The script of the page: read from beside the built file, or bundled on the spot when the project runs from its sources. */
import { readFile } from 'node:fs/promises';

let cached: Promise<string> | undefined;

export function browserBundle(): Promise<string> {
  cached ??= import.meta.url.endsWith('.ts') ? bundleSources() : readFile(new URL('page.bundle.js', import.meta.url), 'utf8');
  return cached;
}

async function bundleSources(): Promise<string> {
  const builder = (await import(new URL('browser/build.mjs', import.meta.url).href)) as { bundle(): Promise<string> };
  return builder.bundle();
}
