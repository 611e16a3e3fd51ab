/** The result for a terminal: the verdict first, the way to have it again last. */
import picocolors from 'picocolors';
import type { Prediction } from '../scenarios/prediction-result.ts';
import type { AlarmResult, ClaimVerdict, FaultResult, GroupResult, ObjectiveResult, RecoveryResult, RefusalResult, RunResult, Verdict } from '../scenarios/result.ts';
import { instant, plural, quantity, rate, seconds, share } from './numbers.ts';
import { isClose, marginText } from './objective-text.ts';
import { agreementSign, predictionSentence } from './prediction-words.ts';
import { type Item, printedItems, section } from './paragraphs.ts';
import { readable } from './readable.ts';
import { recoverySentence } from './recovery-words.ts';
import { faultName, ledgerLine, refusalReason, verdictSentence, verdictSymbol, violationsText, locationText } from './verdict-words.ts';

/** Faults, alarms and refusals that are listed. */
const listedMax = 12;

export function summarise(result: RunResult, options: { colour: boolean; width: number }): string {
  const shown = readable(result);
  const items: readonly Item[] = [
    ...head(shown),
    ...section('Claims', shown.verdicts.flatMap(claimItems)),
    ...section('Broken without having been claimed', shown.observations.flatMap(claimItems)),
    ...section('Objectives', shown.objectives.map(objectiveItem)),
    ...section('Groups', Object.entries(shown.groups).map(groupItem)),
    ...section('Theory', shown.predictions.map(predictionItem)),
    ...section('Faults', limited(shown.faults.map(faultItem))),
    ...section('Recoveries', limited(shown.recoveries.map(recoveryItem))),
    ...section('Alarms', limited(shown.alarms.map(alarmItem))),
    ...section('Refused', limited(shown.refusals.map(refusalItem))),
    ...section('Ledger', [{ indent: 2, text: ledgerLine(shown) }]),
    ...section('Warnings', shown.warnings.map((warning) => ({ indent: 2, mark: '!', text: `! ${warning}`, look: 'unknown' }) as const)),
    { indent: 0, text: '' },
    { indent: 0, text: `fingerprint ${shown.fingerprint}`, look: 'dim' },
  ];
  const colours = picocolors.createColors(options.colour);
  // The command stays on one line, however long, so that it can be copied.
  return `${printedItems(items, options)}\nreproduce: ${colours.cyan(shown.reproduce.command)}\n`;
}

function head(result: RunResult): readonly Item[] {
  const word = `${verdictSymbol[result.verdict]} ${result.verdict.toUpperCase()}`;
  return [
    { indent: 0, text: `${word} ${result.scenario}${result.reproduce.variant === undefined ? '' : `, ${result.reproduce.variant}`}`, mark: word, look: result.verdict },
    { indent: 0, text: verdictSentence(result) },
    { indent: 0, text: `${instant(result.simulatedSeconds)} simulated, ${plural(result.events, 'event')}, seed ${result.seed}`, look: 'dim' },
  ];
}

function claimItems(claim: ClaimVerdict): readonly Item[] {
  const mark = verdictSymbol[claim.verdict];
  const why = [claim.reason ?? '', violationsText(claim), locationText(claim)].filter((part) => part !== '').join('; ');
  const item: Item = { indent: 2, text: `${mark} ${claim.claim}${why === '' ? '' : `: ${why}`}`, mark, look: claim.verdict };
  const { witness } = claim;
  return witness === undefined ? [item] : [item, { indent: 4, text: `witness ${witness.message} at ${instant(witness.at)}: ${witness.summary}` }];
}

function objectiveItem(objective: ObjectiveResult): Item {
  const verdict: Verdict = objective.met === null ? 'unknown' : objective.met ? 'pass' : 'fail';
  const mark = verdictSymbol[verdict];
  const margin = objective.met === null ? '' : `, margin ${marginText(objective)}`;
  const close = isClose(objective) ? ', close: its interval reaches past the limit' : '';
  return { indent: 2, text: `${mark} ${objective.objective}: ${quantity(objective.value, objective.unit)}${margin}${close}`, mark, look: verdict };
}

function groupItem([name, group]: readonly [string, GroupResult]): Item {
  const { p50, p99, max } = group.latency.sojourn;
  return { indent: 2, text: `${name}: ${rate(group.throughput)}, ${share(group.utilisation)} busy, sojourn p50 ${seconds(p50)}, p99 ${seconds(p99)}, max ${seconds(max)}` };
}

function predictionItem(prediction: Prediction): Item {
  const { sign, look } = agreementSign(prediction);
  return { indent: 2, text: `${sign} ${prediction.of}: ${predictionSentence(prediction)}`, mark: sign, look };
}

function limited(items: readonly Item[]): readonly Item[] {
  const more = items.length - listedMax;
  return [...items.slice(0, listedMax), ...(more > 0 ? [{ indent: 2, text: `and ${more} more` }] : [])];
}

function recoveryItem(recovery: RecoveryResult): Item {
  return { indent: 2, text: `${recovery.fault} ${recovery.broker}: ${recoverySentence(recovery)}`, mark: recovery.fault, look: 'bold' };
}

function alarmItem(alarm: AlarmResult): Item {
  return { indent: 2, text: `${alarm.resource} of ${alarm.node}, ${span(alarm)}: ${plural(alarm.connectionsBlocked, 'connection')} blocked`, mark: alarm.resource, look: 'bold' };
}

function refusalItem(refusal: RefusalResult): Item {
  const { broker, user, first, last } = refusal;
  return { indent: 2, text: `${user} of ${broker} could not ${refusal.what}, ${plural(refusal.count, 'time')}, ${first === last ? `at ${instant(first)}` : `${instant(first)} to ${instant(last)}`}: ${refusalReason(refusal)}`, mark: user, look: 'bold' };
}

const span = ({ begin, end }: AlarmResult | FaultResult): string => (end === null ? `from ${instant(begin)} on` : `${instant(begin)} to ${instant(end)}`);

function faultItem(fault: FaultResult): Item {
  const effect = fault.effect === '' ? 'changed nothing' : fault.effect;
  return { indent: 2, text: `${faultName(fault)}, ${span(fault)}: ${effect}`, mark: fault.id, look: 'bold' };
}
