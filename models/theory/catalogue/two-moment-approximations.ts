/** Published mean waits from two moments, each under its name. */
import { ggc } from '../ggc.ts';
import { notNegative, optional, quantileOrder, rate, time, timeOrZero, whole } from '../parameters.ts';
import { type Metric, theoryModel } from '../theory-model.ts';
import {
  allenCunneen, cosmetatos, cosmetatosFixed, daleyUpperBound, kimura, kingman, kingmanUpperBound, kraemerLangenbachBelz, leeLongton, marchalLowerBound, sakasegawa, stationOf,
  type TwoMomentStation, whitt1993,
} from '../two-moment-waits.ts';
import { given, meanMetrics, waitMetrics, waitValues } from './station-metrics.ts';

interface Formula {
  readonly about: string;
  readonly wait: (station: TwoMomentStation) => number;
  /** The station that it was made for. */
  readonly fits: (station: TwoMomentStation) => boolean;
}

const always = () => true;
const oneServer = ({ servers }: TwoMomentStation) => servers === 1;
const poissonArrivals = ({ interarrivalScv }: TwoMomentStation) => interarrivalScv === 1;

const formulas = {
  Wq_kingman: { about: 'mean wait by Kingman (one server)', wait: kingman, fits: oneServer },
  Wq_klb: { about: 'mean wait by Krämer and Langenbach-Belz (one server)', wait: kraemerLangenbachBelz, fits: oneServer },
  Wq_kingman_upper_bound: { about: "Kingman's upper bound of the mean wait (one server)", wait: kingmanUpperBound, fits: oneServer },
  Wq_daley_upper_bound: { about: "Daley's upper bound of the mean wait (one server)", wait: daleyUpperBound, fits: oneServer },
  Wq_marchal_lower_bound: { about: "Marchal's lower bound of the mean wait (one server)", wait: marchalLowerBound, fits: oneServer },
  Wq_lee_longton: { about: 'mean wait by Lee and Longton (ca2 = 1)', wait: leeLongton, fits: poissonArrivals },
  Wq_allen_cunneen: { about: 'mean wait by Allen and Cunneen', wait: allenCunneen, fits: always },
  Wq_sakasegawa: { about: 'mean wait by Sakasegawa', wait: sakasegawa, fits: always },
  Wq_cosmetatos: { about: 'mean wait by Cosmetatos (ca2 = 1)', wait: cosmetatos, fits: poissonArrivals },
  Wq_cosmetatos_mdc: { about: 'mean wait of M/D/c by Cosmetatos (ca2 = 1, cs2 = 0)', wait: cosmetatosFixed, fits: (station) => poissonArrivals(station) && station.serviceScv === 0 },
  Wq_kimura: { about: 'mean wait by Kimura (ca2 = 1)', wait: kimura, fits: poissonArrivals },
  Wq_whitt93: { about: 'mean wait by Whitt', wait: whitt1993, fits: always },
} satisfies Record<string, Formula>;

const formulaMetrics = Object.fromEntries(Object.entries(formulas).map(([name, { about }]): [string, Metric] => [name, { about, quantity: 'time' }]));

export const twoMomentModel = theoryModel({
  name: 'ggc_approx', title: 'G/G/c by two moments', family: 'general-service', kind: 'approximation',
  about: 'About how long messages wait when only means and spreads of gaps and services are known.',
  assumptions: [
    'Gaps between arrivals are independent of each other, and so are service times; of either only the mean and the squared coefficient of variation are used.',
    'One line without end, first come first served; nobody gives up.',
    'A formula is left out where it was not made for the station: those for one server, those for Poisson arrivals.',
  ],
  accuracy: 'against exact values: 5 % up to a squared coefficient of variation of 1 from utilisation 0.5 on, 15 % up to 9 from utilisation 0.7 on (Whitt, Krämer & Langenbach-Belz); no meaning where the mean wait is below 1 % of a service; each formula itself 1e-12',
  source: 'Kingman 1962; Krämer & Langenbach-Belz 1976; Lee & Longton 1959; Allen & Cunneen 1978; Sakasegawa 1977; Cosmetatos 1976; Kimura 1986; Whitt 1993',
  parameters: {
    lambda: rate('messages that arrive per second', '90'), meanService: time('the mean service time', '100ms'),
    ca2: notNegative('squared coefficient of variation of the gaps between arrivals, 1 for Poisson', '1'),
    cs2: notNegative('squared coefficient of variation of the service times, 0 where all are equal', '0.5'),
    c: whole('the number of servers', 1, 1_000_000, '10'),
    p: optional(quantileOrder('of the quantile')), t: optional(timeOrZero('of the tail', '50ms')),
  },
  metrics: { ...formulaMetrics, utilization: meanMetrics.utilization, growth_rate: meanMetrics.growth_rate, ...waitMetrics },
  answer({ lambda, meanService, ca2, cs2, c, p, t }) {
    const parameters = { arrivalRate: lambda, interarrivalScv: ca2, meanServiceTime: meanService, serviceScv: cs2, servers: c };
    const station = stationOf(parameters);
    const answer = ggc(parameters);
    const waits = Object.entries(formulas).map(([name, { wait, fits }]) => [name, fits(station) ? (station.spareShare > 0 ? wait(station) : Infinity) : undefined] as const);
    return { ...given(Object.fromEntries(waits)), utilization: answer.utilisation, growth_rate: answer.growthRate, ...waitValues(answer, { p, t }) };
  },
});
