// A check has three answers, and only one of them is good.
import { describe, expect, it } from 'vitest';
import { asking, codeOf, lineOf } from '../../src/cli/check.ts';

const good = { name: 'az', found: 'good', says: '2.70.0' } as const;

describe('checks', () => {
  it('end with 0 only if each is good: what could not be read is not', () => {
    expect(codeOf([good, good])).toBe(0);
    expect(codeOf([good, { ...good, found: 'missing' }])).toBe(3);
    expect(codeOf([good, { ...good, found: 'unreadable' }])).toBe(3);
  });

  it('say their answer in words, so that a log without colours has it', () => {
    expect(lineOf(good)).toBe('ok       az: 2.70.0');
    expect(lineOf({ ...good, found: 'missing' })).toContain('MISSING');
    expect(lineOf({ ...good, found: 'unreadable' })).toContain('UNREAD');
  });

  it('that fail were not read', async () => {
    expect(await asking('az', () => Promise.reject(new Error('no az')))).toEqual({
      name: 'az',
      found: 'unreadable',
      says: 'no az',
    });
  });
});
