import { Argument, type Command } from 'commander';
import type { CommandContext } from '../context.ts';
import type { ListKind } from '../lists.ts';

const kinds: readonly ListKind[] = ['scenarios', 'brokers', 'clients', 'faults', 'distributions', 'claims', 'models'];

const about = `List what there is to use in a scenario, the scenarios that come with Faultline,
and the models of queueing theory.

Examples:
  $ faultline list
  $ faultline list faults
  $ faultline list scenarios --json`;

export function addListCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command('list')
    .summary('list scenarios, brokers, clients, faults, distributions, claims or models')
    .description(about)
    .addArgument(new Argument('[kind]', 'what to list; otherwise everything').choices(kinds))
    .option('--json', 'print one JSON object')
    .action(async (kind: ListKind | undefined, { json }: { json?: boolean }) => {
      const { collectLists, formatLists } = await import('../lists.ts');
      const lists = await collectLists(kind === undefined ? kinds : [kind]);
      terminal.print(json ? JSON.stringify({ schema: 'faultline/list@1', ...lists }, undefined, 2) : formatLists(lists, terminal));
    });
}
