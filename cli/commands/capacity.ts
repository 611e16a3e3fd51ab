import { type Command, InvalidArgumentError } from 'commander';
import { loadsAllowed, outageMin, replicationsAllowed } from '../../scenarios/capacity/options.ts';
import { parseDuration, UnitError } from '../../sim/units.ts';
import type { CapacityOptions } from '../capacity-of-file.ts';
import type { CommandContext } from '../context.ts';
import { addScenarioOptions, readCount } from '../options.ts';

const about = `Say what a system can carry: whether it is enough, until which load, and what gives way then;
how many workers each objective needs; what losing a worker or a node costs. Theory first,
confirmed by simulation.

Examples:
  $ faultline capacity checkout.yaml
  $ faultline capacity checkout.yaml --load 2 --report out/capacity.html
  $ faultline capacity checkout.yaml --outage 5m --replications 20 --json`;

export function addCapacityCommand(program: Command, context: CommandContext): void {
  const command = program.command('capacity').summary('say what a system can carry, and what gives way then').description(about).argument('<file>', 'the scenario file');
  addScenarioOptions(command)
    .option('--report <file>', 'write the capacity report as one HTML page')
    .option('--json', 'print the answer as one JSON object')
    .option('--load <factor>', 'ask for so many times the load that the scenario describes', readFactor)
    .option('--replications <number>', 'runs of each point, with a seed each (10 unless told)', readReplications)
    .option('--outage <duration>', 'length of the outages that are looked at (1m unless told)', readOutage)
    .option('--workers <number>', 'threads to run in (one for each processor unless told); the answer is the same', readWorkers)
    .action(async (file: string, options: CapacityOptions) => {
      const { capacityOfFile } = await import('../capacity-of-file.ts');
      context.finish(await capacityOfFile(file, options, context));
    });
}

function readFactor(text: string): number {
  const value = /^\d+(\.\d+)?x?$/.test(text) ? Number.parseFloat(text) : Number.NaN;
  const { min, max } = loadsAllowed;
  if (!(value >= min && value <= max)) throw new InvalidArgumentError(`a load is a multiple of that of the scenario, from ${min} to ${max}, as in 2 or 1.5.`);
  return value;
}

function readReplications(text: string): number {
  const { min, max } = replicationsAllowed;
  return readCount(text, min, max, `replications are a whole number from ${min} to ${max}: fewer say too little about their own spread`);
}

function readWorkers(text: string): number {
  return readCount(text, 1, 1000, 'workers are a whole number from 1 to 1000');
}

function readOutage(text: string): number {
  try {
    const length = parseDuration(text);
    if (length >= outageMin) return length;
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
  }
  throw new InvalidArgumentError('an outage is a duration of a millisecond or more, as in 30s or 5m.');
}
