import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pullRoleFor } from '../../../src/lib/diagnosis/access.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { AppFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { declaredIdentity, registryOf } from '../../../src/lib/evidence/evidence.ts';
import type { AssignmentFacts, DenialFacts, HeldRole, Permissions } from '../../../src/lib/evidence/role-facts.ts';
import { parseScope } from '../../../src/lib/words/arm-id.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  acrPull,
  app,
  assignment,
  dnsUnlinked,
  environmentId,
  identityId,
  minute,
  principal,
  principalId,
  registry,
  registryId,
  roleMissing,
  target,
  unauthorized,
} from '../facts.ts';
import { decideOn } from '../situations.ts';

const group = principalId('c0000000-0000-4000-8000-00000000000c');
const other = principalId('d0000000-0000-4000-8000-00000000000d');
const system = principalId('e0000000-0000-4000-8000-00000000000e');
const ofEnvironment = principalId('f0000000-0000-4000-8000-00000000000f');

const patterns = fc.subarray([
  '*',
  '*/read',
  'Microsoft.ContainerRegistry/registries/*',
  'Microsoft.ContainerRegistry/registries/pull/read',
  'Microsoft.ContainerRegistry/registries/repositories/content/read',
  'Microsoft.Storage/*',
]);
const permissions: fc.Arbitrary<Permissions> = fc.record({
  actions: patterns,
  notActions: patterns,
  dataActions: patterns,
  notDataActions: patterns,
});

const anyAssignment: fc.Arbitrary<AssignmentFacts> = fc
  .record({
    age: fc.constantFrom(minute, 20 * minute, 120 * minute, 30 * 24 * 60 * minute),
    principalId: fc.constantFrom(principal, group),
    permissions: fc.oneof(
      fc.array(permissions, { maxLength: 2 }).map((list) => known(list)),
      fc.constant(unreadable<never>('throttled')),
    ),
    condition: fc.constantFrom(undefined, 'nobody understands this'),
  })
  .map(({ age, condition, ...more }) =>
    assignment(age, { ...more, ...(condition === undefined ? {} : { condition }) }),
  );

const anyDenial: fc.Arbitrary<DenialFacts> = fc.record({
  name: fc.constant('stack'),
  scope: fc.constantFrom(registryId),
  permissions: fc.array(permissions, { maxLength: 1 }),
  principals: fc.subarray([
    { kind: 'everyone' as const },
    { kind: 'principal' as const, id: principal },
    { kind: 'group' as const, id: group },
  ]),
  excluded: fc.subarray([{ kind: 'principal' as const, id: principal }]),
  onlyItsScope: fc.boolean(),
  hasCondition: fc.boolean(),
});

const entry = fc.constantFrom<AppFacts['registries'][number][]>(
  { server: target.registry, identity: identityId },
  { server: target.registry, identity: 'system' },
  { server: target.registry, identity: 'system-environment' },
  { server: target.registry, username: 'acrshop', secret: 'gone' },
  { server: 'ghcr.io', identity: identityId },
  { server: target.registry, identity: identityId.replace(/[^/]+$/, 'id-nobody') },
);

const anyApp: fc.Arbitrary<AppFacts> = fc
  .record({ entry, listed: fc.constantFrom(principal, undefined), secrets: fc.subarray(['gone']) })
  .map(({ entry: one, listed, secrets }) => ({
    ...app,
    registries: [one],
    secrets,
    systemPrincipalId: system,
    userIdentities: [{ id: identityId, clientId: other, ...(listed === undefined ? {} : { principalId: listed }) }],
  }));

const anyHeld: fc.Arbitrary<HeldRole> = fc.record({
  principalId: fc.constantFrom(principal, other, system, ofEnvironment),
  roleId: fc.constant(acrPull),
  scope: fc.constantFrom(registryId, parseScope('/') ?? registryId),
});

const anyEvidence: fc.Arbitrary<Evidence> = fc
  .record({
    base: fc.constantFrom(roleMissing, dnsUnlinked),
    app: anyApp,
    mode: fc.constantFrom('legacy' as const, 'abac' as const, 'unknown' as const),
    identity: fc.constantFrom('exists' as const, 'gone' as const),
    roles: fc.array(anyAssignment, { maxLength: 2 }),
    denials: fc.array(anyDenial, { maxLength: 2 }),
    elsewhere: fc.array(anyHeld, { maxLength: 3 }),
    environment: fc.constantFrom(ofEnvironment, undefined),
  })
  .map(({ base, mode, environment, ...facts }) => ({
    ...base,
    app: known(facts.app),
    registry: known({ ...(registryOf(base) ?? registry), roleMode: mode }),
    // Asked of user-assigned identities alone: the others are part of the app or its environment.
    identity: facts.app.registries[0]?.identity === identityId ? known(facts.identity) : unreadable<never>('not-asked'),
    roles: known(facts.roles),
    denials: known(facts.denials),
    elsewhere: known(facts.elsewhere),
    environment:
      environment === undefined || base === dnsUnlinked
        ? (base.environment ?? unreadable('not-asked'))
        : known({ id: environmentId, logs: { kind: 'none' } as const, systemPrincipalId: environment }),
  }));

function decided(evidence: Evidence) {
  const diagnosis = diagnose({ target, evidence, suspicions: [unauthorized], pulledBefore: false });
  return decideOn(evidence, { diagnosis }).decision;
}

describe('whatever Azure says', () => {
  it('some of it leads to a grant, else the rules below would say nothing', () => {
    const grants = fc.sample(anyEvidence, 2000).filter((evidence) => decided(evidence).do === 'grant');

    expect(grants.length).toBeGreaterThan(20);
  });

  it('nothing is granted but the pull role of this registry, to the identity that the app declares', () => {
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        const decision = decided(evidence);
        if ((decision.do !== 'grant' && decision.do !== 'ask') || !('grant' in decision)) return true;
        const declared = declaredIdentity(target, evidence);
        const read = registryOf(evidence);
        return (
          declared.kind === 'identity' &&
          read !== undefined &&
          decision.grant.principalId === declared.principalId &&
          decision.grant.registryId === read.id &&
          decision.grant.roleId === pullRoleFor(read)
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('a fact that cannot be read never leads to a grant that the fact would not have led to', () => {
    const probe = fc.constantFrom(
      ...(['app', 'registry', 'roles', 'denials', 'identity', 'removals', 'environment', 'vnet', 'zones'] as const),
    );
    fc.assert(
      fc.property(anyEvidence, probe, (evidence, lost) => {
        const without = { ...evidence, [lost]: unreadable('forbidden') } as Evidence;
        return decided(without).do !== 'grant' || decided(evidence).do === 'grant';
      }),
      { numRuns: 2000 },
    );
  });

  it('who else holds a role decides nothing', () => {
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        const without = { ...evidence, elsewhere: unreadable<never>('forbidden') };
        return JSON.stringify(decided(without)) === JSON.stringify(decided(evidence));
      }),
      { numRuns: 500 },
    );
  });
});
