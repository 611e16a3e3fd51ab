/** The numbers of a run as files, made here from the result that the page carries. */
import type { RunResult } from '../../scenarios/result.ts';
import { distributionCsv, seriesCsv, statisticsCsv } from '../export/csv.ts';

const files: readonly { readonly label: string; readonly name: string; readonly type: string; readonly content: (result: RunResult) => string }[] = [
  { label: 'Series (CSV)', name: 'series.csv', type: 'text/csv', content: seriesCsv },
  { label: 'Statistics (CSV)', name: 'statistics.csv', type: 'text/csv', content: statisticsCsv },
  { label: 'Distributions (CSV)', name: 'distributions.csv', type: 'text/csv', content: distributionCsv },
  { label: 'Result (JSON)', name: 'result.json', type: 'application/json', content: (result) => `${JSON.stringify(result, null, 2)}\n` },
];

export function addDownloads(): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-downloads]')) {
    const data = document.getElementById(place.dataset['downloads']!)!.textContent!;
    const buttons = files.map(({ label, name, type, content }) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = label;
      button.addEventListener('click', () => {
        const result = JSON.parse(data) as RunResult;
        save(`${fileName(result.scenario)}-${result.seed}-${name}`, type, content(result));
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

function fileName(scenario: string): string {
  return scenario.replace(/[^\w.-]+/g, '-').slice(0, 60);
}
