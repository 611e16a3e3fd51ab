import { askTheory, findModel } from '../../scenarios/theory/ask.ts';
import type { TheorySweep } from '../../scenarios/theory-result.ts';
import { hostile } from './sample-result.ts';

export function sampleSweep(words: readonly string[] = ['lambda=500..1100/s:13', 'mu=100/s', 'c=10', '--p99-wait=<50ms'], metrics?: string, model = 'mmc'): TheorySweep {
  return askTheory(findModel(model), { words, metrics }, `npx faultline theory ${model} ${words.join(' ')}`).answer as TheorySweep;
}

/** Every text that somebody could have a hand in says something nasty. */
export function hostileSweep(): TheorySweep {
  const sweep = sampleSweep();
  const nasty = (point: TheorySweep['points'][number]) => ({ ...point, metrics: { ...point.metrics, [hostile]: 0.5 }, targets: point.targets.map((target) => ({ ...target, target: hostile })) });
  return {
    ...sweep, title: hostile, about: hostile, source: hostile, accuracy: hostile, assumptions: [hostile], parameters: { ...sweep.parameters, [hostile]: hostile },
    meanings: { ...sweep.meanings, [hostile]: { about: hostile, quantity: 'probability' } }, chosen: [hostile, ...sweep.chosen], points: sweep.points.map(nasty),
    swept: { ...sweep.swept, parameter: hostile }, reproduce: { command: hostile },
  };
}
