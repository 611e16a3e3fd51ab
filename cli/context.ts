import type { ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

/** What a command needs from around it. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** The command as it was given, for whoever wants to give it again. */
  readonly words: readonly string[];
  finish(code: ExitCode): void;
}
