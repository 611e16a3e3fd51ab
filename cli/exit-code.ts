/** What the process says to a script when it ends. */
import type { RunResult, Verdict } from '../scenarios/result.ts';

export const exitCode = { pass: 0, fail: 1, unknown: 2, usage: 3, notDeterministic: 4, assertion: 5 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

export const exitCodeHelp = `Exit codes:
  0    every claim proven and every objective met; or nothing was claimed
  1    a claim failed, or an objective was missed
  2    unknown: nothing happened that could have broken a claim, or the run was
       not finished
  3    a bad scenario, or a mistake in the command
  4    the same seed gave two different runs
  5    an assertion inside Faultline failed: please report it
  130  interrupted
  Over several files the first of 5, 4, 3, 1, 2, 0 wins.`;

const byVerdict: Readonly<Record<Verdict, ExitCode>> = { pass: exitCode.pass, fail: exitCode.fail, unknown: exitCode.unknown };

export function exitCodeOf(result: RunResult): ExitCode {
  return byVerdict[result.verdict];
}

const worstFirst: readonly ExitCode[] = [5, 4, 3, 1, 2, 0];

/** The one that speaks for all. */
export function worstOf(codes: readonly ExitCode[]): ExitCode {
  return worstFirst.find((code) => codes.includes(code)) ?? exitCode.pass;
}
