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

describe('an account of another registry', () => {
  const ghcr = { target: { ...target, registry: 'ghcr.io', image: 'ghcr.io/contoso/api:v7' }, evidence: { atMs: 0 } };

  it('that lacks a right gets no advice about a rotated password', () => {
    expect(textOf('credential-rejected', { ...ghcr, ...lacking })).toContain('the account lacks a right there');
    expect(textOf('credential-rejected', { ...ghcr, ...lacking })).not.toContain('rotated');
    expect(textOf('credential-rejected', ghcr)).toContain('rotated');
  });
});
