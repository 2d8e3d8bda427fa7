// Causes of an app that pulls with an identity, each with the evidence that proves it or only suggests it.
import { describe, expect, it } from 'vitest';

import type { AppFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { type Finding } from '../../../src/lib/history/diagnosis.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  app,
  arm,
  assignment,
  dnsUnlinked,
  identityId,
  minute,
  nowMs,
  principal,
  principalId,
  registry,
  registryId,
  roleMissing,
  target,
  unauthorized,
  vnetId,
  zoneId,
} from '../facts.ts';
import { diagnosed, labelled, saysUnauthorized } from './diagnosed.ts';

const day = 24 * 60 * minute;
const stranger = principalId('d0000000-0000-4000-8000-00000000000d');
const subscription = arm('/subscriptions/5f0c1d2e-0000-4000-8000-000000000001');
const open: Finding = { code: 'network-allows', detail: { why: 'public' } };
const unlinked: Finding = {
  code: 'network-blocks',
  detail: { cause: 'private-dns-unlinked', zone: zoneId, vnet: vnetId },
};
const healthy: Evidence = { ...roleMissing, roles: known([assignment(day)]) };

describe('DNS servers that nobody can see', () => {
  it('are suspected before whatever the text says', () => {
    const custom = known({ id: vnetId, dnsServers: ['10.1.1.1'], peerings: [], gateway: false });

    expect(diagnosed({ ...dnsUnlinked, vnet: custom }, labelled('tls')).causes).toEqual(['custom-dns']);
  });

  it('are not suspected while nobody can tell whether the role is right', () => {
    const custom = known({ id: vnetId, dnsServers: ['10.1.1.1'], peerings: [], gateway: false });

    expect(diagnosed({ ...dnsUnlinked, vnet: custom, roles: unreadable('forbidden') }).causes).toEqual(['unexplained']);
  });
});

describe('a role that was removed', () => {
  const removal = (by: string, more: object = {}) => ({
    atMs: nowMs - minute,
    by,
    scope: registryId,
    principalId: principal,
    ...more,
  });
  const removed = (...removals: ReturnType<typeof removal>[]) =>
    diagnosed({ ...roleMissing, removals: known(removals) });

  it('from this identity here or above is the cause, with the last who did it', () => {
    for (const last of [removal('ben'), removal('ben', { scope: subscription })]) {
      const found = removed(removal('anna'), last, removal('eve', { principalId: stranger }));

      expect(found).toMatchObject({ causes: ['pull-role-removed'], sure: 'confirmed' });
      expect(found.for).toContainEqual({ code: 'role-removed-by', detail: { by: 'ben' } });
    }
  });

  it.each([
    ['from somebody else', { principalId: stranger }],
    ['from nobody knows whom', { principalId: undefined }],
    ['on another registry', { scope: arm(`${registryId}two`) }],
  ])('%s is not', (_, more) => {
    const found = removed(removal('anna', more));

    expect(found.causes).toEqual(['pull-role-missing']);
    expect(found.for.map(({ code }) => code)).not.toContain('role-removed-by');
  });

  it('is not the cause where nobody can say whether it was', () => {
    expect(diagnosed({ ...roleMissing, removals: unreadable('forbidden') }).causes).toEqual(['pull-role-missing']);
  });

  it('is suspected to have been there where this app pulled before, and that is said', () => {
    const found = diagnosed(roleMissing, [unauthorized], true);

    expect(found.causes).toEqual(['pull-role-removed']);
    expect(found.for).toContainEqual({ code: 'pulled-before', detail: {} });
  });
});

