/** The installed package: where it lies, and which version it is. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The same from the sources as from the compiled files, which lie one folder deeper. */
export const packageRoot: string = findRoot(import.meta.dirname);
export const packageVersion: string = (JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version;

function findRoot(folder: string): string {
  return existsSync(path.join(folder, 'package.json')) ? folder : findRoot(path.dirname(folder));
}
