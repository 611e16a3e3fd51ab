import { type Command, Option } from 'commander';
import { friendlyOptions } from '../../scenarios/theory/friendly-options.ts';
import { percentileOptions, targetOptions } from '../../scenarios/theory/targets.ts';
import type { TheoryOptions } from '../ask-theory.ts';
import type { CommandContext } from '../context.ts';

const about = `Ask queueing theory: how long messages wait, how many servers are enough, and why.

A model alone prints what it wants and tells. Give its parameters as
key=value, with units or without (then per second and in seconds), or in
plain words by options.

Examples:
  $ faultline theory --list
  $ faultline theory mmc
  $ faultline theory mmc lambda=900/s mu=100/s c=10 p=0.99
  $ faultline theory mmc lambda=900/s --service-time 10ms --p99-wait "<50ms"
  $ faultline theory mmc mu=100/s c=10 --mean-wait "<10ms" --most lambda
  $ faultline theory mmc lambda=900/s mu=100/s c=10..20
  $ faultline theory mmc lambda=500..990/s mu=100/s c=10 --report wait.html`;

export function addTheoryCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('theory')
    .summary('ask queueing theory: waits, servers, limits')
    .description(about)
    .argument('[model]', 'the name of a model, as --list shows them')
    .argument('[key=value...]', 'its parameters; a range as in c=10..20 or lambda=100/s..900/s:9')
    // `--p99.9-wait` and its like have no end; what is none of them is refused by name where they are read.
    .allowUnknownOption()
    .option('--list', 'list the models')
    .option('--json', 'print one JSON object')
    .option('--metrics <names>', 'only these metrics, as in Wq,W_quantile')
    .option('--csv', 'print the points of a range as CSV')
    .option('--report <file>', 'write an HTML page with charts over a range')
    .optionsGroup('Parameters in plain words:');
  for (const { flag, value, about: meaning } of friendlyOptions) command.option(`${flag} <${value}>`, meaning);
  command.optionsGroup('Targets; without servers given, the least number that meets them all is told:');
  for (const { flag, about: meaning } of [...percentileOptions, ...targetOptions]) command.addOption(new Option(`${flag} <limit>`, meaning));
  command
    .option('--least <parameter>', 'look for the least value of a parameter that meets the targets')
    .option('--most <parameter>', 'look for the greatest')
    .action(async (model: string | undefined, words: string[], options: TheoryOptions) => {
      const { askTheoryModel } = await import('../ask-theory.ts');
      context.finish(await askTheoryModel(model, [...words, ...wordsOf(command)], options, context));
    });
}

/** Declared options as the words they were: the question is read as a whole, by the one who knows its model. */
function wordsOf(command: Command): string[] {
  const flags = new Set([...friendlyOptions, ...percentileOptions, ...targetOptions].map(({ flag }) => flag));
  return command.options.filter(({ long }) => flags.has(long!)).flatMap((option) => {
    const given: unknown = command.getOptionValue(option.attributeName());
    return typeof given === 'string' ? [`${option.long}=${given}`] : [];
  });
}
