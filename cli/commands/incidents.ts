import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { readCount } from '../options.ts';
import type { IncidentOptions } from '../play-incidents.ts';

const about = `Published failures of message systems, rebuilt: how each broke, with the figures that were published or that follow by arithmetic,
and what mends it at what price. Without a name they are listed.

Examples:
  $ faultline incidents
  $ faultline incidents C21
  $ faultline incidents --all --json
  $ faultline incidents C08 C29 --search`;

export function addIncidentsCommand(program: Command, context: CommandContext): void {
  program.command('incidents').summary('list published failures, and play them').description(about)
    .argument('[id...]', 'which: a number as in C21, or the name of its scenario')
    .option('--all', 'all of them')
    .option('--search', 'have check look for each, from its configuration without its faults, and print what it took')
    .option('--runs <number>', 'with --search: schedules to draw for each (200 unless told)', (text) => readCount(text, 1, 1_000_000, 'a number of schedules is a whole number from 1 to 1 million'))
    .option('--json', 'print one JSON object')
    .action(async (ids: string[], options: IncidentOptions) => {
      const { incidents } = await import('../play-incidents.ts');
      context.finish(await incidents(ids, options, context));
    });
}
