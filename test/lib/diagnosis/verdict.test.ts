// Causes that hold whatever identity pulls.
import { describe, expect, it } from 'vitest';
import { confirmed, imageCauses, networkCauses } from '../../../src/lib/diagnosis/verdict.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { roleMissing, target } from '../facts.ts';

describe('causes that hold whatever identity pulls', () => {
  it.each([
    ['tag', 'tag-missing'],
    ['repository', 'repository-missing'],
    ['digest', 'digest-missing'],
  ] as const)('an image whose %s the registry lacks is %s', (what, cause) => {
    const evidence = { ...roleMissing, manifest: known({ state: 'missing' as const, what, tags: [] }) };

    expect(imageCauses({ target, evidence, suspicions: [], pulledBefore: false })).toEqual([cause]);
  });

  it('an image that is there, or that could not be asked for, is no cause', () => {
    for (const manifest of [known({ state: 'exists' as const }), unreadable<never>('forbidden')]) {
      const evidence = { ...roleMissing, manifest };
      expect(imageCauses({ target, evidence, suspicions: [], pulledBefore: false })).toEqual([]);
    }
  });

  it('a network is a cause only where it is known to block', () => {
    expect(networkCauses({ answer: 'blocks', cause: 'egress-blocked', detail: {} })).toEqual(['egress-blocked']);
    expect(networkCauses({ answer: 'allows', why: 'public' })).toEqual([]);
    expect(networkCauses({ answer: 'cannot-tell', why: 'custom-dns', detail: {} })).toEqual([]);
  });

  it('that are proved are confirmed, in their order', () => {
    const causes = ['tag-missing', 'egress-blocked'] as const;

    expect(confirmed(...causes)).toEqual({ causes, sure: 'confirmed' });
  });
});
