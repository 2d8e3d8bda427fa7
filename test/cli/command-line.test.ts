// The way from arguments to a command: it is found, explained or refused in one sentence.
import { describe, expect, it } from 'vitest';
import { commandNames } from '../../src/cli/commands.ts';
import { ran } from './ran.ts';

describe('pullmedic', () => {
  it.each([
    ['without arguments', []],
    ['with --help', ['--help']],
    ['with help', ['help']],
  ])('%s lists every command on a line, in at most 40 lines of 100 characters', async (_how, args) => {
    const { code, out } = await ran(args);
    const lines = out.trimEnd().split('\n');

    expect(code).toBe(0);
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    for (const command of commandNames) expect(out).toMatch(new RegExp(`^  ${command}  +\\S`, 'm'));
  });

  it.each(commandNames)(
    'explains %s by help COMMAND, and by COMMAND --help before anything is asked',
    async (command) => {
      const { code, out } = await ran(['help', command]);

      expect(code).toBe(0);
      expect(out).toContain(`pullmedic ${command}`);
      expect(await ran([command, '--help'])).toEqual({ code: 0, out, error: '' });
    },
  );

  it.each([
    ['an unknown command', ['clasify'], '"clasify" is not a command. Do you mean classify? Try "pullmedic help".'],
    ['one that is like no other', ['xyz'], '"xyz" is not a command. Try "pullmedic help".'],
    ['help of what is not a command', ['help', 'xyz'], '"xyz" is not a command. Try "pullmedic help help".'],
    ['a name that every object has', ['toString'], '"toString" is not a command. Try "pullmedic help".'],
    ['an unknown option', ['status', '--fix'], `Unknown option '--fix'. Try "pullmedic help status".`],
    ['a word that obeys', ['a\u001b[2J\nb'], '"a [2J b" is not a command. Try "pullmedic help".'],
    ['a file that is not there', ['classify', 'no-such-file'], 'there is no such file: no-such-file'],
    ['a directory', ['classify', 'src'], 'that is a directory, not a file.'],
  ])('refuses %s in one sentence', async (_what, args, sentence) => {
    expect(await ran(args)).toEqual({ code: 2, out: '', error: `pullmedic: ${sentence}\n` });
  });
});
