/** The files that a scenario may read: those in its own folder, and in folders that the command line allows. */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as say from './messages.ts';
import type { Finding } from './problem.ts';
import { nearest } from './suggest.ts';

export type FileRead =
  | { readonly ok: true; /** For messages. */ readonly file: string; /** Its real path, by which it is known again. */ readonly id: string; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly finding: Finding };

/** Reads what `from` names as `path`; an object with this method may stand for a disk. */
export interface Files {
  read(path: string, from: string, bytesMax: number): FileRead;
}

/** No disk: a scenario that names other files is told that there are none. */
export const noFiles: Files = {
  read: (path) => ({ ok: false, finding: say.noFilesHere(path) }),
};

export class FolderFiles implements Files {
  /** The files that were asked for and may be read, whether they are there or not. */
  readonly asked: string[] = [];
  private readonly roots: readonly string[];
  private readonly shown: string;

  constructor(scenarioFile: string, allowPath: readonly string[]) {
    this.shown = dirname(scenarioFile);
    this.roots = [this.shown, ...allowPath].flatMap((folder) => realPathOf(resolve(folder)) ?? []);
  }

  read(path: string, from: string, bytesMax: number): FileRead {
    const file = isAbsolute(path) ? path : join(dirname(from), path);
    const real = realPathOf(resolve(file));
    // What lies outside is refused before anything is said about whether it exists.
    if (!this.allowed(real ?? resolve(realPathOf(resolve(dirname(from))) ?? '.', path))) return refuse(say.outsideFolder(path, this.shown, dirname(real ?? file)));
    this.asked.push(file);
    if (real === undefined) return refuse(say.noSuchFile(path, nearest(basename(path), namesIn(dirname(file)))));
    return readWhole(path, file, real, bytesMax);
  }

  private allowed(path: string): boolean {
    return this.roots.some((root) => {
      const inside = relative(root, path);
      return inside !== '..' && !/^\.\.[\\/]/.test(inside) && !isAbsolute(inside);
    });
  }
}

export function readWhole(path: string, file: string, real: string, bytesMax: number): FileRead {
  try {
    const status = statSync(real);
    if (!status.isFile()) return refuse(say.notAFile(path));
    if (status.size > bytesMax) return refuse(say.fileTooLarge(bytesMax));
    const bytes = readFileSync(real);
    return { ok: true, file, id: real, bytes: path.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: bytesMax }) : bytes };
  } catch (error) {
    return refuse(say.unreadable(path, error instanceof Error ? error.message : String(error)));
  }
}

function refuse(finding: Finding): FileRead {
  return { ok: false, finding };
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
