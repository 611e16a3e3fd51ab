/** The numbers of a page as files, made here from the result that it carries. */
import type { RunResult } from '../../scenarios/result.ts';
import type { TheorySweep } from '../../scenarios/theory-result.ts';
import { distributionCsv, seriesCsv, statisticsCsv } from '../export/csv.ts';
import { sweepCsv } from '../export/sweep-csv.ts';

interface Download<Result> {
  readonly label: string;
  readonly name: string;
  readonly type: string;
  readonly content: (result: Result) => string;
}

const runFiles: readonly Download<RunResult>[] = [
  { label: 'Series (CSV)', name: 'series.csv', type: 'text/csv', content: seriesCsv },
  { label: 'Statistics (CSV)', name: 'statistics.csv', type: 'text/csv', content: statisticsCsv },
  { label: 'Distributions (CSV)', name: 'distributions.csv', type: 'text/csv', content: distributionCsv },
  { label: 'Result (JSON)', name: 'result.json', type: 'application/json', content: (result) => `${JSON.stringify(result, null, 2)}\n` },
];

const sweepFiles: readonly Download<TheorySweep>[] = [
  { label: 'Points (CSV)', name: 'points.csv', type: 'text/csv', content: sweepCsv },
  { label: 'Answer (JSON)', name: 'answer.json', type: 'application/json', content: (sweep) => `${JSON.stringify(sweep, null, 2)}\n` },
];

export function addDownloads(): void {
  addButtons<RunResult>('downloads', runFiles, ({ scenario, seed }) => `${fileName(scenario)}-${seed}`);
  addButtons<TheorySweep>('sweepDownloads', sweepFiles, ({ model, swept }) => fileName(`${model}-${swept.parameter}`));
}

/** Wherever the page names its data so. They are read when a button is pressed, since few are. */
function addButtons<Result>(key: 'downloads' | 'sweepDownloads', files: readonly Download<Result>[], stem: (result: Result) => string): void {
  for (const place of document.querySelectorAll<HTMLElement>(key === 'downloads' ? '[data-downloads]' : '[data-sweep-downloads]')) {
    const data = document.getElementById(place.dataset[key]!)!.textContent!;
    const buttons = files.map(({ label, name, type, content }) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = label;
      button.addEventListener('click', () => {
        const result = JSON.parse(data) as Result;
        save(`${stem(result)}-${name}`, type, content(result));
      });
      return button;
    });
    place.replaceChildren(...buttons);
  }
}

/** Data that the page carries, as one file of JSON. */
export function addJsonDownloads(): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-json-download]')) {
    const data = document.getElementById(place.dataset['jsonDownload']!)!.textContent!;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Result (JSON)';
    button.addEventListener('click', () => save(fileName(place.dataset['fileName']!), 'application/json', `${JSON.stringify(JSON.parse(data), null, 2)}\n`));
    place.replaceChildren(button);
  }
}

function save(name: string, type: string, content: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function fileName(text: string): string {
  return text.replace(/[^\w.-]+/g, '-').slice(0, 60);
}
