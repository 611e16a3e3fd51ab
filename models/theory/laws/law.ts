/** The laws of service times and of times between arrivals that the theory knows. */
import { ImpossibleParameters } from '../checks.ts';
import { empirical, mixture, shifted } from './composed-laws.ts';
import { balancedHyperexponential, erlang, gamma, hyperexponential } from './gamma-laws.ts';
import { deterministic, triangular, uniform } from './interval-laws.ts';
import { lawParameter } from './law-parameter.ts';
import type { LawSpec } from './law-spec.ts';
import type { Law, LawBody } from './law-form.ts';
import { lognormal } from './lognormal.ts';
import { boundedPareto, pareto } from './pareto-laws.ts';
import { truncatedNormal } from './truncated-normal.ts';
import { weibull } from './weibull.ts';
import { plainNumbers, type Reading } from '../parameters.ts';

/** @throws ImpossibleParameters naming the field, as in `service.mean` when it is called `service` */
export function law(spec: LawSpec, called = 'law'): Law {
  const reading: Reading = { number: plainNumbers, problems: [] };
  const read = lawParameter('a law').read(spec, called, reading);
  if (reading.problems.length > 0) throw new ImpossibleParameters(reading.problems);
  const body = bodyOf(read);
  return { spec: read, ...body, scv: body.variance === Infinity ? Infinity : body.variance / (body.mean * body.mean) };
}

function bodyOf(spec: LawSpec): LawBody {
  switch (spec.type) {
    case 'deterministic': return deterministic(spec);
    case 'exponential': return hyperexponential([{ weight: 1, mean: spec.mean }]);
    case 'erlang': return erlang(spec);
    case 'gamma': return gamma(spec);
    case 'hyperexp2': return hyperexponential([{ weight: spec.p, mean: 1 / spec.rate1 }, { weight: 1 - spec.p, mean: 1 / spec.rate2 }].filter(({ weight }) => weight > 0));
    case 'hyperexp2_balanced': return balancedHyperexponential(spec);
    case 'lognormal': return lognormal(spec);
    case 'weibull': return weibull(spec);
    case 'pareto': return pareto(spec);
    case 'bounded_pareto': return boundedPareto(spec);
    case 'uniform': return uniform(spec);
    case 'triangular': return triangular(spec);
    case 'truncated_normal': return truncatedNormal(spec);
    case 'empirical': return empirical(spec);
    case 'mixture': return mixture(spec.parts.map(({ weight, of }) => ({ weight, of: bodyOf(of) })));
    case 'shifted': return shifted(spec.by, bodyOf(spec.of));
  }
}
