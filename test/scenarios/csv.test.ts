import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { csvRows } from '../../scenarios/csv.ts';
import { FolderFiles } from '../../scenarios/files.ts';
import { parseScenario } from '../../scenarios/load.ts';
import { calm, scenarioOf } from './scenario-text.ts';

const texts = (csv: string) => [...csvRows(csv)].map((row) => row.fields.map((field) => field.text));

describe('CSV', () => {
  it.each<[string, string[][]]>([
    ['a,b\n1,2\n', [['a', 'b'], ['1', '2']]],
    ['a;b\r\n1,5;2', [['a', 'b'], ['1,5', '2']]],
    ['a\tb\r1\t2', [['a', 'b'], ['1', '2']]],
    ['"a,1";"b\n2"\n"say ""so""";""\n', [['a,1', 'b\n2'], ['say "so"', '']]],
    ['\uFEFFa\n\n1\n   \n2', [['a'], ['1'], ['2']]],
    ['a,b\n,\n1,\n', [['a', 'b'], ['', ''], ['1', '']]],
    ['', []],
  ])('%j is read', (csv, rows) => {
    expect(texts(csv)).toEqual(rows);
  });

  it.each([['a\n"open', 2, 2], ['a\n1\n"x"y', 3, 7]])('%j is refused in its row', (csv, row, at) => {
    expect(() => texts(csv)).toThrow(expect.objectContaining({ name: 'BrokenCsv', row, at }) as Error);
  });

  it('knows where every field stands', () => {
    const csv = 'aa;"b""b"\n1;2';
    const fields = [...csvRows(csv)].flatMap((row) => row.fields);
    expect(fields.map(({ start, end }) => csv.slice(start, end))).toEqual(['aa', '"b""b"', '1', '2']);
  });

  it('reads back what was written, whatever it was', () => {
    const field = fc.string({ unit: fc.constantFrom('a', ' ', ',', ';', '\t', '"', '\n', '\r', 'é') });
    fc.assert(
      fc.property(fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 5 }), (rows) => {
        const all = [['first', 'second'], ...rows];
        const csv = all.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')).join('\n');
        expect(texts(csv)).toEqual(all);
      }),
      { seed: 5, numRuns: 500 },
    );
  });
});

describe('recordings', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'faultline-csv-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const load = (content: string | Uint8Array, arrivals: string, service = '20ms', file = 'r.csv') => {
    writeFileSync(path.join(folder, file), content);
    const text = calm().replace('{ poisson: { rate: 5/s } }', `{ recorded: { file: ${file}, ${arrivals} } }`).replace('20ms', service);
    const scenario = path.join(folder, 'scenario.yaml');
    return parseScenario(text, scenario, { files: new FolderFiles(scenario, []) });
  };
  const refused = (...parameters: Parameters<typeof load>) => {
    const loaded = load(...parameters);
    if (loaded.ok) throw new Error('it should be refused');
    return loaded.problems.map(({ file, line, column, message }) => `${path.basename(file)}:${line}:${column} ${message}`);
  };

  const table = 't,bytes,who,urgent\n0,1.5,7,0\n0.25,2,8,9\n0.25,3,7,255\n';

  it('fill times, sizes, keys and priorities in base units', () => {
    const { arrivals } = scenarioOf(load(table, 'column: t, sizeColumn: bytes, sizeUnit: kB, keyColumn: who, priorityColumn: urgent')).producers.web!;
    expect(arrivals).toMatchObject({ times: [0, 250e6, 250e6], sizes: [1500, 2000, 3000], keys: [7, 8, 7], priorities: [0, 9, 255] });
  });

  it('fill distributions, in the unit that is named', () => {
    const service = '{ mixture: [{ weight: 1, of: { recorded: { file: r.csv, column: bytes, unit: ms } } }, { weight: 2, of: { empirical: { file: r.csv, column: who, unit: us } } }] }';
    const { workers } = scenarioOf(load(table, 'column: t, unit: min', service)).consumers;
    expect(workers!.service).toMatchObject({ parts: [{ of: { values: [1.5e6, 2e6, 3e6] } }, { of: { values: [7000, 8000, 7000] } }] });
  });

  it('may be compressed', () => {
    const { arrivals } = scenarioOf(load(gzipSync(table), 'column: t, unit: ms', '20ms', 'r.csv.gz')).producers.web!;
    expect(arrivals).toMatchObject({ times: [0, 250_000, 250_000] });
  });

  it.each([
    ['t\n0\n1\n0.5\n', 'r.csv:4:1 column "t", row 4 is earlier than the row before'],
    ['t\n-1\n', 'r.csv:2:1 column "t", row 2 is not a number from 0'],
    ['t\n1\n\n0x10\n', 'r.csv:4:1 column "t", row 4 is not a number from 0'],
    ['t\nInfinity\n', 'r.csv:2:1 column "t", row 2 is not a number from 0'],
    ['t\n1e300\n', 'r.csv:2:1 column "t", row 2 is not a number from 0'],
    ['a,t\n1,\n', 'r.csv:2:3 column "t", row 2 is not a number from 0'],
    ['a,t\n1\n', 'r.csv:2:1 row 2 is too short'],
    ['a,t\n1,"2\n', 'r.csv:2:3 a quote that opens in row 2 is not closed as it should be'],
    ['time\n1\n', 'scenario.yaml:6:73 r.csv has no column "t"'],
    ['t\n', 'scenario.yaml:6:58 r.csv has no rows'],
    ['', 'scenario.yaml:6:58 r.csv has no rows'],
    [new Uint8Array([0x74, 0x0a, 0xff]), 'r.csv:2:1 these bytes are not UTF-8'],
  ])('%j is refused where it is wrong', (content, expected) => {
    expect(refused(content, 'column: t')).toEqual([expected]);
  });

  it.each([
    ['keyColumn: bytes', 'r.csv:2:3 column "bytes", row 2 is not a whole number from 0 to 2147483647'],
    ['priorityColumn: t', 'r.csv:3:1 column "t", row 3 is not a whole number from 0 to 255'],
    ['sizeColumn: bytes, sizeUnit: parsec', 'scenario.yaml:6:105 "parsec" is not a unit of this column'],
    ['sizeColumn: bits', 'scenario.yaml:6:88 r.csv has no column "bits"'],
  ])('%s is refused', (arrivals, expected) => {
    expect(refused(table, `column: t, ${arrivals}`)).toEqual([expected]);
  });

  it('that are missing, packed wrongly or outside are told at the name of the file', () => {
    expect(refused('', 'column: t', '{ recorded: { file: s.csv, column: t } }')).toContain('scenario.yaml:8:63 there is no file s.csv');
    expect(refused('no gzip', 'column: t', '20ms', 'r.csv.gz')).toEqual(['scenario.yaml:6:58 r.csv.gz cannot be read']);
    expect(refused(table, 'column: t', '{ recorded: { file: ../s.csv, column: t } }')).toEqual([`scenario.yaml:8:63 ../s.csv is outside the scenario's folder`]);
  });
});
