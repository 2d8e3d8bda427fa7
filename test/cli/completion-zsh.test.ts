// The completion in zsh: it names every command and option, and a real zsh takes it, where there is one.
import { describe, expect, it } from 'vitest';
import { commandNames } from '../../src/cli/commands.ts';
import { zshScript } from '../../src/cli/completion-zsh.ts';
import { specOf } from '../../src/cli/help.ts';
import { hasShell, linesFrom } from './shells.ts';

describe('completion in zsh', () => {
  it('has every command with what it does, and each of its options', () => {
    const script = zshScript();

    for (const name of commandNames) {
      const line = script.split('\n').find((one) => one.startsWith(`    ${name}) _arguments `)) ?? '';
      expect(script).toContain(`    '${name}:${specOf(name).does}'`);
      for (const option of Object.keys(specOf(name).options)) expect(line).toContain(`--${option}[`);
    }
  });

  it.runIf(hasShell('zsh'))('hands the words and options of a command to zsh', () => {
    const ask = (words: string, at: number): string[] =>
      linesFrom(
        'zsh',
        `compdef() { :; }; _describe() { print -l -- $commands; }; _arguments() { print -l -- "$@"; }
${zshScript()}
words=(${words}); CURRENT=${at}; _pullmedic`,
      );

    expect(ask('pullmedic st', 2)).toContain('status:says in a line how things stand, and lists what needs a person');
    expect(ask('pullmedic kill-switch o', 3)).toContain('1:word:(on off)');
    expect(ask('pullmedic route --severity h', 4).join('\n')).toContain('S:(low medium high critical)');
    expect(ask('pullmedic classify x', 3)).toContain('*:file:_files');
  });
});
