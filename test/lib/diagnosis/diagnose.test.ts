import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grantRefusals } from '../../../src/lib/decision/grant-guards.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { type Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  acrPull,
  app,
  arm,
  assignment,
  dnsUnlinked,
  identityId,
  minute,
  nowMs,
  principal,
  registry,
  roleMissing,
  target,
  unauthorized,
  vnetId,
  zoneId,
} from '../facts.ts';
import { decideOn, decisionInput } from '../situations.ts';

function diagnosed(evidence: Evidence, pulledBefore = false): Diagnosis {
  return diagnose({ target, evidence, suspicions: [unauthorized], pulledBefore });
}

const day = 24 * 60 * minute;
const link = { vnetId, completed: true, redirects: false };

describe('the diagnosis', () => {
  it.each<[string, Evidence, string[], string]>([
    ['no role and an open network: the role is missing', roleMissing, ['pull-role-missing'], 'confirmed'],
    [
      'a role of a minute ago: it propagates',
      { ...roleMissing, roles: known([assignment(minute)]) },
      ['pull-role-propagating'],
      'confirmed',
    ],
    [
      'the role is right and the zone is linked to nothing: DNS, whatever the log says',
      dnsUnlinked,
      ['private-dns-unlinked'],
      'confirmed',
    ],
    [
      'both at once: both are named',
      { ...dnsUnlinked, roles: known([]) },
      ['pull-role-missing', 'private-dns-unlinked'],
      'confirmed',
    ],
    [
      'the zone is linked and the record is missing',
      { ...dnsUnlinked, zones: known([{ id: zoneId, links: known([link]), records: known({}) }]) },
      ['private-dns-record-missing'],
      'confirmed',
    ],
    [
      'the record points elsewhere',
      {
        ...dnsUnlinked,
        zones: known([{ id: zoneId, links: known([link]), records: known({ acrshop: ['10.9.9.9'] }) }]),
      },
      ['private-dns-record-stale'],
      'confirmed',
    ],
    [
      'custom DNS servers: Azure cannot see them',
      { ...dnsUnlinked, vnet: known({ id: vnetId, dnsServers: ['10.1.1.1'], peerings: [], gateway: false }) },
      ['custom-dns'],
      'suspected',
    ],
    [
      'a closed registry and an environment without a VNet',
      { ...roleMissing, registry: known({ ...registry, publicAccess: 'closed' }), roles: known([assignment(day)]) },
      ['no-private-path'],
      'confirmed',
    ],
    [
      'AcrPull on a registry with repository permissions',
      { ...roleMissing, registry: known({ ...registry, roleMode: 'abac' }), roles: known([assignment(day)]) },
      ['registry-became-abac'],
      'confirmed',
    ],
    [
      'an identity that the app does not have',
      { ...roleMissing, app: known({ ...app, userIdentities: [] }) },
      ['identity-not-assigned'],
      'confirmed',
    ],
    [
      'no entry for the registry',
      { ...roleMissing, app: known({ ...app, registries: [] }) },
      ['registry-not-configured'],
      'confirmed',
    ],
    [
      'everything is right and the pull fails',
      { ...roleMissing, roles: known([assignment(day)]) },
      ['unexplained'],
      'unexplained',
    ],
    ['the roles cannot be read', { ...roleMissing, roles: unreadable('forbidden') }, ['unexplained'], 'unexplained'],
    [
      'a role definition cannot be read',
      { ...roleMissing, roles: known([assignment(day, { permissions: unreadable('throttled') })]) },
      ['unexplained'],
      'unexplained',
    ],
    [
      'a condition that may exclude the repository',
      { ...roleMissing, roles: known([assignment(day, { condition: '@Request[...]' })]) },
      ['unexplained'],
      'unexplained',
    ],
  ])('%s', (_, evidence, causes, sure) => {
    const diagnosis = diagnosed(evidence);

    expect(diagnosis.causes).toEqual(causes);
    expect(diagnosis.sure).toBe(sure);
  });

  it('calls a role removed when this app pulled from the registry before', () => {
    expect(diagnosed(roleMissing, true).causes).toEqual(['pull-role-removed']);
  });

  it('accepts a role by its actions, not by its name', () => {
    const wide = known([{ actions: ['*/read'], notActions: [], dataActions: [], notDataActions: [] }]);

    expect(diagnosed({ ...roleMissing, roles: known([assignment(day, { permissions: wide })]) }).causes).toEqual([
      'unexplained',
    ]);
  });

  it('does not accept a role whose notActions take the pull away', () => {
    const narrowed = known([
      {
        actions: ['*'],
        notActions: ['Microsoft.ContainerRegistry/registries/pull/*'],
        dataActions: [],
        notDataActions: [],
      },
    ]);

    expect(diagnosed({ ...roleMissing, roles: known([assignment(day, { permissions: narrowed })]) }).causes).toEqual([
      'pull-role-missing',
    ]);
  });
});

const probes = [
  'app',
  'revisions',
  'replicas',
  'environment',
  'logs',
  'registry',
  'roles',
  'denials',
  'vnet',
  'zones',
  'endpoints',
] as const;

describe('whatever the evidence', () => {
  const why = fc.constantFrom(
    'forbidden',
    'throttled',
    'timed-out',
    'unavailable',
    'unexpected-answer',
    'not-asked',
    'look-cap-reached',
    'list-too-long',
    'read-on-later',
    'fact-too-large',
    'too-many-endpoints',
    'no-workspace',
    'too-many',
  ) as fc.Arbitrary<'forbidden'>;
  const spoiled = fc
    .record({
      base: fc.constantFrom(roleMissing, dnsUnlinked, { ...dnsUnlinked, roles: known([]) } as Evidence),
      lost: fc.uniqueArray(fc.constantFrom(...probes), { minLength: 1 }),
      why,
    })
    .map(({ base, lost, why: reason }) => ({
      lost,
      evidence: { ...base, ...Object.fromEntries(lost.map((probe) => [probe, unreadable(reason)])) } as Evidence,
    }));

  it('a fact that the grant rests on and that is unreadable never leads to a grant', () => {
    fc.assert(
      fc.property(spoiled, ({ lost, evidence }) => {
        const needed = lost.some((probe) => ['app', 'registry', 'roles', 'denials'].includes(probe));
        const { decision } = decideOn(evidence, { diagnosis: diagnosed(evidence) });
        return !needed || decision.do !== 'grant';
      }),
    );
  });

  it('nothing is granted but a pull role to the declared identity', () => {
    fc.assert(
      fc.property(spoiled, ({ evidence }) => {
        const story = { diagnosis: diagnosed(evidence) };
        const { decision } = decideOn(evidence, story);
        return (
          decision.do !== 'grant' ||
          (decision.grant.roleId === acrPull &&
            decision.grant.principalId === principal &&
            grantRefusals(decisionInput(evidence, story), decision.grant).length === 0)
        );
      }),
    );
  });
});

describe('a failure that began with a change of the registry', () => {
  it('names who changed it', () => {
    const changes = known([{ atMs: nowMs - 60 * minute, by: 'ops@contoso.example' }]);
    const closed = diagnosed({ ...dnsUnlinked, changes });

    const detail = { by: 'ops@contoso.example', when: '1 hour ago' };
    expect(closed.for).toContainEqual({ code: 'registry-changed-by', detail });
  });
});

describe('ids', () => {
  it('are compared without case', () => {
    expect(arm(identityId.toUpperCase())).toBe(identityId);
  });
});
