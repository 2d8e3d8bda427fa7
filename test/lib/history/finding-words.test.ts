import { describe, expect, it } from 'vitest';
import { findingWords, sayFinding, shortName } from '../../../src/lib/history/finding-words.ts';
import { registryId } from '../facts.ts';

describe('the sentence of a finding', () => {
  it('is of its own for each finding: two that mean different things read differently', () => {
    const sentences = Object.values(findingWords);

    expect(sentences).toEqual([...new Set(sentences)]);
    expect(sentences.filter((sentence) => !/^[A-Z].*[^.]$/.test(sentence))).toEqual([]);
  });

  it('ends with the values that it speaks of, resources by their own names', () => {
    expect(sayFinding({ code: 'denied', detail: {} })).toBe(
      'A deny assignment forbids the pull, whatever the roles say',
    );
    expect(sayFinding({ code: 'role-elsewhere', detail: { registry: registryId, by: 'id-orders' } })).toBe(
      'Another principal holds such a role, or this identity holds it on another registry (registry: acrshop; by: id-orders)',
    );
  });

  it('shortens only what is the id of a resource', () => {
    expect(shortName(registryId)).toBe('acrshop');
    expect(shortName('shop/orders')).toBe('shop/orders');
  });
});
