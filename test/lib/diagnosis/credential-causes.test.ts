// Causes and findings of an app that signs in with a user name and a secret, or that has no entry for the registry.
import { describe, expect, it } from 'vitest';
import type { Label, Suspicion } from '../../../src/lib/classify/classify.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { RegistryEntry } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { type Diagnosis, type Finding } from '../../../src/lib/history/diagnosis.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import { app, appId, dnsUnlinked, identityId, nowMs, registry, roleMissing, target, unauthorized } from '../facts.ts';

function diagnosed(evidence: Evidence, said: readonly Suspicion[] = [unauthorized], pulledBefore = false): Diagnosis {
  return diagnose({ target, evidence, suspicions: said, pulledBefore });
}

function labelled(label: Label): Suspicion[] {
  return [{ ...unauthorized, label }];
}

const says: Finding = {
  code: 'log-says',
  detail: { label: 'unauthorized', words: 'unauthorized', rule: 'unauthorized' },
};
const open: Finding = { code: 'network-allows', detail: { why: 'public' } };

describe('a user name and a secret', () => {
  const admin: RegistryEntry = { server: target.registry, username: 'acrshop', secret: 'gone' };
  const signedIn = (entry: RegistryEntry, secrets: readonly string[]): Evidence => ({
    ...roleMissing,
    app: known({ ...app, registries: [entry], secrets }),
    registry: known({ ...registry, adminUser: false }),
  });

  it('are named with every fault that ARM shows', () => {
    expect(diagnosed(signedIn(admin, ['db', 'acr']))).toMatchObject({
      for: [
        says,
        { code: 'credential-used', detail: {} },
        { code: 'secret-missing', detail: { secret: 'gone', has: 'db, acr' } },
        { code: 'admin-user-disabled', detail: { registry: 'acrshop' } },
      ],
      against: [open],
    });
  });

  it('that are a login token are named so', () => {
    const token = { ...admin, username: '00000000-0000-0000-0000-000000000000' };

    expect(diagnosed(signedIn(token, ['gone'])).for.slice(1)).toEqual([
      { code: 'credential-used', detail: {} },
      { code: 'login-token-used', detail: {} },
    ]);
  });

  it('of a registry outside of Azure say nothing about a network that we do not read', () => {
    const ghcr = targetOf(appId, 'ghcr.io/shop/orders:v1');
    const evidence = signedIn({ server: 'ghcr.io', username: 'bot', secret: 'gone' }, ['gone']);
    const found = diagnose({ target: ghcr, evidence, suspicions: [unauthorized], pulledBefore: false });

    expect(found.against).toEqual([]);
  });
});

describe('a text that says that the secret of the entry is not there', () => {
  const missing: Suspicion = { label: 'identity-token', rule: 'registry-secret-missing', words: 'SecretRef not found' };
  const ghcr = targetOf(appId, 'ghcr.io/shop/orders:v1');
  const evidence: Evidence = {
    atMs: roleMissing.atMs,
    app: known({ ...app, images: [ghcr.image], registries: [{ server: 'ghcr.io', username: 'shop', secret: 'pat' }] }),
  };
  const causeOf = (said: Suspicion) =>
    diagnose({ target: ghcr, evidence, suspicions: [said], pulledBefore: false }).causes;

  it('suspects the credential, and another text about a token does not', () => {
    expect(causeOf(missing)).toEqual(['credential-rejected']);
    expect(causeOf({ ...missing, rule: 'another' })).toEqual(['unexplained']);
  });
});

describe('an app without an entry for the registry', () => {
  const entries = (base: Evidence, ...servers: string[]): Evidence => ({
    ...base,
    app: known({ ...app, registries: servers.map((server) => ({ server, identity: identityId })) }),
  });

  it('is named with the entries that it has, and the one that was probably meant', () => {
    expect(diagnosed(entries(roleMissing, 'ghcr.io', 'acrshp.azurecr.io'))).toMatchObject({
      causes: ['registry-not-configured'],
      sure: 'confirmed',
      for: [
        says,
        {
          code: 'registry-not-configured',
          detail: { host: target.registry, declared: 'ghcr.io, acrshp.azurecr.io' },
        },
        { code: 'entry-for-another-host', detail: { server: 'acrshp.azurecr.io' } },
      ],
      against: [open],
    });
    expect(diagnosed(entries(roleMissing)).for.slice(1)).toEqual([
      { code: 'registry-not-configured', detail: { host: target.registry } },
    ]);
  });

  it('is not blamed where the network blocks and nothing says that it was refused', () => {
    expect(diagnosed(entries(dnsUnlinked), labelled('manifest-unknown'))).toMatchObject({
      causes: ['private-dns-unlinked'],
      sure: 'confirmed',
    });
  });
});

describe('an account that could sign in and lacks a right', () => {
  const ghcr = targetOf(appId, 'ghcr.io/shop/orders:v1');
  const entry = { server: 'ghcr.io', username: 'bot', secret: 'ghcr' };
  const codes = (text: string, of = ghcr, server = 'ghcr.io'): string[] => {
    const row = { atMs: nowMs, revision: '', replica: '', reason: '', severity: '', text };
    const evidence: Evidence = {
      ...roleMissing,
      app: known({ ...app, images: [of.image], registries: [{ ...entry, server }], secrets: ['ghcr'] }),
      revisions: known([]),
      logs: known([row]),
    };
    return diagnose({ target: of, evidence, suspicions: [unauthorized], pulledBefore: false }).for.map(
      ({ code }) => code,
    );
  };

  it.each([
    'denied: access forbidden',
    'DENIED: Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.',
    'denied: Permission "artifactregistry.repositories.downloadArtifacts" denied on resource "projects/a"',
  ])('is told by the words of its registry: %s', (text) => {
    expect(codes(text)).toContain('right-lacking');
  });

  it('is told by the scope at a registry of Azure, which refuses a wrong password before', () => {
    expect(codes('insufficient_scope: authorization failed', target, target.registry)).toContain('right-lacking');
  });

  it.each(['denied: denied', '403 Forbidden', 'insufficient_scope: authorization failed'])(
    'is not told by words that GitHub and Docker Hub have for an expired password as well: %s',
    (text) => {
      expect(codes(text)).not.toContain('right-lacking');
    },
  );
});

describe('an image of a public registry that refused nothing', () => {
  it('needs no entry, so that none is said to be missing', () => {
    const hub = targetOf(appId, 'docker.io/shop/orders:v1');
    const evidence: Evidence = { ...roleMissing, app: known({ ...app, images: [hub.image], registries: [] }) };
    const found = (said: readonly Suspicion[]): string[] => {
      const { for: speaks, against } = diagnose({ target: hub, evidence, suspicions: said, pulledBefore: false });
      return [...speaks, ...against].map(({ code }) => code);
    };

    expect(found(labelled('rate-limited'))).not.toContain('registry-not-configured');
    expect(found([unauthorized])).toContain('registry-not-configured');
  });

  it('has a host of its own: one that is nearly that of another registry is said so', () => {
    const typo = targetOf(appId, 'ghrc.io/shop/orders:v1');
    const entry = { server: 'ghcr.io', username: 'bot', secret: 'ghcr' };
    const evidence: Evidence = { ...roleMissing, app: known({ ...app, images: [typo.image], registries: [entry] }) };
    const { for: speaks } = diagnose({ target: typo, evidence, suspicions: [unauthorized], pulledBefore: false });

    expect(speaks).toContainEqual({ code: 'host-mistyped', detail: { host: 'ghrc.io', meant: 'ghcr.io' } });
    expect(speaks.map(({ code }) => code)).not.toContain('entry-for-another-host');
  });
});
