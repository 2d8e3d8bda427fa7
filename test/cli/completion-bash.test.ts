// The completion in bash, in a real bash: what it offers for the words so far.
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { commandNames } from '../../src/cli/commands.ts';
import { bashScript } from '../../src/cli/completion-bash.ts';

/** What bash offers for the last of these words. */
function offered(...words: string[]): string[] {
  const ask = `${bashScript()}
COMP_WORDS=(pullmedic "$@"); COMP_CWORD=$#; _pullmedic; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', ask, 'bash', ...words], { encoding: 'utf8' })
    .split('\n')
    .filter(Boolean);
}

describe('completion in bash', () => {
  it('offers every command, and those that begin so', () => {
    expect(offered('')).toEqual([...commandNames, '--version']);
    expect(offered('inc')).toEqual(['incidents', 'incident']);
  });

  it('offers the options and words of the command, and no others', () => {
    expect(offered('status', '--')).toEqual(['--watch', '--url', '--json', '--help']);
    expect(offered('kill-switch', 'o')).toEqual(['on', 'off']);
    expect(offered('help', 'sta')).toEqual(['status']);
    expect(offered('nothing', '--')).toEqual([]);
  });

  it('offers the values of an option where they are few, and otherwise nothing', () => {
    expect(offered('route', '--severity', 'h')).toEqual(['high']);
    expect(offered('approve', '--why', '')).toEqual([]);
  });

  it('offers files where a command reads one', () => {
    expect(offered('classify', 'packa')).toContain('package.json');
    expect(offered('status', 'packa')).toEqual([]);
  });
});
