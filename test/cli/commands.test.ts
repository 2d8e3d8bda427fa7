// The table of commands: each entry is whole, and its examples are commands that the command line takes.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { argumentsOf } from '../../src/cli/arguments.ts';
import { type CommandName, commandNames, isCommand } from '../../src/cli/commands.ts';
import { specOf } from '../../src/cli/help.ts';

/** The words of an example as a shell splits them. What follows `<` is standard input. */
function wordsOf(example: string): string[] {
  return [...example.replace(/ <.*/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? '');
}

describe('a command of the table', () => {
  it.each(commandNames)('%s says in one line what it does, and has an example and its exit codes', (name) => {
    const { does, examples, exits, explains } = specOf(name);

    expect(does.length).toBeLessThanOrEqual(75);
    expect(does).toMatch(/^[a-z][^.]*$/);
    expect(explains.join(' ')).toMatch(/\.$/);
    expect(examples.length).toBeGreaterThan(0);
    expect(Object.keys(exits)).toEqual(expect.arrayContaining(['0', '2']));
  });

  it.each(commandNames.flatMap((name) => specOf(name).examples.map((example) => [name, example] as const)))(
    '%s takes the example %s',
    (name: CommandName, example: string) => {
      const [first = '', ...rest] = wordsOf(example);

      expect(first).toBe(name);
      expect(() => argumentsOf(name, rest)).not.toThrow();
    },
  );

  it.each(commandNames)('%s describes each option, and names the value of those that have one', (name) => {
    for (const [option, { type, takes, says }] of Object.entries(specOf(name).options)) {
      expect([option, takes === undefined]).toEqual([option, type === 'boolean']);
      expect(says).toMatch(/^(?!.*\.$)\S/);
    }
  });

  it('explains itself, and what asks an app takes an address and prints JSON', () => {
    for (const name of commandNames) {
      const { needs, options } = specOf(name);
      expect(Object.keys(options)).toContain('help');
      const ofApp = needs === 'app' ? ['url', 'json'] : [];
      expect(Object.keys(options)).toEqual(expect.arrayContaining(ofApp));
    }
  });

  it('runs: no other word is a command', () => {
    const runs = readFileSync('src/cli/command-line.ts', 'utf8');

    for (const name of commandNames) expect(runs).toMatch(new RegExp(`^  '?${name}'?: async \\(\\) =>`, 'm'));
    expect(['status', 'constructor', ''].map(isCommand)).toEqual([true, false, false]);
  });
});
