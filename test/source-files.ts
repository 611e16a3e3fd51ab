/** The project's own sources, parsed: what the tests about the house look at. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

export const projectRoot = path.resolve(import.meta.dirname, '..');

const notOurs = new Set(['node_modules', 'dist', 'out', 'coverage', '.git', '.cache']);

/** Paths from the project's root, with forward slashes, sorted. */
export function projectFiles(): string[] {
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(path.join(projectRoot, folder), { withFileTypes: true })) {
      if (notOurs.has(entry.name)) continue;
      const file = path.posix.join(folder, entry.name);
      if (entry.isDirectory()) visit(file);
      else if (entry.isFile()) found.push(file);
    }
  };
  visit('');
  return found.sort();
}

export function isCode(file: string): boolean {
  return /\.(ts|mjs|js)$/.test(file) && !file.endsWith('.d.ts');
}

export function readProjectFile(file: string): string {
  return readFileSync(path.join(projectRoot, file), 'utf8');
}

export function parse(file: string, text = readProjectFile(file)): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
}

export function visitAll(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => visitAll(child, visit));
}

/** `file.ts:12`, for a finding that a person can click on. */
export function place(source: ts.SourceFile, node: ts.Node): string {
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`;
}
