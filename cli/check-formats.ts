/** What a search found, for machines that read test results: JUnit XML, and GitHub's annotations at the scenario's line. */
import { readFileSync } from 'node:fs';
import type { CheckFinding, CheckResult } from '../scenarios/check-result.ts';

export interface Checked {
  readonly file: string;
  readonly result: CheckResult;
  /** Where each finding was written. */
  readonly written: ReadonlyMap<CheckFinding, string>;
}

export function junit(checked: readonly Checked[]): string {
  const suites = checked.map(({ file, result }) => {
    const cases = result.findings.map(({ claim, reason, plan, changed }) => `    <testcase classname="${xml(file)}" name="${xml(claim)}">\n      <failure message="${xml(reason)}">${xml([...plan, ...changed.map((setting) => `with ${setting}`)].join('\n'))}</failure>\n    </testcase>`);
    const passed = result.findings.length === 0 ? [`    <testcase classname="${xml(file)}" name="${xml(result.scenario)}">${result.verdict === 'unknown' ? `<skipped message="${xml(result.reason)}"/>` : ''}</testcase>`] : [];
    const all = [...cases, ...passed];
    return `  <testsuite name="${xml(result.scenario)}" tests="${all.length}" failures="${cases.length}" skipped="${result.verdict === 'unknown' ? 1 : 0}">\n${all.join('\n')}\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="faultline check">\n${suites.join('\n')}\n</testsuites>\n`;
}

export function githubAnnotations(checked: readonly Checked[]): string[] {
  return checked.flatMap(({ file, result }) => {
    const lines = readFileSync(file, 'utf8').split('\n');
    return result.findings.map(({ claim, reason, plan, changed }) => {
      const line = lines.findIndex((text) => new RegExp(`(^|[^\\w-])${claim}([^\\w-]|$)`).test(text) && !text.trimStart().startsWith('#')) + 1;
      return `::error file=${property(file)},line=${Math.max(1, line)},title=${property(claim)}::${data([reason, ...plan, ...changed.map((setting) => `with ${setting}`)].join('\n'))}`;
    });
  });
}

function xml(text: string): string {
  // Characters that XML 1.0 does not know are left out.
  return text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '').replace(/[&<>"]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character]!);
}

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
