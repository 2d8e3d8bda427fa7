import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grantRefusals } from '../../../src/lib/decision/grant-guards.ts';
import { pullDenied } from '../../../src/lib/diagnosis/denials.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { DenialFacts, DeniedPrincipal, Permissions } from '../../../src/lib/evidence/role-facts.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { parseScope, type Scope } from '../../../src/lib/words/arm-id.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { assignment, minute, principal, principalId, registry, roleMissing, target, unauthorized } from '../facts.ts';
import { decideOn, decisionInput } from '../situations.ts';

const day = 24 * 60 * minute;
const pull = 'Microsoft.ContainerRegistry/registries/pull/read';
const content = 'Microsoft.ContainerRegistry/registries/repositories/content/read';
const group = principalId('c0000000-0000-4000-8000-00000000000c');
const other = principalId('d0000000-0000-4000-8000-00000000000d');

const me: DeniedPrincipal = { kind: 'principal', id: principal };
const somebody: DeniedPrincipal = { kind: 'principal', id: other };
const members: DeniedPrincipal = { kind: 'group', id: group };
const everyone: DeniedPrincipal = { kind: 'everyone' };

function scope(text: string): Scope {
  const parsed = parseScope(text);
  if (parsed === undefined) throw new Error(`${text} is no scope`);
  return parsed;
}

function covers(more: Partial<Permissions>): Permissions[] {
  return [{ actions: [], notActions: [], dataActions: [], notDataActions: [], ...more }];
}

function denial(more: Partial<DenialFacts> = {}): DenialFacts {
  return {
    name: 'stack',
    scope: registry.id,
    permissions: covers({ actions: ['*'], dataActions: ['*'] }),
    principals: [me],
    excluded: [],
    onlyItsScope: false,
    hasCondition: false,
    ...more,
  };
}

const above = scope('/subscriptions/5f0c1d2e-0000-4000-8000-000000000001');
const abac = { ...registry, roleMode: 'abac' as const };
const throughGroup = known([assignment(day, { principalId: group })]);

describe('a deny assignment', () => {
  it.each<[string, Partial<DenialFacts>, 'yes' | 'no' | 'cannot-tell']>([
    ['that names the identity denies it', {}, 'yes'],
    ['above the registry denies it', { scope: above }, 'yes'],
    [
      'of a management group denies it',
      { scope: scope('/providers/Microsoft.Management/managementGroups/corp') },
      'yes',
    ],
    ['above the registry that spares what is below does not', { scope: above, onlyItsScope: true }, 'no'],
    ['of the registry alone denies it', { onlyItsScope: true }, 'yes'],
    ['that names somebody else does not', { principals: [somebody] }, 'no'],
    ['that names nobody does not', { principals: [] }, 'no'],
    ['that names everyone denies it', { principals: [everyone] }, 'yes'],
    ['that names everyone but the identity does not', { principals: [everyone], excluded: [me] }, 'no'],
    ['that names everyone but somebody else denies it', { principals: [everyone], excluded: [somebody] }, 'yes'],
    [
      'that names everyone but a group: nobody can tell',
      { principals: [everyone], excluded: [members] },
      'cannot-tell',
    ],
    ['that names a group: nobody can tell', { principals: [members] }, 'cannot-tell'],
    ['that names a group and the identity denies it', { principals: [members, me] }, 'yes'],
    ['of the pull denies it', { permissions: covers({ actions: [pull] }) }, 'yes'],
    ['of all reads denies it', { permissions: covers({ actions: ['*/read'] }) }, 'yes'],
    ['of pushes does not', { permissions: covers({ actions: ['*/push/write'] }) }, 'no'],
    ['of everything but pulls does not', { permissions: covers({ actions: ['*'], notActions: [pull] }) }, 'no'],
    ['of data actions does not concern a legacy registry', { permissions: covers({ dataActions: ['*'] }) }, 'no'],
    ['with a condition: nobody can tell', { hasCondition: true }, 'cannot-tell'],
    ['with a condition on somebody else does not', { hasCondition: true, principals: [somebody] }, 'no'],
  ])('%s', (_, more, answer) => {
    expect(pullDenied(known([denial(more)]), known([]), registry, principal).answer).toBe(answer);
  });

  it.each<[Partial<Permissions>, 'yes' | 'no']>([
    [{ actions: ['*'] }, 'no'],
    [{ dataActions: [content] }, 'yes'],
    [{ dataActions: ['*'], notDataActions: [content] }, 'no'],
  ])('on a registry with repository permissions counts by its data actions: %j %s', (permissions, answer) => {
    const denials = known([denial({ permissions: covers(permissions) })]);

    expect(pullDenied(denials, known([]), abac, principal).answer).toBe(answer);
  });

  it('of a group that the identity holds a role through denies it', () => {
    const denials = known([denial({ principals: [members] })]);

    expect(pullDenied(denials, throughGroup, registry, principal).answer).toBe('yes');
    expect(
      pullDenied(known([denial({ principals: [everyone], excluded: [members] })]), throughGroup, registry, principal),
    ).toEqual({ answer: 'no' });
  });

  it('forbids by any block of its permissions', () => {
    const permissions = [...covers({ actions: ['*/push/write'] }), ...covers({ actions: [pull] })];

    expect(pullDenied(known([denial({ permissions })]), known([]), registry, principal).answer).toBe('yes');
  });

  it('that nobody can judge says why, also behind one that does not apply', () => {
    const judged = (more: Partial<DenialFacts>) =>
      pullDenied(
        known([denial({ principals: [somebody] }), denial(more)]),
        unreadable('forbidden'),
        registry,
        principal,
      );

    expect(judged({ principals: [members] })).toEqual({ answer: 'cannot-tell', why: 'group' });
    expect(judged({ hasCondition: true })).toEqual({ answer: 'cannot-tell', why: 'condition' });
    expect(pullDenied(known([denial()]), undefined, registry, principal).answer).toBe('yes');
  });

  it('that applies outweighs one that nobody understands, in either order', () => {
    const both = [denial({ principals: [members] }), denial()];

    for (const listed of [both, [...both].reverse()])
      expect(pullDenied(known(listed), known([]), registry, principal).answer).toBe('yes');
  });

  it('cannot be judged on a registry whose role mode is not known, unless there is none', () => {
    const strange = { ...registry, roleMode: 'unknown' as const };

    expect(pullDenied(known([denial()]), known([]), strange, principal)).toEqual({
      answer: 'cannot-tell',
      why: 'role-mode-unknown',
    });
    expect(pullDenied(known([]), known([]), strange, principal)).toEqual({ answer: 'no' });
  });

  it.each([undefined, unreadable<never>('forbidden')])('that cannot be read is not taken for none', (denials) => {
    expect(pullDenied(denials, known([]), registry, principal)).toEqual({
      answer: 'cannot-tell',
      why: 'denials-unreadable',
    });
  });
});

