import type { LifecyclePrediction, StateShare } from '../../scenarios/prediction-result.ts';
import { html } from '../html.ts';
import { plural, seconds, share } from '../numbers.ts';
import { figures, type Panel, table, words } from '../panel.ts';
import { agreementMark, agreementNote } from '../prediction-words.ts';

export const lifecycles: Panel = {
  id: 'lifecycles',
  title: 'Life cycles',
  question: 'How much of the time is a component there, and how much of its work can it do, by its Markov chain and as simulated?',
  render(result) {
    return result.lifecycles.map(ofComponent);
  },
};

const columns = [words('State'), words('Agree'), figures('In the long run'), figures('Expected while measured'), figures('Simulated'), figures('99 % interval')];

const meanings = {
  agree: 'what is expected while measured lies in the interval',
  tooFew: 'the state was entered too seldom while measured, or the measured phase is too short, for an interval (–)',
  tooWide: 'the interval is so wide that nearly any share would lie in it',
};

function ofComponent({ of, individuals, states, availability, capacity, meanTimeToFailure }: LifecyclePrediction) {
  const all = [...states, { ...availability, name: 'available: neither down nor paused' }, { ...capacity, name: 'capacity: work done, by that at full speed' }];
  const failure = meanTimeToFailure === null || meanTimeToFailure === 'Infinity' ? '' : ` From its start to its first failure it is ${seconds(meanTimeToFailure)} in the mean.`;
  const note = `Shares of the time. Steady state by elimination without subtraction, the measured phase by uniformisation.${failure} ${agreementNote(all, meanings)}`;
  return table(`${of} (${plural(individuals, 'individual')})`, columns, all.map(row), note);
}

function row({ name, predicted, expected, simulated, interval, agrees }: StateShare) {
  const bounds = interval === null ? '–' : `${share(Math.max(0, interval[0]))} to ${share(interval[1])}`;
  return [html`${name}`, agreementMark(agrees), share(predicted), share(expected), share(simulated), bounds];
}
