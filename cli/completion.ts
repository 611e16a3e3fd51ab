/** Shell completion, written from the program's own description, so that it cannot fall behind. */
import type { Command } from 'commander';

export interface CompletionOption {
  readonly flags: readonly string[];
  readonly takesValue: boolean;
  readonly about: string;
}
export interface CompletionCommand {
  readonly name: string;
  readonly about: string;
  readonly options: readonly CompletionOption[];
  /** Words that its argument may be. */
  readonly choices: readonly string[];
  readonly takesFiles: boolean;
}

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** `choices` are words for the first argument of commands that load them only when they run. */
export function describeCommands(program: Command, choices: ReadonlyMap<string, readonly string[]> = new Map()): CompletionCommand[] {
  return program.commands.map((command) => ({
    name: command.name(),
    about: command.summary() || command.description(),
    options: command.createHelp().visibleOptions(command).map(({ short, long, required, optional, description }) => ({
      flags: [short, long].filter((flag) => flag !== undefined),
      takesValue: required || optional,
      about: description,
    })),
    choices: choices.get(command.name()) ?? command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    takesFiles: !choices.has(command.name()) && command.registeredArguments.some(({ argChoices }) => argChoices === undefined),
  }));
}

export function completionScript(shell: Shell, commands: readonly CompletionCommand[]): string {
  const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
  return scripts[shell](commands);
}

function bashScript(commands: readonly CompletionCommand[]): string {
  const cases = commands.map(({ name, options, choices }) =>
    `    ${name}) options='${options.flatMap(({ flags }) => flags).join(' ')}' choices='${choices.join(' ')}' ;;`);
  return `# faultline completion for bash: source <(faultline completion bash)
_faultline() {
  local word="\${COMP_WORDS[COMP_CWORD]}" options choices
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')} --help --version' -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *) if [ -n "$choices" ]; then COMPREPLY=($(compgen -W "$choices" -- "$word")); fi ;;
  esac
}
complete -o bashdefault -o default -F _faultline faultline
`;
}

function zshScript(commands: readonly CompletionCommand[]): string {
  const escaped = (text: string) => text.replaceAll(`'`, `'\\''`).replaceAll('[', '(').replaceAll(']', ')').replaceAll(':', '\\:');
  const optionWord = ({ flags, takesValue, about }: CompletionOption) =>
    flags.map((flag) => `'*${flag}[${escaped(about)}]${takesValue ? ':value:_files' : ''}'`).join(' ');
  const cases = commands.map(({ name, options, choices, takesFiles }) => {
    const words = choices.length > 0 ? [`'1:what:(${choices.join(' ')})'`] : [];
    const files = takesFiles ? [`'*:file:_files'`] : [];
    return `    ${name}) _arguments ${[...options.map(optionWord), ...words, ...files].join(' ')} ;;`;
  });
  return `#compdef faultline
# faultline completion for zsh: faultline completion zsh > "\${fpath[1]}/_faultline"
_faultline() {
  if (( CURRENT == 2 )); then
    local -a commands=(${commands.map(({ name, about }) => `'${name}:${escaped(about)}'`).join(' ')})
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
# Found through fpath, this file is the function's first call; sourced, it only defines it.
if [ "$funcstack[1]" = _faultline ]; then _faultline "$@"; else compdef _faultline faultline; fi
`;
}

function fishScript(commands: readonly CompletionCommand[]): string {
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll(`'`, `\\'`)}'`;
  const lines = commands.flatMap(({ name, about, options, choices }) => {
    const inside = `complete -c faultline -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c faultline -n __fish_use_subcommand -f -a ${name} -d ${quoted(about)}`,
      ...options.map(({ flags, takesValue, about: meaning }) => {
        const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ');
        return `${inside} ${names}${takesValue ? ' -r' : ''} -d ${quoted(meaning)}`;
      }),
      ...(choices.length > 0 ? [`${inside} -f -a ${quoted(choices.join(' '))}`] : []),
    ];
  });
  return `# faultline completion for fish: faultline completion fish > ~/.config/fish/completions/faultline.fish\n${lines.join('\n')}\n`;
}
