// Tokens of a registry and applications of Entra as user names: what ARM tells of them, and what nobody can read.
import { describe, expect, it } from 'vitest';
import {
  type CredentialFault,
  cannotWork,
  credentialFaults,
  signsInAs,
} from '../../../src/lib/diagnosis/credentials.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { TokenFacts } from '../../../src/lib/evidence/registry-facts.ts';
import { type FindingCode } from '../../../src/lib/history/diagnosis.ts';
import { nextProbes } from '../../../src/lib/look/probes.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { type Fact, known, unreadable } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import { app, appId, minute, nowMs, registry, roleMissing, target, unauthorized } from '../facts.ts';

const hour = 60 * minute;
const application = 'c0000000-0000-4000-8000-00000000000c';

function signedInAs(username: string, token?: Fact<TokenFacts | 'none'>, secrets = ['acr-token']): Evidence {
  const registries = [{ server: 'acrshop.azurecr.io', username, secret: 'acr-token' }];
  return {
    ...roleMissing,
    app: known({ ...app, registries, secrets }),
    registry: known({ ...registry, adminUser: false }),
    ...(token === undefined ? {} : { token }),
  };
}

const withToken = (facts: Partial<TokenFacts>): Evidence =>
  signedInAs('shop-pull', known({ enabled: true, passwords: [{ name: 'password1' }], ...facts }));

function diagnosed(evidence: Evidence) {
  return diagnose({ target, evidence, suspicions: [unauthorized], pulledBefore: false });
}

function incident(evidence: Evidence) {
  const runbook = runbookFor({ target, cause: 'credential-rejected', diagnosis: diagnosed(evidence), evidence });
  return { advice: runbook.advice, commands: runbook.commands.map(({ text }) => text).join('\n') };
}

const one = (agoMs: number) => [{ name: 'password1', expiresAtMs: nowMs - agoMs }];
const endedAndGood = [...one(hour), { name: 'password2', expiresAtMs: nowMs + hour }];

describe('a fault of a credential', () => {
  const expired = [{ name: 'password1', ago: '1 hour ago' }];

  it.each<[CredentialFault, boolean]>([
    [{ fault: 'secret-missing', secret: 's', has: [] }, true],
    [{ fault: 'admin-user-disabled', username: 'acrshop' }, true],
    [{ fault: 'token-disabled', token: 't' }, true],
    [{ fault: 'token-expired', token: 't', expired }, true],
    [{ fault: 'token-password-expired', token: 't', expired }, false],
    [{ fault: 'token-unknown', username: 't' }, false],
    [{ fault: 'login-token' }, false],
    [{ fault: 'service-principal', application }, false],
  ])('%j proves that it cannot work: %s', (fault, proves) => {
    expect(cannotWork(fault)).toBe(proves);
  });

  it('is not found in a registry that cannot be read', () => {
    const unread = { ...signedInAs('acrshop'), registry: unreadable<never>('forbidden') };

    expect(credentialFaults(target, unread)).toEqual([]);
  });
});

describe('a user name', () => {
  it.each([
    ['AcrShop', { as: 'admin', username: 'AcrShop' }],
    ['00000000-0000-0000-0000-000000000000', { as: 'login-token' }],
    [application, { as: 'service-principal', application }],
    ['shop-pull', { as: 'token', token: 'shop-pull' }],
    ['a/../b', { as: 'unknown-account' }],
    ['anna@contoso.example', { as: 'unknown-account' }],
    ['annabel@contoso.example', { as: 'unknown-account' }],
    [`x${application}`, { as: 'token', token: `x${application}` }],
    [`${application}x`, { as: 'token', token: `${application}x` }],
  ])('%s stands for %j', (username, who) => {
    expect(signsInAs(target, signedInAs(username))).toEqual(who);
  });

  it('of a registry outside of Azure is nobody that ARM knows', () => {
    const outside = targetOf(appId, 'ghcr.io/shop/orders:v1');
    const evidence = signedInAs('shop-pull');
    const registries = [{ server: 'ghcr.io', username: 'shop-pull', secret: 's' }];

    expect(signsInAs(outside, { ...evidence, app: known({ ...app, registries }) })).toBeUndefined();
  });

  it('is looked up as a token where it can be one, once the registry is known', () => {
    const { registry: _, ...without } = signedInAs('shop-pull');

    expect(nextProbes(target, signedInAs('shop-pull'))).toContain('token');
    expect(nextProbes(target, without)).not.toContain('token');
    for (const other of ['acrshop', application, 'a/../b'])
      expect(nextProbes(target, signedInAs(other))).not.toContain('token');
  });
});

