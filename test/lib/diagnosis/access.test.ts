import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Access,
  acrPullRole,
  conditionAllows,
  conditionWith,
  pullAccess,
  pullRoleFor,
  pullRolePermissions,
  repositoryCondition,
  repositoryReaderRole,
} from '../../../src/lib/diagnosis/access.ts';

import type { AssignmentFacts, Permissions } from '../../../src/lib/evidence/role-facts.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { acrPull, arm, assignment, minute, nowMs, principal, principalId, registry, registryId } from '../facts.ts';

const abac = { ...registry, roleMode: 'abac' as const };
const unknownMode = { ...registry, roleMode: 'unknown' as const };
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

describe('the two pull roles', () => {
  const held = (roleId: string) => {
    const permissions = known(pullRolePermissions.get(roleId) ?? []);
    return known([assignment(minute, { roleId, permissions })]);
  };

  it('let pull in their own role mode, and only there', () => {
    const answers = [acrPullRole, repositoryReaderRole].map((roleId) => [
      pullAccess(held(roleId), registry, principal, 'shop/orders').answer,
      pullAccess(held(roleId), abac, principal, 'shop/orders').answer,
    ]);

    expect(answers).toEqual([
      ['can', 'cannot'],
      ['cannot', 'can'],
    ]);
  });

  it('allow what Azure publishes of them, and nothing else', () => {
    const permissions = { actions: [], notActions: [], dataActions: [], notDataActions: [] };
    const registries = 'Microsoft.ContainerRegistry/registries';
    const repositories = [`${registries}/repositories/metadata/read`, `${registries}/repositories/content/read`];

    expect([...pullRolePermissions]).toEqual([
      [acrPullRole, [{ ...permissions, actions: [`${registries}/pull/read`] }]],
      [repositoryReaderRole, [{ ...permissions, dataActions: repositories }]],
    ]);
  });
});

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
    [`((${read}) OR (${name} StringEquals 'shop'))`, 'shop/orders', false],
    [`((${read}) OR (${name} StringEquals 'Shop/orders'))`, 'shop/orders', false],
    [`\n(\n (\n  ${read}\n )\n OR \n (\n  ${name} StringEqualsIgnoreCase 'A'\n )\n)\n`, 'a', true],
    [`((${read}) OR (${name} StringEquals 'a'))`.replaceAll('ActionMatches', 'actionmatches'), 'a', true],
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

const blank: Permissions = { actions: [], notActions: [], dataActions: [], notDataActions: [] };

function withActions(...actions: string[]): AssignmentFacts {
  return assignment(minute, { permissions: known([{ ...blank, actions }]) });
}

function answer(...roles: AssignmentFacts[]): Access['answer'] {
  return pullAccess(known(roles), registry, principal, 'shop/orders').answer;
}

describe('a role with a pattern', () => {
  it.each([
    '*',
    '*/read',
    'Microsoft.ContainerRegistry/*',
    'microsoft.containerregistry/REGISTRIES/*/read',
    'Microsoft.ContainerRegistry/registries/pull/read',
    'Microsoft.ContainerRegistry/registries/pull/read*',
    '*Microsoft.ContainerRegistry/registries/pull/read',
    '*/registries/*/read',
    '**',
  ])('%s covers the pull', (pattern) => {
    expect(answer(withActions(pattern))).toBe('can');
  });

  it.each([
    '',
    'Microsoft.ContainerRegistry/registries/read',
    'Microsoft.ContainerRegistry/registries/pull/rea',
    'ContainerRegistry/registries/pull/read',
    'Microsoft.ContainerRegistry/registries/pull',
    'Microsoft.Storage/*',
    '*/write',
    '*/push/*',
    'm*/registries/*/pull/read/*',
    '*/pull*/pull/read',
    '*/pull/read*/read',
    'registries/*',
    '*/registries',
  ])('%s does not', (pattern) => {
    expect(answer(withActions(pattern))).toBe('cannot');
  });
});

