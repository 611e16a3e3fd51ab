/** The distribution of waiting and sojourn times before one server with Poisson arrivals, by the kind of its service law. */
import { exponentialMixtureWait } from './exponential-mixture-wait.ts';
import { generalWait } from './general-wait.ts';
import { phaseWait } from './phase-wait.ts';
import type { Server, WaitingLaw } from './server.ts';

export function waitingLaw(server: Server): WaitingLaw {
  const { phases } = server.service;
  if (phases === undefined) return generalWait(server);
  const isMixture = phases.generator.every((row, from) => row.every((rate, to) => rate === 0 || from === to));
  return isMixture ? exponentialMixtureWait(server, phases) : (phaseWait(server, phases) ?? generalWait(server));
}
