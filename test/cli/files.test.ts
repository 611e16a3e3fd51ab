import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AtomicFile, refuseToReplaceOthers, writeFileAtomically } from '../../cli/files.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-files-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('files that commands write', () => {
  it('appear whole, in folders made for them', () => {
    const file = path.join(folder, 'a', 'b', 'report.html');
    const text = 'é'.repeat(2_000_000);
    writeFileAtomically(file, text);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(readdirSync(path.dirname(file))).toEqual(['report.html']);
  });

  it('keep what was there until they are complete', () => {
    const file = path.join(folder, 'trace.ndjson');
    writeFileSync(file, 'before');
    const target = new AtomicFile(file);
    target.write('x'.repeat(3_000_000));
    expect(readFileSync(file, 'utf8')).toBe('before');
    target.discard();
    expect(readFileSync(file, 'utf8')).toBe('before');
    expect(readdirSync(folder)).toEqual(['trace.ndjson']);
  });

  it('say why they cannot be written', () => {
    writeFileSync(path.join(folder, 'plain'), '');
    expect(() => writeFileAtomically(path.join(folder, 'plain', 'report.html'), '')).toThrow(/cannot be written: a part of its path is not a folder/);
    expect(() => writeFileAtomically(folder, '')).toThrow(/cannot be written: it is a folder/);
    expect(readdirSync(folder)).toEqual(['plain']);
    expect(readdirSync(path.dirname(folder)).filter((name) => name.startsWith(`.${path.basename(folder)}`))).toEqual([]);
  });

  it.runIf(existsSync('/proc/self'))('are refused where no folder can be made', () => {
    expect(() => writeFileAtomically('/proc/nowhere/at/all/report.html', '')).toThrow(/cannot be written: there is no such file or folder/);
  });

  it('replace an earlier report, and nothing else', () => {
    const at = (name: string) => path.join(folder, name);
    for (const name of ['old.html', 'scenario.yaml', 'notes']) writeFileSync(at(name), '');
    const kinds = ['.html', '.htm'];
    expect(() => refuseToReplaceOthers(at('old.html'), kinds, [at('scenario.yaml')])).not.toThrow();
    expect(() => refuseToReplaceOthers(at('new.txt'), kinds, [])).not.toThrow();
    expect(() => refuseToReplaceOthers(at('notes'), kinds, [])).toThrow(/exists and does not end in \.html/);
    expect(() => refuseToReplaceOthers(at('old.html'), kinds, [at('old.html')])).toThrow(/read by this command/);
  });
});
