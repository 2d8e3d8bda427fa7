// Causes that hold whatever identity pulls.
import { describe, expect, it } from 'vitest';
import { confirmed, imageCauses, networkCauses, otherPlatforms } from '../../../src/lib/diagnosis/verdict.ts';
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

  it.each<[string, readonly string[] | undefined, boolean]>([
    ['for ARM only', ['linux/arm64'], true],
    ['for Windows only', ['windows/amd64'], true],
    ['for both', ['linux/arm64', 'linux/amd64'], false],
    ['of no known platform', undefined, false],
  ])('an image %s is one for another platform: %s is %s', (_, platforms, expected) => {
    const manifest = known({ state: 'exists' as const, ...(platforms === undefined ? {} : { platforms }) });
    const input = { target, evidence: { ...roleMissing, manifest }, suspicions: [], pulledBefore: false };

    expect(imageCauses(input)).toEqual(expected ? ['platform-mismatch'] : []);
    expect(otherPlatforms(input)).toEqual(expected ? platforms : undefined);
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
