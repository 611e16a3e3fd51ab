/**
 * Mean waits from the first two moments of gaps and services. Each function is one published formula; unless it is called a bound
 * it is an approximation.
 */
import { requireNotNegative, requirePositive, requireWhole } from './checks.ts';
import { mmc } from './mmc.ts';
import { productMinus } from './numerics/products.ts';

export interface TwoMoments {
  readonly arrivalRate: number;
  /** Squared coefficient of variation of the times between arrivals: 1 for Poisson arrivals. */
  readonly interarrivalScv: number;
  readonly meanServiceTime: number;
  readonly serviceScv: number;
  readonly servers: number;
}

export interface TwoMomentStation extends TwoMoments {
  readonly utilisation: number;
  /** 1 − ρ; the formulas want it above zero. */
  readonly spareShare: number;
}

/** @throws ImpossibleParameters */
export function stationOf(parameters: TwoMoments): TwoMomentStation {
  const { arrivalRate, meanServiceTime, servers } = parameters;
  requirePositive('arrivalRate', arrivalRate, '1/s');
  requireNotNegative('interarrivalScv', parameters.interarrivalScv);
  requirePositive('meanServiceTime', meanServiceTime, 's');
  requireNotNegative('serviceScv', parameters.serviceScv);
  requireWhole('servers', servers, 1);
  return { ...parameters, utilisation: (arrivalRate * meanServiceTime) / servers, spareShare: -productMinus(arrivalRate, meanServiceTime, servers) / servers };
}

type Wait = (station: TwoMomentStation) => number;

// One server

/** Kingman 1962, in heavy traffic. */
export const kingman: Wait = ({ utilisation, spareShare, meanServiceTime, ...station }) => (utilisation / spareShare) * halfVariability(station) * meanServiceTime;

/** An upper bound: λ(Var A + Var S)/2(1 − ρ), Kingman 1962. */
export const kingmanUpperBound: Wait = ({ utilisation, spareShare, arrivalRate, interarrivalScv, serviceScv }) =>
  (interarrivalScv + utilisation * utilisation * serviceScv) / (2 * arrivalRate * spareShare);

/** A sharper upper bound: Daley 1977. */
export const daleyUpperBound: Wait = ({ utilisation, spareShare, arrivalRate, interarrivalScv, serviceScv }) =>
  (utilisation * (2 - utilisation) * interarrivalScv + utilisation * utilisation * serviceScv) / (2 * arrivalRate * spareShare);

/** A lower bound: Marchal 1978. */
export const marchalLowerBound: Wait = ({ utilisation, spareShare, arrivalRate, serviceScv }) =>
  Math.max(0, (utilisation * utilisation * serviceScv - utilisation * (2 - utilisation)) / (2 * arrivalRate * spareShare));

/** Krämer & Langenbach-Belz 1976, with their factor for either side of ca² = 1. */
export const kraemerLangenbachBelz: Wait = (station) => {
  const { utilisation, spareShare, interarrivalScv: ca2, serviceScv: cs2 } = station;
  if (ca2 + cs2 === 0) return 0;
  const exponent = ca2 <= 1 ? (2 * spareShare * (1 - ca2) * (1 - ca2)) / (3 * utilisation * (ca2 + cs2)) : (spareShare * (ca2 - 1)) / (ca2 + 4 * cs2);
  return kingman(station) * Math.exp(-exponent);
};

// Several servers, from the exact wait of M/M/c

const exponentialWait: Wait = ({ arrivalRate, meanServiceTime, servers }) => mmc({ arrivalRate, serviceRate: 1 / meanServiceTime, servers }).meanWaitingTime;

const halfVariability = ({ interarrivalScv, serviceScv }: Pick<TwoMoments, 'interarrivalScv' | 'serviceScv'>): number => (interarrivalScv + serviceScv) / 2;

/** For Poisson arrivals: Lee & Longton 1959. */
export const leeLongton: Wait = (station) => ((1 + station.serviceScv) / 2) * exponentialWait(station);

/** Allen & Cunneen 1978. */
export const allenCunneen: Wait = (station) => halfVariability(station) * exponentialWait(station);

/** Sakasegawa 1977: without Erlang's formula. */
export const sakasegawa: Wait = (station) => {
  const { utilisation, spareShare, meanServiceTime, servers } = station;
  const delay = Math.exp((Math.sqrt(2 * (servers + 1)) - 1) * Math.log(utilisation));
  return (halfVariability(station) * meanServiceTime * delay) / (servers * spareShare);
};

/** (1 − ρ)(c − 1)(√(4 + 5c) − 2)/16ρc: by how much fixed service differs from half the wait of exponential service. Cosmetatos 1976. */
const excess = ({ utilisation, spareShare, servers: c }: TwoMomentStation): number => (spareShare * (c - 1) * (Math.sqrt(4 + 5 * c) - 2)) / (16 * utilisation * c);

/** For Poisson arrivals and fixed service. */
export const cosmetatosFixed: Wait = (station) => (1 + excess(station)) * 0.5 * exponentialWait(station);

/** For Poisson arrivals: between the waits for exponential and for fixed service. */
export const cosmetatos: Wait = (station) => station.serviceScv * exponentialWait(station) + (1 - station.serviceScv) * cosmetatosFixed(station);

/** For Poisson arrivals: Kimura 1986, with Cosmetatos' wait for fixed service. */
export const kimura: Wait = (station) => {
  const { serviceScv: cs2 } = station;
  return (1 + cs2) / ((1 - cs2) / cosmetatosFixed(station) + (2 * cs2) / exponentialWait(station));
};

/** Whitt, Production and Operations Management 2 (1993) 114, as it stands also for ca² = 0; without any variability nobody waits. */
export const whitt1993: Wait = (station) => {
  const { interarrivalScv: ca2, serviceScv: cs2, utilisation, spareShare } = station;
  if (ca2 + cs2 === 0) return 0;
  const gamma = Math.min(0.24, excess(station));
  const phi1 = 1 + gamma;
  const phi3 = (1 - 4 * gamma) * Math.exp((-2 * spareShare) / (3 * utilisation));
  const phi4 = Math.min(1, (phi1 + phi3) / 2);
  const z = halfVariability(station);
  const psi = z >= 1 ? 1 : Math.exp(2 * (1 - z) * Math.log(phi4));
  const phi = ca2 >= cs2
    ? ((4 * (ca2 - cs2)) / (4 * ca2 - 3 * cs2)) * phi1 + (cs2 / (4 * ca2 - 3 * cs2)) * psi
    : ((cs2 - ca2) / (2 * (ca2 + cs2))) * phi3 + ((cs2 + 3 * ca2) / (2 * (ca2 + cs2))) * psi;
  return phi * z * exponentialWait(station);
};
