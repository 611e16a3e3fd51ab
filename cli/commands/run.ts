import { type Command, Option } from 'commander';
import type { CommandContext } from '../context.ts';
import { addScenarioOptions, readEventLimit } from '../options.ts';
import type { RunOptions } from '../run-files.ts';

const about = `Run scenarios: print a summary, and judge what they claim.

Examples:
  $ faultline run checkout.yaml
  $ faultline run checkout.yaml --report out/checkout.html
  $ faultline run checkout.yaml --seed 7 --set consumers.payments.prefetch=1
  $ faultline run scenarios/*.yaml --json > results.json
  $ faultline run checkout.yaml --watch --report out/checkout.html`;

export function addRunCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('run')
    .summary('run scenarios and judge what they claim')
    .description(about)
    .argument('<file...>', 'scenario files');
  addScenarioOptions(command)
    .option('--report <file>', 'write an HTML report, of all the files together')
    .option('--out <dir>', 'write the result (JSON) and the report of each scenario into a folder')
    .option('--json', 'print the result as one JSON object instead of the summary')
    .option('--trace <file>', 'write what happened to each message, one JSON object a line')
    .addOption(new Option('--watch', 'run again whenever a file that a scenario reads is saved').conflicts('json'))
    .option('--quiet', 'print nothing when all is well')
    .option('--max-events <number>', 'stop after so many events, with the verdict unknown (100 million unless told)', readEventLimit)
    .option('--twice', 'run each scenario a second time, and compare')
    .action(async (files: string[], options: RunOptions) => {
      const { runFiles, watchFiles } = await import('../run-files.ts');
      if (options.watch) await watchFiles(files, options, context);
      else context.finish(await runFiles(files, options, context));
    });
}