const granted = { ...roleMissing, roles: known([assignment(day)]) };

function diagnosed(evidence: Evidence) {
  return diagnose({ target, evidence, suspicions: [unauthorized], pulledBefore: false });
}

describe('the diagnosis', () => {
  it('names the deny assignment although the role is right', () => {
    const diagnosis = diagnosed({ ...granted, denials: known([denial({ scope: above })]) });

    expect(diagnosis).toMatchObject({ causes: ['deny-assignment'], sure: 'confirmed' });
    expect(diagnosis.for).toContainEqual({ code: 'denied', detail: { name: 'stack', scope: above } });
    expect(diagnosis.detail).toMatchObject({ denial: 'stack', scope: above });
  });

  it('names it before the role that is missing too', () => {
    expect(diagnosed({ ...roleMissing, denials: known([denial()]) }).causes).toEqual([
      'deny-assignment',
      'pull-role-missing',
    ]);
  });

  it('says that it cannot tell, and blames nobody for it', () => {
    const diagnosis = diagnosed({ ...granted, denials: unreadable('forbidden') });

    expect(diagnosis.causes).toEqual(['unexplained']);
    expect(diagnosis.against).toContainEqual({ code: 'denied-cannot-tell', detail: { why: 'denials-unreadable' } });
  });

  it('hands the runbook the scope to look at', () => {
    const evidence = { ...granted, denials: known([denial({ scope: above })]) };
    const runbook = runbookFor({ target, cause: 'deny-assignment', diagnosis: diagnosed(evidence), evidence });

    expect(runbook.advice).toContain(`called stack, at ${above}`);
  });
});

describe('a grant', () => {
  it.each<[string, Evidence['denials'], string]>([
    ['where one applies', known([denial()]), 'deny-assignment: applies'],
    ['where one may apply', known([denial({ principals: [members] })]), 'deny-assignment: cannot-tell'],
    ['where they cannot be read', unreadable('forbidden'), 'deny-assignment: unreadable'],
  ])('is refused %s', (_, denials, refusal) => {
    const evidence = { ...roleMissing, ...(denials === undefined ? {} : { denials }) };
    const story = { diagnosis: diagnosed(roleMissing) };
    const { decision } = decideOn(evidence, story);

    expect(decision.do).not.toBe('grant');
    const grant = { registryId: registry.id, principalId: principal, roleId: '7f951dda-4ed3-4680-a7ca-43fe172d538d' };
    expect(grantRefusals(decisionInput(evidence, story), grant).map(({ guard, why }) => `${guard}: ${why}`)).toEqual([
      refusal,
    ]);
  });

  it('is asked for where nobody can tell, and never where one applies', () => {
    const decided = (denials: Evidence['denials']) =>
      decideOn({ ...roleMissing, ...(denials === undefined ? {} : { denials }) }).decision.do;

    expect(decided(unreadable('forbidden'))).toBe('ask');
    expect(decided(known([denial({ principals: [members] })]))).toBe('ask');
    expect(decided(known([denial()]))).toBe('incident');
  });

  it('is never made past deny assignments that were not all read and understood', () => {
    const anyDenial = fc.record({
      principals: fc.array(fc.constantFrom(me, members, everyone, somebody), { maxLength: 3 }),
      excluded: fc.array(fc.constantFrom(me, members, somebody), { maxLength: 2 }),
      hasCondition: fc.boolean(),
      onlyItsScope: fc.boolean(),
      scope: fc.constantFrom(above, registry.id),
    });
    fc.assert(
      fc.property(fc.array(anyDenial.map(denial), { maxLength: 3 }), (listed) => {
        const evidence = { ...roleMissing, denials: known(listed) };
        const denied = pullDenied(evidence.denials, evidence.roles, registry, principal);
        return (decideOn(evidence).decision.do === 'grant') === (denied.answer === 'no');
      }),
    );
  });
});
