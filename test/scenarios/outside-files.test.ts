import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderFiles } from '../../scenarios/files.ts';

let folder: string;
beforeEach(() => (folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'faultline-outside-')))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a link that leads out of the folder of a scenario', () => {
  it('is refused, and the folder that it needs is named', () => {
    const [inside, outside] = ['inside', 'outside'].map((name) => path.join(folder, name)) as [string, string];
    mkdirSync(inside);
    mkdirSync(outside);
    writeFileSync(path.join(outside, 'base.yaml'), 'faultline: 1\n');
    symlinkSync(path.join(outside, 'base.yaml'), path.join(inside, 'link.yaml'));
    const scenario = path.join(inside, 'scenario.yaml');
    const refused = new FolderFiles(scenario, []).read('link.yaml', scenario, 1000);
    expect(refused).toMatchObject({ ok: false, finding: { found: outside, hint: `allow its folder with --allow-path ${outside}` } });
    expect(new FolderFiles(scenario, [outside]).read('link.yaml', scenario, 1000)).toMatchObject({ ok: true });
  });
});
