/** The command line as a whole: which commands there are, and how each of them can end. */
import { Command, CommanderError } from 'commander';
import { AssertionFailure } from '../sim/assert.ts';
import { addCapacityCommand } from './commands/capacity.ts';
import { addCheckCommand } from './commands/check.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addImportCommand } from './commands/import.ts';
import { addInitCommand } from './commands/init.ts';
import { addIncidentsCommand } from './commands/incidents.ts';
import { addListCommand } from './commands/list.ts';
import { addReportCommand } from './commands/report.ts';
import { addRunCommand } from './commands/run.ts';
import { addSchemaCommand } from './commands/schema.ts';
import { addTheoryCommand } from './commands/theory.ts';
import { addValidateCommand } from './commands/validate.ts';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCode, exitCodeHelp } from './exit-code.ts';
import { packageVersion } from './package.ts';
import { commandLine } from './shell.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export async function runCommandLine(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exitCode.pass;
  const context: CommandContext = { terminal, words, finish: (ended) => (code = ended) };
  try {
    await createProgram(context).parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    return explainFailure(error, words, terminal);
  }
}

const about = `Simulates message queues under load and faults, and judges what they promise.
The same scenario and seed give the same run, everywhere.

Examples:
  $ faultline run scenarios/library/checkout.yaml --report out/checkout.html
  $ faultline run checkout.yaml --set params.load=80/s --seed 7
  $ faultline compare checkout.yaml --try consumers.payments.prefetch=1
  $ faultline check checkout.yaml --runs 1000 --out found
  $ faultline validate *.yaml
  $ faultline explain checkout.yaml --message web.0-17
  $ faultline theory mmc --arrival-rate 900/s --service-time 10ms --p99-wait "<50ms"
  $ faultline capacity checkout.yaml --load 2 --report out/capacity.html
  $ faultline import rabbitmq definitions.json --out shop.yaml
  $ faultline incidents C21
  $ faultline list faults`;

function createProgram(context: CommandContext): Command {
  const program = new Command('faultline');
  const { terminal } = context;
  program
    .description(about)
    .version(packageVersion, '-V, --version', 'print the version')
    // After a command, --version may be an option of its own.
    .enablePositionalOptions()
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .addHelpText('after', `\n${exitCodeHelp}`)
    .configureHelp({ helpWidth: terminal.width })
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.say(text.trimEnd()),
      getOutHasColors: () => terminal.colour,
      getErrHasColors: () => terminal.talkColour,
    })
    .showHelpAfterError('(faultline --help shows what there is)')
    .exitOverride();
  for (const add of [addRunCommand, addCheckCommand, addCompareCommand, addValidateCommand, addListCommand, addSchemaCommand, addExplainCommand, addCapacityCommand, addReportCommand, addTheoryCommand, addImportCommand, addIncidentsCommand, addInitCommand]) add(program, context);
  addCompletionCommand(program, context);
  return program;
}

/** Whatever ends here has not been shown yet, but for what commander says itself. */
function explainFailure(error: unknown, words: readonly string[], terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) {
    if (error.code === 'commander.unknownCommand' && /\.ya?ml$/.test(words[0] ?? '')) terminal.say(`To run a scenario: ${commandLine(['run', ...words])}`);
    return error.exitCode === 0 ? exitCode.pass : exitCode.usage;
  }
  if (error instanceof UsageError) {
    terminal.say(`faultline: ${error.message}\n  hint: ${error.hint}`);
    return exitCode.usage;
  }
  const situation = error instanceof AssertionFailure && error.situation !== '' ? `${error.situation}\n` : '';
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.say(`faultline ${packageVersion} on Node ${process.versions.node} met an error of its own. Please report it with what follows.\n\n${situation}${trace}\n`);
  terminal.say(`To have it again:\n  ${commandLine(words)}`);
  return exitCode.assertion;
}
