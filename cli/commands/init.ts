import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';

const about = `Write a scenario, tests of it and a CI job into a folder, to begin with: faultline/queue.yaml, faultline/queue.test.ts,
vitest.config.ts and .github/workflows/faultline.yml. Nothing that is there is replaced.

Examples:
  $ npm install --save-dev faultline vitest && npx faultline init
  $ npx vitest run`;

export function addInitCommand(program: Command, context: CommandContext): void {
  program.command('init').summary('write a scenario, a property test and a CI job to begin with').description(about)
    .argument('[dir]', 'where: this folder unless told')
    .option('--json', 'print one JSON object')
    .action(async (folder: string | undefined, options: { json?: boolean }) => {
      const { init } = await import('../init-folder.ts');
      context.finish(init(folder ?? '.', options, context));
    });
}
