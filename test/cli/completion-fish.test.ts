// The completion in fish: it names every command and option, and a real fish takes it, where there is one.
import { describe, expect, it } from 'vitest';
import { commandNames } from '../../src/cli/commands.ts';
import { fishScript } from '../../src/cli/completion-fish.ts';
import { specOf } from '../../src/cli/help.ts';
import { hasShell, linesFrom } from './shells.ts';

describe('completion in fish', () => {
  it('has every command, and each of its options', () => {
    const lines = fishScript().split('\n');

    for (const name of commandNames) {
      expect(lines.some((line) => line.includes(`-n __fish_use_subcommand -a ${name} -d `))).toBe(true);
      for (const option of Object.keys(specOf(name).options))
        expect(lines.some((line) => line.includes(`from ${name}' -l ${option} `))).toBe(true);
    }
  });

  it.runIf(hasShell('fish'))('offers in fish what the table says', () => {
    const offered = (line: string): string[] =>
      linesFrom('fish', `${fishScript()}\ncomplete -C '${line}'`).map((one) => one.split('\t')[0] ?? '');

    expect(offered('pullmedic st')).toEqual(['status']);
    expect(offered('pullmedic kill-switch o')).toEqual(['off', 'on']);
    expect(offered('pullmedic route --severity h')).toEqual(['high']);
    expect(offered('pullmedic status --w')).toEqual(['--watch']);
  });
});
