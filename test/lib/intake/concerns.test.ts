// Which changes concern what waits, as its row says.
import { describe, expect, it } from 'vitest';
import type { WaitsFor } from '../../../src/lib/history/waits-for.ts';
import { canBeFor, canConcern, scopeOfRole } from '../../../src/lib/intake/concerns.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { arm, image, principal, principalId, registryId } from '../facts.ts';

const subscription = '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001';
const role = 'providers/Microsoft.Authorization/roleAssignments/b0000000-0000-4000-8000-00000000000b';
const network = `${subscription}/resourceGroups/rg-network/providers/Microsoft.Network`;

const waits: WaitsFor = {
  image,
  registry: 'acrshop.azurecr.io',
  registryId,
  principalId: principal,
  blind: false,
  confirmed: ['pull-role-missing'],
};

function concerned(resource: string, more: Partial<WaitsFor> = {}): boolean {
  return canConcern({ ...waits, ...more }, { kind: 'change', resource: arm(resource) });
}

describe('a role assignment concerns what waits for a role', () => {
  it.each([
    ['on its registry', `${registryId}/${role}`],
    ['on the group of its registry', `${subscription}/resourceGroups/rg-registry/${role}`],
    ['on the subscription of its registry', `${subscription}/${role}`],
    ['below its registry', `${registryId}/scopeMaps/x/${role}`],
  ])('%s', (_where, resource) => {
    expect(concerned(resource)).toBe(true);
  });

  it.each([
    ['on another registry', `${registryId}2/${role}`],
    ['on another group', `${subscription}/resourceGroups/rg-registry2/${role}`],
    ['on another subscription', `/subscriptions/5f0c1d2e-0000-4000-8000-000000000002/${role}`],
    ['on a storage account', `${subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/a/${role}`],
  ])('and not %s', (_where, resource) => {
    expect(concerned(resource)).toBe(false);
  });

  it('anywhere, where the last look could not read something: the role may let us read it', () => {
    expect(concerned(`${network}/virtualNetworks/v/${role}`, { blind: true })).toBe(true);
    expect(concerned(`${network}/virtualNetworks/v/${role}`)).toBe(false);
  });

  it('anywhere, where the id of the registry is not known', () => {
    const { registryId: _id, ...unknown } = waits;

    expect(canConcern(unknown, { kind: 'change', resource: arm(`${network}/virtualNetworks/v/${role}`) })).toBe(true);
  });

  it('and not where the confirmed causes lie in the network or the image', () => {
    const onIt = `${registryId}/${role}`;

    expect(concerned(onIt, { confirmed: ['private-dns-unlinked'] })).toBe(false);
    expect(concerned(onIt, { confirmed: ['tag-missing'] })).toBe(false);
    expect(concerned(onIt, { confirmed: ['private-dns-unlinked', 'pull-role-missing'] })).toBe(true);
    expect(concerned(onIt, { confirmed: [] })).toBe(true);
  });
});

describe('a change of a network', () => {
  it('concerns every cause: a grant rests on the network too', () => {
    expect(concerned(`${network}/networkSecurityGroups/nsg`)).toBe(true);
    expect(scopeOfRole(arm(`${network}/networkSecurityGroups/nsg`))).toBeUndefined();
  });
});

describe('a role is for the principal that waits', () => {
  const other = principalId('a0000000-0000-4000-8000-00000000000b');

  it.each([
    ['where it has the role', known({ principalId: principal, group: false }), true],
    ['where a group has it', known({ principalId: other, group: true }), true],
    ['where the assignment is gone', known('gone' as const), true],
    ['where the assignment cannot be read', unreadable<never>('forbidden'), true],
    ['and not where another principal has it', known({ principalId: other, group: false }), false],
  ])('%s', (_when, assignee, expected) => {
    expect(canBeFor(waits, assignee)).toBe(expected);
  });

  it('where the principal that waits is not known, or something could not be read', () => {
    const { principalId: _id, ...unknown } = waits;
    const assignee = known({ principalId: other, group: false });

    expect(canBeFor(unknown, assignee)).toBe(true);
    expect(canBeFor({ ...waits, blind: true }, assignee)).toBe(true);
  });
});

describe('an image that was pushed', () => {
  it('concerns those of its repository', () => {
    const pushed = { kind: 'pushed', registry: 'acrshop.azurecr.io', repository: 'shop/orders' } as const;

    expect(canConcern(waits, pushed)).toBe(true);
    expect(canConcern(waits, { ...pushed, repository: 'shop/order' })).toBe(false);
    expect(canConcern(waits, { ...pushed, registry: 'acrother.azurecr.io' })).toBe(false);
  });
});
