/** Typed functions have names in words, models the letters of the field: a complaint names what the asker gave. */
import { ImpossibleParameters } from './checks.ts';
import type { Parameters } from './parameters.ts';

/** For each name in words the letters that stand for it; the first that a model has. */
const letters: Readonly<Record<string, readonly string[]>> = {
  arrivalRate: ['lambda'], serviceRate: ['mu'], servers: ['c'], serviceTime: ['D'], interarrival: ['arrival'], meanServiceTime: ['service', 'meanService'],
  serviceMean: ['service'], serviceSecondMoment: ['service'], externalArrivals: ['gamma'], populations: ['N'], thinkTimes: ['Z'], time: ['t'],
  start: ['p0'], initial: ['p0'], rates: ['Q'], probabilities: ['P'],
};

/** The same complaints, of a model's own parameters as far as they are known. */
export function inFieldNames(error: ImpossibleParameters, parameters: Parameters): ImpossibleParameters {
  return new ImpossibleParameters(error.problems.map((problem) => {
    const [name, ...rest] = problem.parameter.split('.');
    if (Object.hasOwn(parameters, name!) || !Object.hasOwn(letters, name!)) return problem;
    const own = letters[name!]!.find((letter) => Object.hasOwn(parameters, letter)) ?? name!;
    return { ...problem, parameter: [own, ...rest].join('.') };
  }));
}
