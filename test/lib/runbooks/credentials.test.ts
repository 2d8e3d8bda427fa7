// Runbooks of registry entries: what they offer depends on whose registry it is.
import { describe, expect, it } from 'vitest';
import { known } from '../../../src/lib/words/fact.ts';
import { app, dnsUnlinked, target } from '../facts.ts';
import { textOf } from './cases.ts';

describe('the commands for an entry', () => {
  it('offer no managed identity for a registry that is not in Azure', () => {
    const hub = { ...target, registry: 'docker.io', image: 'acme/orders:v1' };

    for (const cause of ['credential-rejected', 'registry-not-configured'] as const)
      expect(textOf(cause, { target: hub })).not.toContain('--identity');
  });

  it('keep the spelling of its server in the template: under another one it would be a second entry', () => {
    const hub = { ...target, registry: 'docker.io', image: 'acme/orders:v1' };
    const entry = { server: 'index.docker.io', username: 'acme', secret: 'hub' };
    const evidence = { ...dnsUnlinked, app: known({ ...app, registries: [entry], secrets: ['hub'] }) };

    expect(textOf('credential-rejected', { target: hub, evidence })).toContain("server: 'index.docker.io'");
  });
});

describe('a secret that the app does not have', () => {
  const entry = { server: target.registry, username: 'acrshop', secret: 'reg-pswd-1' };
  const said = textOf('credential-rejected', {
    evidence: { ...dnsUnlinked, app: known({ ...app, registries: [entry], secrets: ['registry-password'] }) },
  });

  it('is no refusal of the registry, which was not asked, and there is no previous one to keep', () => {
    expect(said).toContain('lacks the secret reg-pswd-1');
    expect(said).not.toContain('rejects the credential');
    expect(said).not.toContain('Keep the previous secret');
  });
});

describe('an account that takes a token only', () => {
  it('gets no other password', () => {
    const text = '401 Unauthorized: your account must log in with a Personal Access Token (PAT)';
    const row = { atMs: 0, revision: '', replica: '', reason: '', severity: '', text };
    const evidence = { ...dnsUnlinked, logs: known([row]) };

    expect(textOf('credential-rejected', { evidence })).toContain('a personal access token only');
    expect(textOf('credential-rejected', { evidence: dnsUnlinked })).not.toContain('personal access token');
  });
});

describe('the admin user', () => {
  const entry = { server: target.registry, username: 'acrshop', secret: 'acr' };
  const evidence = { ...dnsUnlinked, app: known({ ...app, registries: [entry], secrets: ['acr'] }) };

  it('keeps both passwords, which other programs use: the app gets the one that is good now', () => {
    const said = textOf('credential-rejected', { evidence });

    expect(said).toContain('az acr credential show');
    expect(said).not.toContain('credential renew');
  });
});

describe('a login token', () => {
  const entry = { server: target.registry, username: '00000000-0000-0000-0000-000000000000', secret: 'acr' };
  const evidence = { ...dnsUnlinked, app: known({ ...app, registries: [entry], secrets: ['acr'] }) };

  it('is replaced by an identity, and not by another token of its kind', () => {
    const said = textOf('credential-rejected', { evidence });

    expect(said).toContain('az role assignment create');
    expect(said).not.toContain('secret set');
  });
});
