// What an address may name: one of our verbs, a subject and a version, and nothing that could lead elsewhere.
import { describe, expect, it } from 'vitest';
import { addressOf, readIntent, verbOf, verbs } from '../../../src/lib/answers/verbs.ts';

describe('an intent', () => {
  it.each(verbs)('%s is read back from its address', (verb) => {
    const intent = { verb, subject: `t${'a'.repeat(24)}.12`, shown: 'dead.7.1' };
    const url = new URL(addressOf(intent), 'https://x.example');

    expect(url.origin).toBe('https://x.example');
    expect(
      readIntent(
        url.pathname.split('/').at(-1) ?? '',
        url.searchParams.get('of') ?? '',
        url.searchParams.get('shown') ?? '',
      ),
    ).toEqual(intent);
  });

  it.each(['', '//evil.example', 'a/b', 'a b', 'a?b', 'a\nb', '<b>', 'x'.repeat(101), 'ä'])(
    'has no subject "%s"',
    (subject) => {
      expect(readIntent('approve', subject, '1')).toBeUndefined();
    },
  );

  it.each(['//evil.example', 'a b', '"', 'x'.repeat(101)])('has no version "%s"', (shown) => {
    expect(readIntent('approve', 't1', shown)).toBeUndefined();
  });

  it.each(['', 'Approve', 'delete', 'constructor', '__proto__'])('has no verb "%s"', (verb) => {
    expect(verbOf(verb)).toBeUndefined();
    expect(readIntent(verb, 't1', '1')).toBeUndefined();
  });
});
