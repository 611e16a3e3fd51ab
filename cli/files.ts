/** Files that commands write: whole or not at all, and never over something that is not theirs. */
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from './usage-error.ts';

/** A file that appears under its name only when it is complete. */
export class AtomicFile {
  readonly file: string;
  private readonly temporary: string;
  private readonly descriptor: number;
  private pending: string[] = [];
  private pendingLength = 0;
  private open = true;

  constructor(file: string) {
    this.file = file;
    // In the same folder, since a rename is atomic only within one file system.
    this.temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);
    this.descriptor = attempt(file, () => {
      makeFolder(path.dirname(file));
      return openSync(this.temporary, 'w');
    });
  }

  write(text: string): void {
    this.pending.push(text);
    this.pendingLength += text.length;
    if (this.pendingLength > 1 << 20) this.flush();
  }

  finish(): void {
    attempt(this.file, () => {
      this.flush();
      this.close();
      renameSync(this.temporary, this.file);
    });
  }

  /** Forgets what was written. */
  discard(): void {
    this.close();
    rmSync(this.temporary, { force: true });
  }

  private close(): void {
    if (this.open) closeSync(this.descriptor);
    this.open = false;
  }

  private flush(): void {
    const bytes = Buffer.from(this.pending.join(''));
    for (let written = 0; written < bytes.length; ) written += writeSync(this.descriptor, bytes, written);
    this.pending = [];
    this.pendingLength = 0;
  }
}

/** Step by step: Node's own recursion never ends where a folder is there and nothing can be made in it, as in /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder);
}

export function writeFileAtomically(file: string, text: string): void {
  const target = new AtomicFile(file);
  try {
    target.write(text);
    target.finish();
  } catch (error) {
    target.discard();
    throw error;
  }
}

/** @throws UsageError when the file is there and is something else than an earlier output of the same kind. */
export function refuseToReplaceOthers(file: string, endings: readonly string[], inputs: readonly string[]): void {
  if (inputs.some((input) => path.resolve(input) === path.resolve(file))) {
    throw new UsageError(`${file} is read by this command and would be overwritten`, 'name another file for the output');
  }
  if (existsSync(file) && !endings.includes(path.extname(file).toLowerCase())) {
    throw new UsageError(`${file} exists and does not end in ${endings.join(' or ')}, so it is not overwritten`, 'name another file, or remove this one first');
  }
}

export function readText(file: string): string {
  return attemptToRead(file, () => readFileSync(file, 'utf8'));
}

/** Undefined for a file that is larger; read part by part, since not everything that can be opened has an end. */
export function readBytes(file: string, bytesMax: number): Buffer | undefined {
  return attemptToRead(file, () => {
    const descriptor = openSync(file, 'r');
    try {
      const parts: Buffer[] = [];
      for (let left = bytesMax; left >= 0; ) {
        const part = Buffer.allocUnsafe(1 << 20);
        const read = readSync(descriptor, part);
        if (read === 0) return Buffer.concat(parts);
        parts.push(part.subarray(0, read));
        left -= read;
      }
      return undefined;
    } finally {
      closeSync(descriptor);
    }
  });
}

function attemptToRead<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${reasonOf(error)}`, 'check the name and the permissions of the file');
  }
}

function attempt<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${reasonOf(error)}`, 'name a file in a folder that you may write to');
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const notAFolder = 'a part of its path is not a folder';
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file or folder', EACCES: 'permission denied', EISDIR: 'it is a folder', ENOTDIR: notAFolder, EEXIST: notAFolder,
    ENOSPC: 'the disk is full', EROFS: 'the file system is read-only',
  };
  return (code !== undefined && reasons[code]) || message;
}
