import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionAllows, pullAccess, repositoryCondition, repositoryReaderRole } from '../../src/lib/access.ts';
import { known } from '../../src/lib/fact.ts';
import { acrPull, assignment, minute, principal, registry } from './facts.ts';

const abac = { ...registry, roleMode: 'abac' as const };
const reader = {
  roleId: repositoryReaderRole,
  permissions: known([
    {
      actions: [],
      notActions: [],
      dataActions: ['Microsoft.ContainerRegistry/registries/repositories/content/read'],
      notDataActions: [],
    },
  ]),
};

function access(condition: string | undefined, repository = 'shop/orders') {
  const held = assignment(minute, { ...reader, ...(condition === undefined ? {} : { condition }) });
  return pullAccess(known([held]), abac, principal, repository);
}

const name = '@Request[Microsoft.ContainerRegistry/registries/repositories:name]';
const read = "!(ActionMatches{'Microsoft.ContainerRegistry/registries/repositories/content/read'})";

describe('a role with a condition', () => {
  it('that we would write lets its own repository be pulled, and no other', () => {
    expect(access(repositoryCondition('shop/orders')).answer).toBe('can');
    expect(access(repositoryCondition('shop/orders'), 'shop/other')).toMatchObject({ answer: 'cannot' });
    expect(access(repositoryCondition('shop/orders'), 'shop/other')).toHaveProperty('excluded');
  });

  it.each([
    [`((${read}) OR (${name} StringStartsWith 'shop/'))`, 'shop/orders', true],
    [`((${read}) OR (${name} StringStartsWith 'shop/'))`, 'Shop/orders', false],
    [`((${read}) OR (${name} StringStartsWithIgnoreCase 'SHOP/'))`, 'shop/orders', true],
    [`((${read}) OR (${name} StringEquals 'a' OR ${name} StringEquals 'b'))`, 'b', true],
    [`(\n (\n  ${read}\n )\n OR \n (\n  ${name} StringEqualsIgnoreCase 'A'\n )\n)`, 'a', true],
  ])('%s for %s: %s', (condition, repository, allowed) => {
    expect(conditionAllows(condition, repository)).toBe(allowed);
  });

  it.each([
    '',
    'true',
    `((${read}) OR (${name} StringNotEquals 'shop/orders'))`,
    `((${read}) OR (${name} StringEquals 'a')) OR (true)`,
    `((${read}) OR (@Principal[x] StringEquals 'shop/orders'))`,
  ])('%s is not understood, and so nobody can tell', (condition) => {
    expect(conditionAllows(condition, 'shop/orders')).toBeUndefined();
  });

  it('that is not understood is never taken for a right', () => {
    fc.assert(fc.property(fc.string(), (condition) => conditionAllows(condition, 'shop/orders') !== true));
  });

  it('says nothing where another assignment has none', () => {
    const both = [assignment(minute, { ...reader, condition: 'x' }), assignment(minute, reader)];

    expect(pullAccess(known(both), abac, principal, 'shop/orders').answer).toBe('can');
  });

  it('AcrPull counts for nothing on a registry with repository permissions', () => {
    expect(pullAccess(known([assignment(minute, { roleId: acrPull })]), abac, principal, 'shop/orders')).toEqual({
      answer: 'cannot',
      unusedAcrPull: true,
    });
  });
});