describe('the roles of an identity', () => {
  const reads = { ...blank, actions: ['*/read'] };

  it('let it pull when one block of permissions of one of them does', () => {
    const mixed = assignment(minute, { permissions: known([{ ...blank, actions: ['*/push/*'] }, reads]) });

    expect(answer(mixed)).toBe('can');
    expect(answer(withActions('*/push/*'), mixed)).toBe('can');
  });

  it('do not add up: what one takes away, another may give', () => {
    const narrowed = assignment(minute, { permissions: known([{ ...reads, notActions: ['*/pull/*'] }]) });

    expect(answer(narrowed)).toBe('cannot');
    expect(answer(narrowed, withActions('*/read'))).toBe('can');
  });

  it('count from the one that it has held the longest, in whatever order they are listed', () => {
    const [old, young] = [assignment(60 * minute), assignment(minute, { id: arm(`${registryId}/x/young`) })];

    for (const roles of [
      [old, young],
      [young, old],
    ])
      expect(pullAccess(known(roles), registry, principal, 'shop/orders')).toEqual({
        answer: 'can',
        since: nowMs - 60 * minute,
        assignment: old.id,
      });
  });

  it('are its own before those of its groups, however old these are', () => {
    const group = principalId('c0000000-0000-4000-8000-00000000000c');
    const ofGroup = assignment(60 * minute, { principalId: group });

    expect(pullAccess(known([ofGroup, assignment(minute)]), registry, principal, 'shop/orders')).toEqual({
      answer: 'can',
      since: nowMs - minute,
      assignment: assignment(minute).id,
    });
  });

  it('cannot be judged while a role that may do could not be read, and can where another one does', () => {
    const unread = assignment(minute, { permissions: unreadable('throttled') });

    expect(pullAccess(known([unread, withActions('*/push/*')]), registry, principal, 'shop/orders')).toEqual({
      answer: 'cannot-tell',
      why: 'role-definition-unreadable',
    });
    expect(answer(unread, assignment(minute))).toBe('can');
  });

  it('cannot be judged where a condition is not understood, and no other role does', () => {
    expect(access('@Request[...]')).toEqual({ answer: 'cannot-tell', why: 'condition' });
  });

  it.each([undefined, unreadable<never>('forbidden')])('that were not read are not taken for none', (roles) => {
    expect(pullAccess(roles, registry, principal, 'shop/orders')).toEqual({
      answer: 'cannot-tell',
      why: 'roles-unreadable',
    });
  });

  it('cannot be judged on a registry whose role mode is not known', () => {
    expect(pullAccess(known([assignment(minute)]), unknownMode, principal, 'shop/orders')).toEqual({
      answer: 'cannot-tell',
      why: 'role-mode-unknown',
    });
  });

  it('on a registry with repository permissions hold an AcrPull that is unused, or none', () => {
    const pusher = assignment(minute, { roleId: '8311e382-0749-4cb8-b61a-304f252e45ec' });
    const unused = (...roles: AssignmentFacts[]) => pullAccess(known(roles), abac, principal, 'shop/orders');

    expect(unused(pusher, assignment(minute))).toEqual({ answer: 'cannot', unusedAcrPull: true });
    expect(unused(pusher)).toEqual({ answer: 'cannot', unusedAcrPull: false });
    expect(pullAccess(known([withActions('*/push/*')]), registry, principal, 'shop/orders')).toEqual({
      answer: 'cannot',
      unusedAcrPull: false,
    });
  });
});

describe('the role that would be granted', () => {
  it.each([
    ['legacy', registry, '7f951dda-4ed3-4680-a7ca-43fe172d538d'],
    ['abac', abac, 'b93aa761-3e63-49ed-ac28-beffa264f7ac'],
    ['unknown', unknownMode, undefined],
  ])('goes by the registry’s role mode: %s', (_, where, role) => {
    expect(pullRoleFor(where)).toBe(role);
  });
});

describe('a condition with one repository more', () => {
  const one = repositoryCondition('shop/web');

  it('allows what it allowed, and that repository', () => {
    const wider = conditionWith(one, 'shop/orders') ?? '';

    expect([conditionAllows(wider, 'shop/web'), conditionAllows(wider, 'shop/orders')]).toEqual([true, true]);
    expect(conditionAllows(wider, 'shop/other')).toBe(false);
  });

  it.each([
    ['a condition in another form', 'true', 'shop/orders'],
    ['a name with a quote', one, "x' OR '"],
    ['no name', one, ''],
  ])('is not written for %s', (_, condition, repository) => {
    expect(conditionWith(condition, repository)).toBeUndefined();
  });
});
