// A text about a name that does not resolve, or about the service that issues tokens, is read beside what the network has.
import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/lib/classify/classify.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import { app, appId, nowMs, revision, roleMissing } from '../facts.ts';
import { inVnet, openly, subnet, toAppliance, vnet } from './network-cases.ts';

function lookup(host: string, failure: string, server = '10.1.0.4') {
  return `failed to do request: Head "https://${host}/v2/contoso/a/manifests/1": dial tcp: lookup ${host} on ${server}:53: ${failure}`;
}

function causeOf(image: string, evidence: Partial<Evidence>, ...texts: string[]): readonly string[] {
  const rows = texts.map((text, index) => ({
    atMs: nowMs + index,
    revision: revision.name,
    replica: '',
    reason: 'ContainerTerminated',
    severity: '',
    text,
  }));
  const all: Evidence = {
    atMs: nowMs,
    app: known({ ...app, images: [image], registries: [] }),
    revisions: known([{ ...revision, images: [image] }]),
    logs: known(rows),
    ...evidence,
  };
  const suspicions = texts.map((text) => classify(text));
  return diagnose({ target: targetOf(appId, image), evidence: all, suspicions, pulledBefore: false }).causes;
}

const ownServers = { environment: inVnet, ...subnet([]), ...vnet({ dnsServers: ['10.1.0.4'] }) };
const azureServers = { environment: inVnet, ...subnet([]), ...vnet() };
const noNetwork = { environment: roleMissing.environment ?? unreadable('not-asked') };

describe('a name that did not resolve', () => {
  const microsoft = 'mcr.microsoft.com/contoso/a:1';

  it.each(['no such host', 'server misbehaving', 'i/o timeout'])(
    'is not misspelt where it is a public one: %s',
    (failure) => {
      const text = lookup('mcr.microsoft.com', failure);

      expect(causeOf(microsoft, ownServers, text)).toEqual(['custom-dns']);
      expect(causeOf(microsoft, { ...ownServers, vnet: unreadable('forbidden') }, text)).toEqual(['custom-dns']);
      expect(causeOf(microsoft, azureServers, text)).toEqual(['unexplained']);
      expect(causeOf(microsoft, noNetwork, text)).toEqual(['unexplained']);
    },
  );

  it('is the name servers’ failure where they are the network’s own and gave no answer', () => {
    const image = 'harbor.contoso.example/contoso/a:1';
    const misbehaving = lookup('harbor.contoso.example', 'server misbehaving');
    const unknown = lookup('harbor.contoso.example', 'no such host');

    expect(causeOf(image, ownServers, misbehaving)).toEqual(['custom-dns']);
    expect(causeOf(image, ownServers, unknown)).toEqual(['name-wrong']);
    expect(causeOf(image, ownServers, misbehaving, unknown)).toEqual(['name-wrong']);
    expect(causeOf(image, azureServers, misbehaving)).toEqual(['name-wrong']);
    expect(causeOf(image, { ...ownServers, vnet: unreadable('forbidden') }, misbehaving)).toEqual(['name-wrong']);
  });
});

describe('a sign-in service that cannot be reached', () => {
  const image = 'acrshop.azurecr.io/shop/orders:v1';
  const post = (failure: string) =>
    `Failed to construct registry secret for registry acrshop.azurecr.io: Post "https://login.microsoftonline.com/t/oauth2/v2.0/token": ${failure}`;
  const mine = { ...openly, ...subnet([], [toAppliance]), ...vnet(), logs: known([]) };
  const causes = (evidence: Evidence, text: string) => {
    const row = { atMs: nowMs, revision: revision.name, replica: '', reason: 'x', severity: '', text };
    const all = { ...evidence, logs: known([row]) };
    return diagnose({
      target: targetOf(appId, image),
      evidence: all,
      suspicions: [classify(text)],
      pulledBefore: false,
    }).causes;
  };

  it('that the text names is the cause, and not the way to the registry', () => {
    expect(causes(mine, post('dial tcp 20.190.1.1:443: i/o timeout'))).toEqual(['identity-egress-blocked']);
    expect(causes(mine, post('net/http: TLS handshake timeout'))).toEqual(['identity-egress-blocked']);
  });

  it('is a matter of names where the look-up failed and the network has servers of its own', () => {
    const failed = post('dial tcp: lookup login.microsoftonline.com on 10.1.0.4:53: server misbehaving');

    expect(causes({ ...mine, ...vnet({ dnsServers: ['10.1.0.4'] }) }, failed)).toEqual(['custom-dns']);
    expect(causes(mine, failed)).toEqual(['identity-egress-blocked']);
  });

  it('is not what a refusal of that service is, nor a failure outside of any network of the user’s', () => {
    expect(causes(mine, post('401 Unauthorized'))).not.toContain('identity-egress-blocked');
    const alone = { ...mine, environment: roleMissing.environment ?? unreadable('not-asked') };
    expect(causes(alone, post('dial tcp 20.190.1.1:443: i/o timeout'))).not.toContain('identity-egress-blocked');
  });
});
