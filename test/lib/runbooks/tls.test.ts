// Runbooks for TLS: the certificate has ended, names another host, is of an unknown authority, or there is none.
import { describe, expect, it } from 'vitest';
import { known } from '../../../src/lib/words/fact.ts';
import { nowMs, revision, roleMissing, target } from '../facts.ts';
import { textOf } from './cases.ts';

const own = { ...target, registry: 'registry.contoso.example', image: 'registry.contoso.example/shop/orders:v1' };

function said(text: string): string {
  const row = { atMs: nowMs, revision: '', replica: '', reason: '', severity: '', text };
  const evidence = { ...roleMissing, revisions: known([{ ...revision, images: [own.image] }]), logs: known([row]) };
  return textOf('tls-untrusted', { target: own, evidence });
}

describe('a TLS connection to the registry that fails', () => {
  it.each([
    [
      'x509: certificate has expired or is not yet valid: current time 2026-06-01T08:00:00Z is after 2026-05-31T23:59:59Z',
      'shows a certificate that ended at 2026-05-31T23:59:59Z',
    ],
    [
      'x509: certificate has expired or is not yet valid: current time 2026-06-01T08:00:00Z is before 2026-06-02T00:00:00Z',
      'is not valid yet',
    ],
    ['x509: certificate is valid for harbor.contoso.example, not registry.contoso.example', 'is for another name'],
    ['http: server gave HTTP response to HTTPS client', 'answers without TLS'],
    ['x509: certificate signed by unknown authority', 'Use a certificate from a public authority'],
  ])('is explained by its own words: %s', (text, words) => {
    expect(said(text)).toContain(words);
  });

  it('is an alias of an Azure registry where the certificate is for one: the app has to name the registry itself', () => {
    const names = '*.azurecr.io, *.westeurope.geo.azurecr.io, not registry.contoso.example';
    const alias = said(`x509: certificate is valid for ${names}`);

    expect(alias).toContain('leads to an Azure registry');
    expect(alias).toContain('--image REGISTRY.azurecr.io/shop/orders:v1');
    expect(alias).toContain('"owner":"app team"');
    expect(said('x509: certificate is valid for x.azurecr.io.evil.example, not y')).not.toContain('Azure registry');
  });

  it('speaks of an authority of its own only where the text does', () => {
    expect(said('x509: certificate has expired')).not.toContain('public authority');
    expect(said('http: server gave HTTP response to HTTPS client')).not.toContain('public authority');
  });
});
