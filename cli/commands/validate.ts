import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { addScenarioOptions, type ScenarioOptions } from '../options.ts';

const about = `Check scenario files without running them, and warn of settings that are probably not meant.

Examples:
  $ faultline validate checkout.yaml
  $ faultline validate scenarios/*.yaml --json`;

export function addValidateCommand(program: Command, context: CommandContext): void {
  const command = program.command('validate').summary('check scenario files without running them').description(about).argument('<file...>', 'scenario files');
  addScenarioOptions(command)
    .option('--json', 'print the problems as one JSON object')
    .action(async (files: string[], options: ScenarioOptions & { json?: boolean }) => {
      const { validateFiles } = await import('../validate-files.ts');
      context.finish(await validateFiles(files, options, context));
    });
}
