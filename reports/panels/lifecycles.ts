import type { LifecyclePrediction, StateShare } from '../../scenarios/prediction-result.ts';
import { html } from '../html.ts';
import { plural, seconds, share } from '../numbers.ts';
import { figures, type Panel, table, words } from '../panel.ts';
import { agreementMark } from '../prediction-words.ts';

export const lifecycles: Panel = {
  id: 'lifecycles',
  title: 'Life cycles',
  question: 'How much of the time is a component there, and how much of its work can it do, by its Markov chain and as simulated?',
  render(result) {
    return result.lifecycles.map(ofComponent);
  },
};

const columns = [words('State'), words('Agree'), figures('In the long run'), figures('Expected while measured'), figures('Simulated'), figures('99 % interval')];

function ofComponent({ of, individuals, states, availability, capacity, meanTimeToFailure }: LifecyclePrediction) {
  const failure = meanTimeToFailure === null || meanTimeToFailure === 'Infinity' ? '' : ` From its start to its first failure it is ${seconds(meanTimeToFailure)} in the mean.`;
  return table(`${of} (${plural(individuals, 'individual')})`, columns, [...states.map(row), row({ ...availability, name: 'available: neither down nor paused' }), row({ ...capacity, name: 'capacity: work done, by that at full speed' })],
    `Shares of the time. Steady state by elimination without subtraction, the measured phase by uniformisation.${failure}`);
}

function row({ name, predicted, expected, simulated, interval, agrees }: StateShare) {
  const bounds = interval === null ? '–' : `${share(Math.max(0, interval[0]))} to ${share(interval[1])}`;
  return [html`${name}`, agreementMark(agrees), share(predicted), share(expected), share(simulated), bounds];
}
