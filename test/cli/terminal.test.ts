import { describe, expect, it } from 'vitest';
import { commandLine } from '../../cli/shell.ts';
import { wantsColour } from '../../cli/terminal.ts';

describe('colour', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ CI: '1' }, false, false],
    [{ TERM: 'dumb' }, true, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
  ])('with %o and a terminal %s: %s', (env, terminal, wanted) => {
    expect(wantsColour(env, terminal)).toBe(wanted);
  });
});

describe('a command line to paste', () => {
  it('quotes what a shell would take apart', () => {
    expect(commandLine(['run', 'my file.yaml', '--set', 'params.load=80/s', '--set', `name=it's $HOME`])).toBe(
      `npx faultline run 'my file.yaml' --set params.load=80/s --set 'name=it'\\''s $HOME'`,
    );
  });
});
