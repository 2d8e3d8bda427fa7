// Members of an answer: the SDK declares their types and does not check them.
import { describe, expect, it } from 'vitest';
import { Unexpected } from '../../../../src/lib/azure/clients/reading.ts';
import { armIdOf, present, principal, requiredId, textOf, textsOf } from '../../../../src/lib/azure/clients/wire.ts';
import { appId } from '../../facts.ts';

const wrong = (value: unknown): string => value as string;

describe('a text', () => {
  it('may be absent, in either spelling', () => {
    expect([textOf('a'), textOf(undefined), textOf(wrong(null))]).toEqual(['a', undefined, undefined]);
  });

  it.each([5, true, {}, []])('that is %j is an unexpected answer', (value) => {
    expect(() => textOf(wrong(value))).toThrow(Unexpected);
  });

  it('in a list must be there', () => {
    expect([textsOf(['a']), textsOf(undefined)]).toEqual([['a'], []]);
    for (const list of [[null], [5], 'a', {}]) expect(() => textsOf(list as unknown as string[])).toThrow(Unexpected);
  });
});

describe('an id', () => {
  it('is read, or absent, or an unexpected answer where one is needed', () => {
    expect([requiredId(appId), armIdOf('ca-orders'), armIdOf(undefined)]).toEqual([appId, undefined, undefined]);
    for (const text of [undefined, '', 'ca-orders']) expect(() => requiredId(text)).toThrow(Unexpected);
  });

  it('of a principal is a GUID', () => {
    expect(principal('A0000000-0000-4000-8000-00000000000A')).toBe('a0000000-0000-4000-8000-00000000000a');
    expect(principal('id-orders')).toBeUndefined();
  });
});

describe('members without a value', () => {
  it('are left out; "no", zero and an empty text are values', () => {
    const members = { a: undefined, b: null as unknown as string, c: false, d: 0, e: '' };

    expect(present<{ a: string; b: string; c: boolean; d: number; e: string }>(members)).toEqual({
      c: false,
      d: 0,
      e: '',
    });
  });
});
