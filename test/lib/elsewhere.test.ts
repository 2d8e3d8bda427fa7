import { describe, expect, it } from 'vitest';
import { type PrincipalId, parseScope } from '../../src/lib/arm-id.ts';
import { decide } from '../../src/lib/decide.ts';
import { diagnose } from '../../src/lib/diagnose.ts';
import { roleElsewhere } from '../../src/lib/elsewhere.ts';
import type { Evidence, HeldRole } from '../../src/lib/evidence.ts';
import { known, unreadable } from '../../src/lib/fact.ts';
import { nextProbes } from '../../src/lib/probes.ts';
import { runbookFor } from '../../src/lib/runbooks/index.ts';
import {
  acrPull,
  app,
  arm,
  assignment,
  environmentId,
  guardInput,
  identityId,
  minute,
  principal,
  principalId,
  registryId,
  roleMissing,
  target,
  unauthorized,
} from './facts.ts';

const clientId = principalId('c1000000-0000-4000-8000-00000000000c');
const system = principalId('c2000000-0000-4000-8000-00000000000c');
const second = principalId('c3000000-0000-4000-8000-00000000000c');
const ofEnvironment = principalId('c4000000-0000-4000-8000-00000000000c');
const stranger = principalId('c5000000-0000-4000-8000-00000000000c');
const secondId = arm(identityId.replace(/[^/]+$/, 'id-second'));
const otherSubscription = registryId.replace('5f0c1d2e', '6f0c1d2e');
const otherRegistry = registryId.replace(/[^/]+$/, 'acrother');
const group = registryId.split('/providers/')[0] ?? '';

function held(holder: PrincipalId, scope: string = registryId, roleId = acrPull): HeldRole {
  const parsed = parseScope(scope);
  if (parsed === undefined) throw new Error(`${scope} is no scope`);
  return { principalId: holder, scope: parsed, roleId };
}

function worldOf(...elsewhere: HeldRole[]): Evidence {
  return {
    ...roleMissing,
    app: known({
      ...app,
      systemPrincipalId: system,
      userIdentities: [
        { id: secondId, principalId: second },
        { id: identityId, principalId: principal, clientId },
      ],
    }),
    environment: known({
      id: environmentId,
      logs: { kind: 'none' } as const,
      systemPrincipalId: ofEnvironment,
    }),
    elsewhere: known(elsewhere),
  };
}

function diagnosed(evidence: Evidence) {
  return diagnose({ target, evidence, suspicions: [unauthorized], pulledBefore: false });
}

describe('a role that the declared identity lacks', () => {
  it.each<[string, HeldRole, Record<string, string>]>([
    ['its client id', held(clientId), { holder: 'client-id', identity: identityId }],
    ['its client id, above the registry', held(clientId, group), { holder: 'client-id', scope: group }],
    ['the app’s other identity', held(second), { holder: 'another-identity', identity: secondId }],
    ['the app’s system identity', held(system), { holder: 'another-identity', identity: 'system' }],
    ['the environment’s identity', held(ofEnvironment), { holder: 'environment-identity' }],
    [
      'itself on another registry',
      held(principal, otherRegistry),
      { holder: 'the-identity-itself', scope: otherRegistry },
    ],
    ['itself on a namesake elsewhere', held(principal, otherSubscription), { scope: otherSubscription }],
  ])('is found with %s', (_, one, detail) => {
    expect(roleElsewhere(target, worldOf(one))).toMatchObject(detail);
    expect(diagnosed(worldOf(one)).for).toContainEqual({
      code: 'role-elsewhere',
      detail: expect.objectContaining(detail) as unknown,
    });
  });

  it.each<[string, HeldRole]>([
    ['a stranger', held(stranger)],
    ['another identity on another registry', held(second, otherRegistry)],
    ['a role that is held for other reasons', held(second, registryId, 'acdd72a7-3385-48ef-bd42-f606fba81ae7')],
    ['a role on the whole directory', held(second, '/')],
    ['itself on a group that holds no registry', held(principal, `${group}-other`)],
    ['itself on this registry, by an index that lags', held(principal)],
  ])('is not found with %s', (_, one) => {
    expect(roleElsewhere(target, worldOf(one))).toBeUndefined();
  });

  it('is looked for with the likeliest mistake first', () => {
    const all = [held(principal, otherRegistry), held(ofEnvironment), held(second), held(clientId)];
    const holders = all.map((_, count) => roleElsewhere(target, worldOf(...all.slice(0, count + 1)))?.holder);

    expect(holders).toEqual(['the-identity-itself', 'environment-identity', 'another-identity', 'client-id']);
  });

  it('is looked for on a namesake before any other registry', () => {
    const both = [held(principal, otherRegistry), held(principal, otherSubscription)];

    expect(roleElsewhere(target, worldOf(...both))?.scope).toBe(otherSubscription);
  });

  it('is granted to the declared identity all the same, and to nobody else', () => {
    const evidence = worldOf(held(second), held(clientId));

    expect(decide(guardInput({ evidence })).decision).toMatchObject({ do: 'grant', grant: { principalId: principal } });
    expect(diagnosed(evidence)).toMatchObject({ causes: ['pull-role-missing'], sure: 'confirmed' });
  });

  it('is granted as well where nobody can say who else holds it: nothing rests on that', () => {
    const evidence = { ...worldOf(), elsewhere: unreadable<never>('forbidden') };

    expect(decide(guardInput({ evidence })).decision.do).toBe('grant');
    expect(diagnosed(evidence).for.map(({ code }) => code)).not.toContain('role-elsewhere');
  });

  it('is named in the advice, with who holds it and where', () => {
    const evidence = worldOf(held(clientId));
    const { advice } = runbookFor({ target, cause: 'pull-role-missing', diagnosis: diagnosed(evidence), evidence });

    expect(advice).toContain('the client id of the identity');
    expect(advice).toContain(`${clientId} on ${registryId}`);
    expect(
      runbookFor({ target, cause: 'pull-role-missing', diagnosis: diagnosed(worldOf()), evidence: worldOf() }).advice,
    ).not.toContain('is held by');
  });

  it('is looked for only where it is missing', () => {
    const { elsewhere: _, ...asked } = worldOf();

    expect(nextProbes(target, asked)).toContain('elsewhere');
    expect(nextProbes(target, { ...asked, roles: known([assignment(minute)]) })).not.toContain('elsewhere');
    expect(nextProbes(target, { ...asked, roles: unreadable('forbidden') })).not.toContain('elsewhere');
    expect(diagnosed({ ...worldOf(held(second)), roles: known([assignment(minute)]) }).for).not.toContainEqual(
      expect.objectContaining({ code: 'role-elsewhere' }),
    );
  });
});
