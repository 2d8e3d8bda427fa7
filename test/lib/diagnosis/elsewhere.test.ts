import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import {
  nearRegistry,
  registryByRole,
  relatedPrincipals,
  roleElsewhere,
} from '../../../src/lib/diagnosis/elsewhere.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { HeldRole } from '../../../src/lib/evidence/role-facts.ts';
import { nextProbes } from '../../../src/lib/look/probes.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { type PrincipalId, parseScope } from '../../../src/lib/words/arm-id.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  acrPull,
  app,
  arm,
  assignment,
  environmentId,
  identityId,
  minute,
  principal,
  principalId,
  registryId,
  roleMissing,
  target,
  unauthorized,
} from '../facts.ts';
import { decideOn } from '../situations.ts';

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

  it.each([
    ['AcrPull', '7f951dda-4ed3-4680-a7ca-43fe172d538d'],
    ['AcrPush', '8311e382-0749-4cb8-b61a-304f252e45ec'],
    ['Container Registry Repository Reader', 'b93aa761-3e63-49ed-ac28-beffa264f7ac'],
    ['Container Registry Repository Writer', '2a1e307c-b015-4ebd-883e-5b7698a07328'],
    ['Container Registry Repository Contributor', '2efddaa5-3f1f-4df3-97df-af3f13818f4c'],
  ])('may be %s', (_, roleId) => {
    expect(roleElsewhere(target, worldOf(held(second, registryId, roleId)))?.roleId).toBe(roleId);
  });

  it('may be held by everybody who has to do with the app, and nobody else', () => {
    expect(relatedPrincipals(target, worldOf())).toEqual([
      { holder: 'client-id', identity: identityId, principalId: clientId },
      { holder: 'another-identity', identity: secondId, principalId: second },
      { holder: 'another-identity', identity: 'system', principalId: system },
      { holder: 'environment-identity', identity: 'system-environment', principalId: ofEnvironment },
      { holder: 'the-identity-itself', identity: identityId, principalId: principal },
    ]);
    const alone = { holder: 'the-identity-itself', identity: identityId, principalId: principal };
    expect(relatedPrincipals(target, roleMissing)).toEqual([alone]);
    expect(relatedPrincipals(target, { ...worldOf(), environment: unreadable('throttled') })).toHaveLength(4);
  });

  it('may be held by the client id of another identity, which is another mistake', () => {
    const userIdentities = [
      { id: identityId, principalId: principal },
      { id: secondId, principalId: second, clientId },
    ];

    expect(relatedPrincipals(target, { ...roleMissing, app: known({ ...app, userIdentities }) })).toContainEqual({
      holder: 'another-identity',
      identity: secondId,
      principalId: clientId,
    });
  });

  it('is held by nobody where the app declares no identity or cannot be read', () => {
    const registries = [{ server: target.registry, username: 'bot' }];

    expect(relatedPrincipals(target, { ...worldOf(), app: known({ ...app, registries }) })).toEqual([]);
    expect(relatedPrincipals(target, { ...worldOf(), app: unreadable('forbidden') })).toEqual([]);
    expect(roleElsewhere(target, { ...worldOf(held(second)), registry: unreadable('forbidden') })).toBeUndefined();
  });

  it('is another identity’s here before its own on a namesake', () => {
    const both = [held(principal, otherSubscription), held(second, group)];

    expect(roleElsewhere(target, worldOf(...both))).toMatchObject({ holder: 'another-identity', scope: group });
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

    expect(decideOn(evidence).decision).toMatchObject({ do: 'grant', grant: { principalId: principal } });
    expect(diagnosed(evidence)).toMatchObject({ causes: ['pull-role-missing'], sure: 'confirmed' });
  });

  it('is granted as well where nobody can say who else holds it: nothing rests on that', () => {
    const evidence = { ...worldOf(), elsewhere: unreadable<never>('forbidden') };

    expect(decideOn(evidence).decision.do).toBe('grant');
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

describe('a registry that nobody has, beside one with a near name', () => {
  const unknown = (...elsewhere: HeldRole[]): Evidence => ({ ...worldOf(...elsewhere), registry: known('not-found') });
  const named = (name: string) => registryId.replace(/[^/]+$/, name);

  it('was probably meant as that one, if the declared identity may pull from it', () => {
    expect(nearRegistry(target, unknown(held(principal, named('acrshp'))))).toBe(named('acrshp'));
    expect(nearRegistry(target, unknown(held(principal, named('acrhsop'))))).toBe(named('acrhsop'));
  });

  it('is not, if the names differ by three letters, another identity holds the role, or the role does not pull', () => {
    expect(nearRegistry(target, unknown(held(principal, named('acrship1'))))).toBe(named('acrship1'));
    expect(nearRegistry(target, unknown(held(principal, named('acrship12'))))).toBeUndefined();
    expect(nearRegistry(target, unknown(held(second, named('acrshp'))))).toBeUndefined();
    expect(nearRegistry(target, unknown(held(principal, named('acrshp'), 'b24988ac')))).toBeUndefined();
    expect(nearRegistry(target, unknown(held(principal, group)))).toBeUndefined();
  });

  it('is not, if two registries are near or the registry was found', () => {
    const two = [held(principal, named('acrshp')), held(principal, named('acrshoop'))];

    expect(nearRegistry(target, unknown(...two))).toBeUndefined();
    expect(nearRegistry(target, worldOf(held(principal, named('acrshp'))))).toBeUndefined();
  });

  it('is no near one where the role is on a registry of exactly this name: that one exists, and cannot be read', () => {
    const same = unknown(held(principal, named('acrshop')), held(principal, named('acrshp')));
    const { advice, commands } = runbookFor({
      target,
      cause: 'name-wrong',
      diagnosis: diagnosed(same),
      evidence: same,
    });

    expect(nearRegistry(target, same)).toBeUndefined();
    expect(registryByRole(target, same)).toBe(named('acrshop'));
    expect(registryByRole(target, unknown(held(principal, named('acrshp'))))).toBeUndefined();
    expect(advice).toContain('so the name is right');
    expect(commands.map(({ text }) => text).join()).not.toContain('containerapp update');
  });

  it('is what a look asks about', () => {
    const { elsewhere: _, ...unasked } = unknown();

    expect(nextProbes(target, unasked)).toContain('elsewhere');
  });
});
