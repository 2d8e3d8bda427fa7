// What a question is about: each kind is told from the others.
import { describe, expect, it } from 'vitest';
import { type Asked, askedIn, sameAsked } from '../../../src/lib/history/asked.ts';
import { acrPull, principal, registryId } from '../facts.ts';

const grant = { registryId, principalId: principal, roleId: acrPull };

describe('what a question is about', () => {
  const all: Asked[] = [{ grant }, { restart: 'a' }, { restart: 'b' }, { newRevision: 'a' }, { newRevision: 'b' }];

  it('is the same only as itself', () => {
    for (const [at, one] of all.entries())
      for (const [other, two] of all.entries()) expect(sameAsked(one, two)).toBe(at === other);
  });

  it('is told from the decision that asks', () => {
    for (const about of all) expect(askedIn(Object.assign({ do: 'ask' }, about))).toEqual(about);
  });
});