describe('a registry that refuses tokens for ARM', () => {
  const refusing = known({ ...registry, armAudience: false });
  const finding = { code: 'arm-audience-disabled', detail: {} };

  it('is the cause, whatever the log says', () => {
    const found = diagnosed({ ...healthy, registry: refusing }, labelled('tls'));

    expect(found).toMatchObject({ causes: ['arm-audience-disabled'], sure: 'confirmed' });
    expect(found.for).toContainEqual(finding);
  });

  it('is named beside a missing role, which would help nobody', () => {
    const found = diagnosed({ ...roleMissing, registry: refusing });

    expect(found.causes).toEqual(['pull-role-missing', 'arm-audience-disabled']);
    expect(found.for).toContainEqual(finding);
  });

  it('is not waited out with a young role', () => {
    const found = diagnosed({ ...healthy, registry: refusing, roles: known([assignment(minute)]) });

    expect(found.causes).toEqual(['arm-audience-disabled']);
  });

  it('is named beside an image that is not there', () => {
    const manifest = known({ state: 'missing' as const, what: 'tag' as const, tags: [] });

    expect(diagnosed({ ...healthy, registry: refusing, manifest }).causes).toEqual([
      'arm-audience-disabled',
      'tag-missing',
    ]);
  });
});

describe('a registry that is not there or cannot be read', () => {
  it.each<[string, Evidence['registry'], string]>([
    ['not found', known('not-found'), 'registry-not-found'],
    ['unreadable', unreadable('forbidden'), 'role-cannot-tell'],
    ['not asked for', undefined, 'role-cannot-tell'],
  ])('says so: %s', (_, fact, code) => {
    const { registry: _registry, ...rest } = roleMissing;
    const found = diagnosed(fact === undefined ? rest : { ...rest, registry: fact });

    const named = { code, detail: { host: target.registry } };

    // A registry that is not found is why the name is suspected to be wrong.
    expect(code === 'registry-not-found' ? found.for : found.against).toContainEqual(named);
    expect(found.causes.includes('name-wrong')).toBe(code === 'registry-not-found');
    expect(found.network).toBe('cannot-tell');
  });
});

describe('an identity', () => {
  const without = (more: Partial<AppFacts>): Pick<Evidence, 'app'> => ({ app: known({ ...app, ...more }) });

  it('that the app does not have is the cause, beside a network that blocks', () => {
    expect(diagnosed({ ...dnsUnlinked, ...without({ userIdentities: [] }) })).toMatchObject({
      causes: ['identity-not-assigned', 'private-dns-unlinked'],
      sure: 'confirmed',
      for: [saysUnauthorized, { code: 'identity-not-assigned', detail: { identity: identityId } }, unlinked],
      against: [],
    });
  });

  it('of an app that cannot be read is unknown', () => {
    // Whether it leaves by a subnet of its own is unknown too.
    expect(diagnosed({ ...roleMissing, app: unreadable('forbidden') }).against).toEqual([
      { code: 'identity-cannot-tell', detail: {} },
      { code: 'network-cannot-tell', detail: { why: 'subnet-unknown' } },
    ]);
  });

  it('without a principal of which nothing was asked yet is suspected to be gone', () => {
    const { identity: _, ...before } = roleMissing;

    expect(diagnosed({ ...before, ...without({ userIdentities: [{ id: identityId }] }) })).toMatchObject({
      causes: ['identity-gone'],
      sure: 'suspected',
    });
  });

  it('without a principal is gone where its resource is, beside a network that blocks', () => {
    const listed = without({ userIdentities: [{ id: identityId }] });

    expect(diagnosed({ ...dnsUnlinked, ...listed, identity: known('gone') })).toMatchObject({
      causes: ['identity-gone', 'private-dns-unlinked'],
      sure: 'confirmed',
    });
    expect(diagnosed({ ...roleMissing, ...listed, identity: unreadable('forbidden') }).for).toContainEqual({
      code: 'identity-gone',
      detail: { identity: identityId },
    });
    expect(diagnosed({ ...roleMissing, ...listed })).toMatchObject({
      causes: ['unexplained'],
      against: [{ code: 'identity-cannot-tell', detail: { identity: identityId } }, open],
    });
  });

  it('of the environment that is not there is not assigned', () => {
    const registries = [{ server: target.registry, identity: 'system-environment' }];

    expect(diagnosed({ ...roleMissing, ...without({ registries }) })).toMatchObject({
      causes: ['identity-not-assigned'],
      for: [saysUnauthorized, { code: 'identity-not-assigned', detail: { identity: 'system-environment' } }],
    });
  });
});
