import { Argument, type Command } from 'commander';
import { completionScript, describeCommands, type Shell, shells } from '../completion.ts';
import type { CommandContext } from '../context.ts';

const about = `Print a script that completes commands, options and their values.

Examples:
  $ source <(faultline completion bash)
  $ faultline completion zsh > "\${fpath[1]}/_faultline"
  $ faultline completion fish > ~/.config/fish/completions/faultline.fish`;

export function addCompletionCommand(program: Command, { terminal }: CommandContext): void {
  program
    .command('completion')
    .summary('print a completion script for a shell')
    .description(about)
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .action(async (shell: Shell) => {
      const { theoryModels } = await import('../../models/theory/index.ts');
      const choices = new Map([['theory', [...theoryModels.keys()]]]);
      terminal.print(completionScript(shell, describeCommands(program, choices)).trimEnd());
    });
}
