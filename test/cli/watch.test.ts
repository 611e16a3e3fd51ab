import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextChange } from '../../cli/watch.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-watch-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('watching', () => {
  it('hears of a saved file, and not of its neighbours', async () => {
    mkdirSync(path.join(folder, 'data'));
    const scenario = path.join(folder, 'a.yaml');
    const recording = path.join(folder, 'data', 'times.csv');
    const change = nextChange([scenario, recording, path.join(folder, 'nowhere', 'b.yaml')]);
    writeFileSync(path.join(folder, 'other.yaml'), 'x');
    writeFileSync(recording, 'x');
    expect(await change).toBe(recording);
  });

  it('hears of a file that an editor renamed into place, and of one that is new', async () => {
    const scenario = path.join(folder, 'a.yaml');
    const change = nextChange([scenario]);
    writeFileSync(path.join(folder, '.a.yaml.swp'), 'x');
    renameSync(path.join(folder, '.a.yaml.swp'), scenario);
    expect(await change).toBe(scenario);
  });
});
