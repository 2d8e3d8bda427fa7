// What a registry's list of consumers says of an identity.
import { describe, expect, it } from 'vitest';
import type { OptedInRegistry } from '../../../src/lib/settings/config.ts';
import { asksWhoSignsIn, optedInRegistry, vouchesFor } from '../../../src/lib/settings/consumers.ts';
import { arm, identityId, registryId } from '../facts.ts';

const group = arm(identityId.slice(0, identityId.indexOf('/providers/')));
const longer = arm(`${registryId}2`);

function opted(id: typeof registryId, ...consumers: (typeof registryId)[]): OptedInRegistry {
  return { id, consumers, grantWhenNetworkUnknown: false };
}

describe('a list of consumers', () => {
  it('vouches for an identity that it names', () => {
    expect(vouchesFor([opted(registryId, group, identityId)], registryId, identityId)).toBe(true);
  });

  it.each([
    ['names its resource group alone', [opted(registryId, group)]],
    ['names an identity whose name begins with this one', [opted(registryId, arm(`${identityId}-two`))]],
    ['is of another registry', [opted(registryId, group), opted(longer, identityId)]],
    ['is empty', [opted(registryId)]],
  ])('does not vouch for an identity where it %s', (_, registries) => {
    expect(vouchesFor(registries, registryId, identityId)).toBe(false);
  });
});

describe('a registry', () => {
  it('is found by its whole id', () => {
    const both = [opted(longer), opted(registryId, group)];

    expect(optedInRegistry(both, registryId)).toBe(both[1]);
    expect(optedInRegistry([opted(longer)], registryId)).toBeUndefined();
  });

  it('that is not opted in asks nothing about an identity, because no grant on it is possible', () => {
    expect(asksWhoSignsIn([], registryId, identityId)).toBe(false);
    expect(asksWhoSignsIn([opted(registryId, group)], registryId, identityId)).toBe(true);
    expect(asksWhoSignsIn([opted(registryId, identityId)], registryId, identityId)).toBe(false);
  });
});
