// A target and the ids of its history: only ids that we made ourselves are read back.
import { describe, expect, it } from 'vitest';
import {
  parseIncidentId,
  parseRemediationId,
  parseTargetId,
  remediationIdOf,
  targetKey,
  targetOf,
} from '../../../src/lib/words/target.ts';
import { appId, target, targetId } from '../facts.ts';

describe('a target', () => {
  it('is one app, one image and one registry', () => {
    expect(target).toEqual({
      appId,
      appName: 'ca-orders',
      image: 'acrshop.azurecr.io/shop/orders:v1',
      registry: 'acrshop.azurecr.io',
    });
  });

  it.each([
    ['nginx', 'docker.io'],
    ['a b c', 'unknown'],
    ['', 'unknown'],
  ])('with the image "%s" has the registry %s', (image, registry) => {
    expect(targetOf(appId, image)).toMatchObject({ image, registry });
  });

  it('has a history of its own for each image', () => {
    expect(targetKey(target)).not.toBe(targetKey(targetOf(appId, 'acrshop.azurecr.io/shop/orders:v2')));
    expect(targetKey(target)).toBe(targetKey(targetOf(appId, target.image)));
  });
});

describe('the id of a remediation', () => {
  it('leads back to its target and its number', () => {
    const id = remediationIdOf(targetId, 12);

    expect(parseRemediationId(id)).toEqual({ id, target: targetId, ordinal: 12 });
  });

  it.each(['', targetId, `${targetId}.0`, `${targetId}.01`, `${targetId}.1 `, `${targetId}.1234567`, `x${targetId}.1`])(
    'is not "%s"',
    (text) => {
      expect(parseRemediationId(text)).toBeUndefined();
    },
  );
});

describe('an id of a history', () => {
  const hex = '0123456789abcdef01234567';

  it('tells a target from an incident', () => {
    expect([parseTargetId(`t${hex}`), parseTargetId(`i${hex}`)]).toEqual([`t${hex}`, undefined]);
    expect([parseIncidentId(`i${hex}`), parseIncidentId(`t${hex}`)]).toEqual([`i${hex}`, undefined]);
  });

  it.each([`t${hex}0`, `t${hex.slice(1)}`, `t${hex.toUpperCase()}`, `t${hex}\n`, '../t'])('is not "%s"', (text) => {
    expect(parseTargetId(text)).toBeUndefined();
  });
});
