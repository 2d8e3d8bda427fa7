// An account that may sign in and may not read the repository.
import { describe, expect, it } from 'vitest';
import { known } from '../../../src/lib/words/fact.ts';
import { app, dnsUnlinked, nowMs, target } from '../facts.ts';
import { diagnosisOf, textOf } from './cases.ts';

const entry = { server: target.registry, username: 'aca-pull', secret: 'acr' };
const withToken = (expiresAtMs: number) => ({
  ...dnsUnlinked,
  app: known({ ...app, registries: [entry], secrets: ['acr'] }),
  token: known({ enabled: true, passwords: [{ name: 'password1', expiresAtMs }] }),
});
const lacking = {
  diagnosis: { ...diagnosisOf('credential-rejected', {}), for: [{ code: 'right-lacking', detail: {} } as const] },
};

describe('a token of the registry that is good', () => {
  it('is not renewed: its scope map is shown and widened', () => {
    const said = textOf('credential-rejected', { evidence: withToken(nowMs + 1000), ...lacking });

    expect(said).toContain('The log says that the right on the repository is missing');
    expect(said).toContain('az acr token show --name aca-pull');
    expect(said).toContain('--add-repository shop/orders content/read metadata/read');
    expect(said).toContain('in place of SCOPE_MAP');
    expect(said).not.toContain('az acr token credential generate');
  });

  it('is renewed where its passwords have expired, whatever the log says', () => {
    const said = textOf('credential-rejected', { evidence: withToken(nowMs - 1000), ...lacking });

    expect(said).toContain('az acr token credential generate');
    expect(said).not.toContain('scope map');
  });
});

describe('a token that is not authorized for its organisation', () => {
  const row = {
    atMs: 0,
    revision: '',
    replica: '',
    reason: '',
    severity: '',
    text: 'grant your Personal Access token access',
  };
  const ghcr = { target: { ...target, registry: 'ghcr.io', image: 'ghcr.io/contoso/api:v7' } };
  const said = textOf('credential-rejected', { ...ghcr, ...lacking, evidence: { atMs: 0, logs: known([row]) } });

  it('is authorized, and no new one is made', () => {
    expect(said).toContain('Configure SSO');
    expect(said).not.toMatch(/secret set|registryPassword|previous secret/);
  });
});

describe('a token of GitHub without a scope', () => {
  const text = '403 Forbidden: permission_denied: The token provided does not match expected scopes.';
  const row = { atMs: 0, revision: '', replica: '', reason: '', severity: '', text };
  const ghcr = { target: { ...target, registry: 'ghcr.io', image: 'ghcr.io/contoso/api:v7' } };

  it('is replaced by one with it: the same scopes again would change nothing', () => {
    const said = textOf('credential-rejected', { ...ghcr, ...lacking, evidence: { atMs: 0, logs: known([row]) } });

    expect(said).toContain('read:packages');
    expect(said).toContain('secret set');
  });
});

describe('the user AWS of Amazon', () => {
  const of = (username: string, host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com'): string =>
    textOf('credential-rejected', {
      target: { ...target, registry: host, image: `${host}/shop/api:v7` },
      evidence: { atMs: 0, app: known({ ...app, registries: [{ server: host, username, secret: 'ecr' }] }) },
    });

  it('has passwords that last for 12 hours, and another user may not', () => {
    expect(of('AWS')).toContain('lasts for 12 hours');
    expect(of('AWS', 'public.ecr.aws')).toContain('lasts for 12 hours');
    expect(of('bot')).not.toContain('12 hours');
  });
});

describe('an account of another registry', () => {
  const ghcr = { target: { ...target, registry: 'ghcr.io', image: 'ghcr.io/contoso/api:v7' }, evidence: { atMs: 0 } };

  it('that lacks a right gets no advice about a rotated password', () => {
    expect(textOf('credential-rejected', { ...ghcr, ...lacking })).toContain('the account lacks a right there');
    expect(textOf('credential-rejected', { ...ghcr, ...lacking })).not.toContain('rotated');
    expect(textOf('credential-rejected', ghcr)).toContain('rotated');
  });
});