describe('a token', () => {
  it.each<[string, Evidence, 'confirmed' | 'suspected', FindingCode, Record<string, string>]>([
    ['that is disabled', withToken({ enabled: false }), 'confirmed', 'token-disabled', { token: 'shop-pull' }],
    [
      'whose only password ended',
      withToken({ passwords: one(3 * hour) }),
      'confirmed',
      'token-expired',
      { token: 'shop-pull', passwords: 'password1 expired 3 hours ago' },
    ],
    [
      'both of whose passwords ended',
      withToken({ passwords: [...one(hour), { name: 'password2', expiresAtMs: nowMs - 2 * hour }] }),
      'confirmed',
      'token-expired',
      { token: 'shop-pull', passwords: 'password1 expired 1 hour ago, password2 expired 2 hours ago' },
    ],
    [
      'without a password',
      withToken({ passwords: [] }),
      'confirmed',
      'token-expired',
      { token: 'shop-pull', passwords: 'none' },
    ],
    [
      'one of whose passwords ended',
      withToken({ passwords: endedAndGood }),
      'suspected',
      'token-password-expired',
      { token: 'shop-pull', passwords: 'password1 expired 1 hour ago' },
    ],
    [
      'that is not there',
      signedInAs('shop-pull', known('none')),
      'suspected',
      'token-unknown',
      { username: 'shop-pull' },
    ],
  ])('%s is named', (_, evidence, sure, code, detail) => {
    const diagnosis = diagnosed(evidence);

    expect(diagnosis.causes).toEqual(['credential-rejected']);
    expect(diagnosis.sure).toBe(sure);
    expect(diagnosis.for).toContainEqual({ code, detail });
    expect(diagnosis.against.map((one) => one.code)).toEqual(['network-allows']);
  });

  it('with which nothing is wrong is good, also where the secret is missing', () => {
    const good = known({ enabled: true, passwords: [{ name: 'password1' }] });
    const { against, causes } = diagnosed(signedInAs('shop-pull', good, []));

    expect(causes).toEqual(['credential-rejected']);
    expect(against).toContainEqual({ code: 'token-good', detail: {} });
  });

  it.each([
    [30_000, '1 minute ago'],
    [59 * minute, '59 minutes ago'],
    [47 * hour, '1 day ago'],
    [0, '1 minute ago'],
  ])('that ended %i ms ago ended %s', (ms, words) => {
    expect(JSON.stringify(diagnosed(withToken({ passwords: one(ms) })).for)).toContain(`password1 expired ${words}`);
  });

  it.each<[string, TokenFacts['passwords']]>([
    ['has no end', [{ name: 'password1' }]],
    ['ends later', [{ name: 'password1', expiresAtMs: nowMs + 1 }]],
  ])('whose password %s speaks against an end, and is no proof', (_, passwords) => {
    const diagnosis = diagnosed(withToken({ passwords }));

    expect(diagnosis.sure).toBe('suspected');
    expect(diagnosis.against.map(({ code }) => code)).toContain('token-good');
  });

  it('that could not be read is neither good nor bad', () => {
    const diagnosis = diagnosed(signedInAs('shop-pull', unreadable('forbidden')));

    expect(diagnosis.sure).toBe('suspected');
    expect(diagnosis.against).toContainEqual({ code: 'token-unreadable', detail: { why: 'forbidden' } });
    expect([...diagnosis.for, ...diagnosis.against].map(({ code }) => code)).not.toContain('token-good');
  });
});

describe('the incident', () => {
  it('renews the password that did not end, and leaves the other alone', () => {
    const first = incident(withToken({ passwords: one(hour) }));
    const second = incident(withToken({ passwords: [{ name: 'password2', expiresAtMs: nowMs - hour }] }));

    expect(first.advice).toContain('no good password: Its password1 expired 1 hour ago');
    expect(first.commands).toContain('az acr token credential generate --name shop-pull --registry acrshop');
    expect(first.commands).toContain('--password2');
    expect(second.commands).toContain('--password1');
    expect(first.commands).not.toContain('--status enabled');
  });

  it('lets a disabled token sign in again first', () => {
    const { advice, commands } = incident(withToken({ enabled: false }));

    expect(advice).toContain('is disabled');
    expect(commands.indexOf('--status enabled')).toBeGreaterThanOrEqual(0);
    expect(commands.indexOf('--status enabled')).toBeLessThan(commands.indexOf('credential generate'));
  });

  it('says that one of two passwords ended, and that it cannot be read which one the app has', () => {
    expect(incident(withToken({ passwords: endedAndGood })).advice).toContain(
      'it cannot be read which password the app has',
    );
    expect(incident(withToken({ passwords: [] })).advice).toContain('which has no password');
    expect(incident(signedInAs('shop-pull', known('none'))).advice).toContain('no token “shop-pull”');
  });
});

describe('an application of Entra', () => {
  const evidence = signedInAs(application);

  it('is suspected only: when its secret ends is kept where pullmedic does not look', () => {
    const diagnosis = diagnosed(evidence);

    expect(diagnosis.sure).toBe('suspected');
    expect(diagnosis.for).toContainEqual({ code: 'service-principal-used', detail: { application } });
  });

  it('gets an incident that shows how to look, and how to add a secret while the old one stays', () => {
    const { advice, commands } = incident(evidence);

    expect(advice).toContain('pullmedic does not read it');
    expect(commands).toContain(`az ad app credential list --id ${application}`);
    expect(commands).toContain(`az ad app credential reset --id ${application} --append`);
  });
});
