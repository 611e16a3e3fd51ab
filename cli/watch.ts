/** Tells when one of some files was saved. */
import { existsSync, watch } from 'node:fs';
import path from 'node:path';

/** An editor writes a file in several steps; they count as one. */
const settleMs = 80;

/**
 * Resolves at the first change. Folders are watched rather than files, since many editors save by renaming a new file
 * over the old one, which ends a watch of the file itself; and a file that is not there yet may come.
 */
export function nextChange(files: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const wanted = new Set(files.map((file) => path.resolve(file)));
    const folders = [...new Set([...wanted].map((file) => path.dirname(file)))].filter((folder) => existsSync(folder));
    let settled: NodeJS.Timeout | undefined;
    const watchers = folders.map((folder) =>
      watch(folder, (_, name) => {
        const file = path.join(folder, name ?? '');
        if (!wanted.has(file)) return;
        clearTimeout(settled);
        settled = setTimeout(() => {
          for (const watcher of watchers) watcher.close();
          resolve(file);
        }, settleMs);
      }),
    );
  });
}
