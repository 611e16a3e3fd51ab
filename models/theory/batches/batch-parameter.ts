/** How the law of a batch's size is read. */
import { shown } from '../checks.ts';
import { type Parameter, positive, readParts, type Reading, whole } from '../parameters.ts';
import type { BatchSpec } from './batch-law.ts';

const wanted = 'an object with type (fixed, geometric or pmf) and size, mean (1 or above) or p (probabilities by size, with the sum 1)';

export const batchParameter: Parameter<BatchSpec> = {
  about: 'the number of messages in a batch', wanted, isOptional: false, example: '{type: fixed, size: 3}',
  read(written, at, reading) {
    if (typeof written === 'object' && written !== null && !Array.isArray(written)) {
      const { type, ...fields } = written as Readonly<Record<string, unknown>>;
      if (type === 'fixed') return { type, ...readParts({ size: whole('messages in every batch') }, fields, `${at}.`, reading) };
      if (type === 'geometric') return { type, ...readParts({ mean: positive('the mean, 1 or above', '5') }, fields, `${at}.`, reading) };
      if (type === 'pmf') return { type, ...readParts({ p: probabilities }, fields, `${at}.`, reading) };
    }
    return refused(reading, at, written, wanted);
  },
};

const probabilities: Parameter<Readonly<Record<string, number>>> = {
  about: 'probabilities by size', wanted: 'an object with probabilities by size', isOptional: false, example: '{1: 0.5, 2: 0.3, 4: 0.2}',
  read(written, at, reading) {
    if (typeof written !== 'object' || written === null || Array.isArray(written)) {
      reading.problems.push({ parameter: at, found: shown(written), wanted: probabilities.wanted });
      return {};
    }
    return Object.fromEntries(Object.entries(written as Readonly<Record<string, unknown>>).map(([size, share]) => {
      const found = reading.number(share, 'probability');
      if (found === undefined) reading.problems.push({ parameter: `${at}.${size}`, found: shown(share), wanted: 'a probability from 0 to 1' });
      return [size, found ?? NaN];
    }));
  },
};

function refused(reading: Reading, parameter: string, found: unknown, wantedThere: string): BatchSpec {
  reading.problems.push({ parameter, found: shown(found), wanted: wantedThere });
  return { type: 'fixed', size: 1 };
}
