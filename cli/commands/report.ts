import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';

const about = `Make the HTML report of a run that was kept as JSON.

Examples:
  $ faultline run checkout.yaml --json > checkout.json
  $ faultline report checkout.json -o checkout.html`;

export function addReportCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command('report')
    .summary('make the HTML report of a kept result')
    .description(about)
    .argument('<result>', 'what run --json printed or run --out wrote')
    .option('-o, --output <file>', 'the HTML file; otherwise beside the result, with the ending .html')
    .action(async (result: string, options: { output?: string }) => {
      const { reportKeptResult } = await import('../kept-result.ts');
      const page = await reportKeptResult(result, options.output);
      terminal.say(`The report is in ${page}`);
    });
}
