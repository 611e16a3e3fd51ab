/** One message's life, by running the seed again: ordinary runs record nothing, because a run can always be had again. */
import type { HistoryLine } from './history.ts';
import { lifeSentence } from './life-sentences.ts';
import type { Explanation, FaultResult, LifeLine, RunResult } from './result.ts';
import { runScenario } from './run.ts';
import type { RunOptions } from './run-options.ts';
import type { Scenario } from './scenario.ts';
import { sojournParts } from './sojourn-parts.ts';

/** The message was not published in this run. */
export class UnknownMessage extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.name = 'UnknownMessage';
    this.hint = hint;
  }
}

/**
 * @param message its name, as in `web.0-17`: the 17th message of producer web.0
 * @throws UnknownMessage
 */
export function explainMessage(scenario: Scenario, message: string, options: Pick<RunOptions, 'maxEvents'> = {}): Explanation {
  const lines: HistoryLine[] = [];
  const result = runScenario(scenario, { ...options, history: (line) => lines.push(line), historyOf: message });
  if (lines.length === 0) throw new UnknownMessage(`no message is called ${message} in this run`, whoPublished(result));
  const broken = brokenBy(result, message);
  return {
    schema: 'faultline/explanation@1',
    scenario: scenario.name,
    seed: scenario.seed,
    message,
    fate: fateOf(lines),
    life: lines.map((line) => lifeLine(line, result.faults)),
    faults: result.faults.filter(({ begin, end }) => begin <= lines[lines.length - 1]!.at && (end === null || end > lines[0]!.at)),
    hitBy: [...new Set(lines.flatMap(({ cause }) => /\((F\d+)\b/.exec(cause ?? '')?.[1] ?? []))],
    broke: broken.map(({ claim, id }) => `${claim} (${id})`),
    broken,
    spent: sojournParts(lines),
  };
}

/** A line of a history, as it is told. */
export function lifeLine(line: HistoryLine, faults: readonly FaultResult[]): LifeLine {
  return {
    at: line.at, event: line.event, what: line.what, text: lifeSentence(line), where: line.from ?? line.worker ?? line.queue ?? '',
    ...(line.queue !== undefined && { queue: line.queue }), ...(line.attempt !== undefined && { attempt: line.attempt }), ...(line.delivery !== undefined && { delivery: line.delivery }), ...(line.cause !== undefined && { cause: line.cause }),
    during: activeFaults(faults, line.at),
  };
}

function whoPublished(result: RunResult): string {
  const names = Object.entries(result.producers).map(([name, { count, published }]) => {
    const who = count === 1 ? `${name}.0` : `${name}.0 to ${name}.${count - 1}`;
    return `${who} published ${published} messages in all`;
  });
  return `messages are named after their producer, as in ${Object.keys(result.producers)[0] ?? 'web'}.0-17; ${names.join('; ') || 'nobody published any'}`;
}

function activeFaults(faults: readonly FaultResult[], at: number): string[] {
  return faults.filter(({ begin, end }) => begin <= at && (end === null || at < end)).map(({ id, label }) => `${id} ${label}`);
}

/** All that it broke, since the run kept what was found of this message. */
function brokenBy({ verdicts, observations }: RunResult, message: string): Explanation['broken'] {
  return [...verdicts, ...observations]
    .flatMap(({ claim, id, witnesses = [] }) => witnesses.filter((witness) => witness.message === message).slice(0, 1).map(({ at, summary }) => ({ claim, id, at, summary })))
    .sort((one, other) => one.at - other.at);
}

/** The end of the story: what settles the question whether it was lost, doubled or still waits. */
function fateOf(lines: readonly HistoryLine[]): string {
  const has = (what: HistoryLine['what']): boolean => lines.some((line) => line.what === what);
  const last = (...whats: HistoryLine['what'][]): HistoryLine | undefined => lines.findLast((line) => whats.includes(line.what));
  const effects = lines.filter((line) => line.what === 'effect' || line.what === 'duplicate-effect').length;
  const promise = has('confirm-received') ? 'It was confirmed' : has('refusal-received') ? 'It was refused' : 'Its publisher never learnt whether it was stored';
  if (effects > 1) return `${promise}, and it took effect ${effects} times.`;
  if (effects === 1) {
    const held = lines.filter((line) => line.what === 'deduplicated').length;
    return `${promise}, and it took effect once${held > 0 ? `; the idempotency store held back ${held} more` : ''}.`;
  }
  const end = last('dropped', 'dead-lettered', 'abandoned', 'publish-lost', 'stored', 'requeued', 'delivered', 'rewound', 'brought-back', 'kept-by-backup');
  switch (end?.what) {
    case 'dropped':
      return `${promise}, and it never took effect: its last copy was dropped (${end.cause}).`;
    case 'abandoned':
      return `It never left its publisher (${end.cause}).`;
    case 'publish-lost':
      return `${promise}; it was never stored (${end.cause}).`;
    case undefined:
      return `${promise}; it was never stored.`;
    default:
      if (has('dead-lettered')) return `${promise}, never took effect, and lies in a dead-letter queue.`;
      return has('acknowledged') ? `${promise}; it was acknowledged, and never took effect.` : `${promise}; at the end of the run it still waited in ${end?.queue}.`;
  }
}
