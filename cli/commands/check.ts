import { type Command, Option } from 'commander';
import type { CheckCommandOptions } from '../check-files.ts';
import type { CommandContext } from '../context.ts';
import { addScenarioOptions, readCount, readMilliseconds } from '../options.ts';

const about = `Search for a fault schedule that breaks what a scenario claims, and shrink it.
The scenario's own faults are left out: schedules are drawn from a seed, or, with --exhaustive, every single fault is tried at every
moment of a few messages. What is found is run twice, explained, mended where a setting does that, and kept as an ordinary scenario.

Examples:
  $ faultline check checkout.yaml
  $ faultline check checkout.yaml --runs 2000 --seed 7 --out found
  $ faultline check checkout.yaml --exhaustive
  $ faultline check checkout.yaml --budget 60s --junit junit.xml --github`;

export function addCheckCommand(program: Command, context: CommandContext): void {
  const command = program.command('check').summary('search for a fault schedule that breaks a claim').description(about).argument('<file...>', 'scenario files');
  addScenarioOptions(command)
    .option('--runs <number>', 'schedules to draw (200 unless told)', (text) => readCount(text, 1, 10_000_000, 'a number of schedules is a whole number from 1 to 10 million'))
    .option('--budget <time>', 'stop after that time, as in 60s; what was found until then stands', readMilliseconds)
    .option('--jobs <number>', 'threads (as many as there are processors unless told); they change nothing in what is found', (text) => readCount(text, 1, 1024, 'a number of jobs is a whole number from 1 to 1024'))
    .option('--messages <number>', 'messages of all producers together (60 unless told)', (text) => readCount(text, 1, 100_000, 'a number of messages is a whole number from 1 to 100000'))
    .option('--beyond', 'draw also what no configuration claims to survive: queues that are purged, bits that flip')
    .addOption(new Option('--exhaustive', 'every single fault at every moment of three messages, instead of drawing').conflicts(['runs', 'messages', 'beyond']))
    .addOption(new Option('--pairs', 'with --exhaustive: every pair of them').implies({ exhaustive: true }))
    .option('--out <dir>', 'write what was found as scenarios, with an HTML report each')
    .option('--json', 'print the result as one JSON object')
    .option('--junit <file>', 'write the result as JUnit XML')
    .option('--markdown <file>', 'write a summary as Markdown')
    .option('--github', 'print annotations for GitHub, and add the summary to that of the job')
    .action(async (files: string[], options: CheckCommandOptions) => {
      const { checkFiles } = await import('../check-files.ts');
      context.finish(await checkFiles(files, options, context));
    });
}
