// What a person wrote, read by the table of commands.
import { describe, expect, it } from 'vitest';
import { argumentsOf } from '../../src/cli/arguments.ts';
import { UsageError } from '../../src/cli/usage-error.ts';

describe('arguments', () => {
  it('are the options and words of the command', () => {
    const raw = ['app:orders', '--json', '--url', 'https://x.example', 'state:open'];
    const { values, words } = argumentsOf('history', raw);

    expect({ ...values }).toEqual({ json: true, url: 'https://x.example' });
    expect(words).toEqual(['app:orders', 'state:open']);
    expect(argumentsOf('diagnose', ['--subscription', 'a', '--subscription', 'b']).values.subscription).toEqual([
      'a',
      'b',
    ]);
  });

  it.each([
    ['status', ['now'], 'status takes options only.'],
    ['show', ['a', 'b'], 'show takes one word beside its options.'],
    ['history', Array<string>(21).fill('a'), 'history takes at most 20 words.'],
    ['status', ['--why', 'x'], "Unknown option '--why'."],
    ['show', ['--url'], "Option '--url <value>' argument missing."],
    ['show', ['--json=yes'], "Option '--json' does not take an argument."],
    ['approve', ['--why', '--json'], "Option '--why' argument is ambiguous."],
  ] as const)('of %s are refused where they are %j', (name, raw, sentence) => {
    expect(() => argumentsOf(name, raw)).toThrow(UsageError);
    expect(() => argumentsOf(name, raw)).toThrow(sentence);
  });
});
