import type { ChainFate, ChainTransition, MessageChain } from '../../scenarios/prediction-result.ts';
import { chainSpec } from '../chain-drawing.ts';
import { drawnStates } from '../chain-layout.ts';
import { html } from '../html.ts';
import { count, share, significant } from '../numbers.ts';
import { type Block, type Chart, figures, type Panel, passage, type Table, table, words } from '../panel.ts';
import { agreementMark } from '../prediction-words.ts';

const chainsMax = 6;

export const messageChain: Panel = {
  id: 'message-chain',
  title: 'States of a message',
  question: 'By which ways does a message come to its end, how probable is each, and is that what the settings imply?',
  render({ chains }) {
    const left = chains.length - chainsMax;
    const blocks = chains.slice(0, chainsMax).flatMap((chain, index) => ofQueue(chain, index));
    return left > 0 ? [...blocks, passage(html`<p>The first ${chainsMax} queues are drawn; the other ${left} are in the download.</p>`)] : blocks;
  },
};

function ofQueue(chain: MessageChain, index: number): readonly Block[] {
  return [chart(chain, index), fates(chain)];
}

function chart(chain: MessageChain, index: number): Chart {
  const { queue, transitions, unpredicted } = chain;
  const left = chain.states.length - drawnStates(chain).length;
  const notes = [
    `Probabilities are estimated from the run; ${colours(chain)}.`,
    ...(transitions.some(({ to, predicted }) => to === 'unfinished' && predicted !== null) ? ['Messages that were unfinished at the end are left out where the two are compared.'] : []),
    ...(unpredicted.length > 0 ? [`Not implied: ${unpredicted.join('; ')}.`] : []),
    ...(left > 0 ? [`${left === 1 ? 'One further state is' : `${left} further states are`} in the table.`] : []),
  ];
  return {
    kind: 'chart', id: `chain-${index + 1}`, title: `Messages of ${queue}`, overTime: false, still: chainSpec(chain),
    label: `Markov chain of the states of a message of ${queue}: ${transitions.map(({ from, to, probability }) => `${from} to ${to} ${share(probability)}`).join(', ')}.`,
    note: notes.join(' '),
    table: table(`${queue}: transitions`, [words('From'), words('To'), words('Agree'), figures('Count'), figures('Probability'), figures('99 % interval'), figures('Predicted')], transitions.map(row)),
  };
}

/** What the colours mean, of those that occur. */
function colours({ transitions }: MessageChain): string {
  const said = [
    { is: true, text: 'blue arrows agree with what the settings imply' },
    { is: false, text: 'red arrows differ from what the settings imply by more than chance (99 %)' },
    { is: null, text: 'brown arrows cannot be told: the settings alone imply nothing there, or messages were still under way' },
  ];
  return said.filter(({ is }) => transitions.some(({ agrees }) => agrees === is)).map(({ text }) => text).join('; ');
}

function row({ from, to, agrees, count: seen, probability, interval, predicted }: ChainTransition) {
  const bounds = interval === null ? '–' : `${share(interval[0])} to ${share(interval[1])}`;
  return [from, to, agreementMark(agrees), count(seen), share(probability), bounds, predicted === null ? '–' : share(predicted)];
}

function fates({ queue, fates, meanDeliveries }: MessageChain): Table {
  const known = (value: number | null): string => (value === null ? '–' : share(value));
  const rows = fates.map(({ state, predicted, estimated, observed }: ChainFate) => [state, known(predicted), known(estimated), known(observed)]);
  const mean = (value: number | null): string => (value === null ? '–' : significant(value));
  const deliveries = ['deliveries of a message, in the mean', mean(meanDeliveries.predicted), mean(meanDeliveries.estimated), '–'];
  return table(`${queue}: how it ends`, [words('End'), figures('Predicted'), figures('By the estimated chain'), figures('Counted')], [...rows, deliveries]);
}
