// Near misses of the guards of a grant: where a fact is missing, and where a name is not enough.
import { describe, expect, it } from 'vitest';
import { grantNow } from '../../../src/lib/decision/answers.ts';
import { consumerGuard, sharedGuard } from '../../../src/lib/decision/grant-identity-guards.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  app,
  appId,
  arm,
  config,
  dnsUnlinked,
  environmentId,
  identityId,
  nowMs,
  principal,
  registryId,
  roleMissing,
} from '../facts.ts';
import { decisionInput } from '../situations.ts';
import { grant, grantRefused, optedInFor } from './told.ts';

const subscription = '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001';
const server = 'acrshop.azurecr.io';

describe('a grant', () => {
  it('is refused for a denial that may be there, where the registry cannot be read', () => {
    expect(grantRefused({ evidence: { ...roleMissing, registry: unreadable('forbidden') } })).toContain(
      'deny-assignment: unreadable',
    );
  });

  it('is refused for a network that is not known, also where the registry is not opted in', () => {
    const diagnosis = { ...decisionInput(dnsUnlinked).diagnosis, network: 'cannot-tell' } as const;
    const refused = grantRefused({ diagnosis, config: config({ PULLMEDIC_REGISTRIES: '[]' }) });

    expect(refused).toEqual(expect.arrayContaining(['registry-not-opted-in: not-configured', 'network: cannot-tell']));
  });

  it('names its question only where it needed one', () => {
    expect(grantNow(nowMs, grant, 'pull-role-missing').decision).not.toHaveProperty('question');
    expect(grantNow(nowMs, grant, 'pull-role-missing', 7).decision).toHaveProperty('question', 7);
  });
});

describe('a consumer', () => {
  const listed = (evidence: Evidence, ...consumers: string[]) =>
    consumerGuard(decisionInput(evidence, optedInFor(consumers)), grant)?.why;

  it('is not known where the app cannot be read', () => {
    expect(listed({ ...roleMissing, app: unreadable('forbidden') }, environmentId, identityId)).toBe('not-this-app');
  });

  it('is not an app that only names a listed identity which it does not have', () => {
    const claims = known({ ...app, userIdentities: [], registries: [{ server, identity: identityId }] });

    expect(listed(roleMissing, identityId)).toBeUndefined();
    expect(listed({ ...roleMissing, app: claims }, identityId)).toBe('not-this-app');
  });

  it('is no app where the registry is not opted in', () => {
    const none = decisionInput(roleMissing, { config: config({ PULLMEDIC_REGISTRIES: '[]' }) });

    expect(consumerGuard(none, grant)).toEqual({ guard: 'consumer-not-listed', why: 'nobody-is' });
  });
});

describe('an identity that others may hold', () => {
  const holders = known({ resources: [{ id: appId, environmentId }], tenant: 'same' as const });
  const shared = (evidence: Evidence, more: Record<string, string> = {}) => {
    const registries = JSON.stringify([{ id: registryId, consumers: [`${subscription}/resourceGroups/rg-apps`] }]);
    const settings = config({ PULLMEDIC_REGISTRIES: registries, ...more });
    return sharedGuard(decisionInput({ ...roleMissing, holders, ...evidence }, { config: settings }), grant)?.why;
  };
  const pulling = (identity: string, facts: object): Evidence => ({
    ...roleMissing,
    app: known({ ...app, registries: [{ server, identity }], ...facts }),
  });
  const environment = known({
    id: environmentId,
    logs: { kind: 'workspace' as const, workspaceId: 'w' },
    systemPrincipalId: principal,
  });
  const ofGroup = JSON.stringify([`${subscription}/resourceGroups/rg-apps`]);
  const ofBoth = JSON.stringify([subscription, '/subscriptions/5f0c1d2e-0000-4000-8000-000000000002']);

  it('has one holder where it is the app’s own, and is not that where the app only says so', () => {
    expect(shared(pulling('system', { systemPrincipalId: principal }), { PULLMEDIC_SCOPES: ofGroup })).toBeUndefined();
    expect(shared(pulling('system', {}), { PULLMEDIC_SCOPES: ofGroup })).toBe('cannot-complete');
  });

  it('is known with all its holders where it is the environment’s and its subscription is one of the scopes', () => {
    const ofEnvironment = { ...pulling('system-environment', {}), environment };

    expect(shared(ofEnvironment)).toBeUndefined();
    expect(shared(ofEnvironment, { PULLMEDIC_SCOPES: ofBoth })).toBeUndefined();
    expect(shared(ofEnvironment, { PULLMEDIC_SCOPES: ofGroup })).toBe('cannot-complete');
  });

  it('may be held by a resource without a name: it is covered where one of the consumers is around it', () => {
    const within = (group: string): Evidence => ({
      ...pulling('system', { systemPrincipalId: principal }),
      holders: known({
        resources: [{ id: appId, environmentId }],
        tenant: 'same',
        unnamed: [{ within: arm(`${subscription}/resourceGroups/${group}`) }],
      }),
    });
    const consumers = [`${subscription}/resourceGroups/rg-jobs`, `${subscription}/resourceGroups/rg-apps`];
    const why = (evidence: Evidence) => sharedGuard(decisionInput(evidence, optedInFor(consumers)), grant)?.why;

    expect(why(within('rg-apps'))).not.toBe('outside-consumers');
    expect(why(within('rg-other'))).toBe('outside-consumers');
  });
});
