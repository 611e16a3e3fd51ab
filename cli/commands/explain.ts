import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { addScenarioOptions } from '../options.ts';
import type { ExplainOptions } from '../explain-message.ts';

const about = `Tell the life of one message, by running the scenario again with its seed.
Reports and summaries name messages, as in web.0-17: the 17th of the producer web.0.

Examples:
  $ faultline explain checkout.yaml --message web.0-17
  $ faultline explain checkout.yaml --seed 7 --message web.2-1031 --json
  $ faultline explain checkout.yaml --message web.0-17 --report out/web.0-17.html`;

export function addExplainCommand(program: Command, context: CommandContext): void {
  const command = program.command('explain').summary('tell the life of one message').description(about).argument('<file>', 'the scenario file');
  addScenarioOptions(command)
    .requiredOption('--message <id>', 'the message')
    .option('--report <file>', 'write it as an HTML page, with a picture')
    .option('--json', 'print it as one JSON object')
    .action(async (file: string, options: ExplainOptions) => {
      const { explainFromFile } = await import('../explain-message.ts');
      context.finish(await explainFromFile(file, options, context));
    });
}
