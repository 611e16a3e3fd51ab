/** Where the words go: data on stdout, talk on stderr. */

export interface Terminal {
  /** Colours on stdout, and on stderr. */
  readonly colour: boolean;
  readonly talkColour: boolean;
  readonly width: number;
  /** A person is looking at stderr, so a line there may be drawn over. */
  readonly animated: boolean;
  print(data: string): void;
  say(talk: string): void;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function createTerminal({ stdout, stderr, env }: NodeJS.Process): Terminal {
  const writeData = untilClosed(stdout);
  const writeTalk = untilClosed(stderr);
  return {
    // Where there is no terminal, isTTY and columns are not false and 0, as their types say, but absent.
    colour: wantsColour(env, Boolean(stdout.isTTY)),
    talkColour: wantsColour(env, Boolean(stderr.isTTY)),
    width: stdout.columns > 0 ? stdout.columns : 80,
    animated: Boolean(stderr.isTTY) && !env.CI && env.TERM !== 'dumb',
    print: (data) => writeData(`${data}\n`),
    say: (talk) => writeTalk(`${talk}\n`),
  };
}

/** https://no-color.org and https://force-color.org; otherwise only where a terminal shows it. */
export function wantsColour(env: Environment, isTerminal: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return isTerminal && env.TERM !== 'dumb';
}

/** A reader that has seen enough, such as `head`, closes the pipe: nothing to complain about. */
function untilClosed(stream: NodeJS.WriteStream): (text: string) => void {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closed = true;
  });
  return (text) => {
    if (!closed) stream.write(text);
  };
}
