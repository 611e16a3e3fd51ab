import { type Command } from 'commander';
import type { CompareOptions } from '../compare-files.ts';
import type { CommandContext } from '../context.ts';
import { addSettingOptions, collect, readEventLimit } from '../options.ts';

const about = `Run the same workload with several settings, or on several brokers, and show what each came to side by side:
a scenario with its variants, several scenarios, or one with other settings tried. With one seed
all are asked the same: producers publish the same messages at the same times.

Examples:
  $ faultline compare checkout.yaml
  $ faultline compare checkout.yaml --variant "as written" --variant quorum
  $ faultline compare checkout.yaml --try consumers.payments.prefetch=1 --try "consumers.payments.count=8; params.load=80/s"
  $ faultline compare classic.yaml quorum.yaml --report out/comparison.html`;

export function addCompareCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('compare')
    .summary('run one workload on several brokers or settings, side by side')
    .description(about)
    .argument('<file...>', 'scenario files');
  addSettingOptions(command)
    .option('--variant <name>', 'compare only this variant and others named so; "as written" is the scenario without one', collect)
    .option('--try <settings>', 'one more column, with these settings changed: path=value, several parted by semicolons; may be given again', collect)
    .option('--report <file>', 'write the comparison as one HTML page, with each run whole')
    .option('--json', 'print the comparison, with all results, as one JSON object')
    .option('--max-events <number>', 'stop each run after so many events, with the verdict unknown (100 million unless told)', readEventLimit)
    .action(async (files: string[], options: CompareOptions) => {
      const { compareFiles } = await import('../compare-files.ts');
      context.finish(await compareFiles(files, options, context));
    });
}
