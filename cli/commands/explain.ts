import { type Command, InvalidArgumentError } from 'commander';
import { parseDuration, UnitError } from '../../sim/units.ts';
import type { CommandContext } from '../context.ts';
import { addScenarioOptions } from '../options.ts';
import type { ExplainOptions } from '../explain-message.ts';

const about = `Tell the life of one message, or all that happened within a time, by running the scenario again with its seed.
Reports and summaries name messages, as in web.0-17: the 17th of the producer web.0.

Examples:
  $ faultline explain checkout.yaml --message web.0-17
  $ faultline explain checkout.yaml --seed 7 --message web.2-1031 --json
  $ faultline explain checkout.yaml --message web.0-17 --report out/web.0-17.html
  $ faultline explain checkout.yaml --window 30s..30.5s`;

export function addExplainCommand(program: Command, context: CommandContext): void {
  const command = program.command('explain').summary('tell the life of one message').description(about).argument('<file>', 'the scenario file');
  addScenarioOptions(command)
    .option('--message <id>', 'the message')
    .option('--window <from..to>', 'instead of a message: all that happened from one instant to another', parseWindow)
    .option('--report <file>', 'write it as an HTML page, with a picture')
    .option('--json', 'print it as one JSON object')
    .action(async (file: string, options: ExplainOptions) => {
      const { explainFromFile } = await import('../explain-message.ts');
      context.finish(await explainFromFile(file, options, context));
    });
}

/** `30s..31.5s`, as instants in simulated seconds. */
function parseWindow(text: string): readonly [number, number] {
  const instants = text.split('..').map((each) => secondsOf(each));
  const [from, to, ...more] = instants;
  if (from === undefined || to === undefined || more.length > 0 || !(from < to)) throw new InvalidArgumentError('a window goes from one instant to a later one, as in 30s..31.5s.');
  return [from, to];
}

function secondsOf(text: string): number {
  try {
    return parseDuration(text) / 1e9;
  } catch (error) {
    if (error instanceof UnitError) return Number.NaN;
    throw error;
  }
}
