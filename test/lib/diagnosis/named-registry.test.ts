// Text that names another registry is not about this image.
import { describe, expect, it } from 'vitest';
import { classify, type Suspicion } from '../../../src/lib/classify/classify.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import { otherRegistry } from '../../../src/lib/diagnosis/named-registry.ts';
import { readRows, rowsOfOthers, textOf } from '../../../src/lib/diagnosis/recovery.ts';
import type { LogRow } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { type Target, targetOf } from '../../../src/lib/words/target.ts';
import {
  app,
  appId,
  assignment,
  identityId,
  minute,
  registry,
  roleMissing,
  target,
  unauthorizedRow,
} from '../facts.ts';

const read = ({ text, reason, severity }: LogRow): Suspicion => classify(text, { reason, type: severity });
const exchange = (host: string, status: string): string =>
  `Failed to construct registry secret for registry '${host}' for ContainerApp 'ca-orders'. Ensure the managed identity 'system' has the correct permissions. Error: ACR token exchange endpoint returned error status: ${status}`;
const refusedAddress = (host: string): string =>
  exchange(
    host,
    `403. body: {"errors":[{"code":"DENIED","message":"client with IP '20.9.9.9' is not allowed access."}]}`,
  );
const unauthorizedAt = (host: string): string => exchange(host, '401. body: {"errors":[{"code":"UNAUTHORIZED"}]}');

function diagnosed(evidence: Evidence, of: Target, ...texts: string[]): Diagnosis {
  const logs = known(texts.map((text) => ({ ...unauthorizedRow, reason: 'FetchingKeyVaultSecretFailed', text })));
  const all = { ...evidence, logs };
  const said = textOf(readRows(of, all, read), rowsOfOthers(of, all, read));
  return diagnose({ target: of, evidence: all, ...said, pulledBefore: false });
}

/** The role is old, and the registry lets listed addresses in. */
const listed: Evidence = {
  ...roleMissing,
  roles: known([assignment(60 * minute)]),
  registry: known({ ...registry, defaultAction: 'deny' }),
};

describe('a text that names another registry', () => {
  it('does not put an address that the other one refused on the firewall of this one', () => {
    const found = diagnosed(listed, target, refusedAddress('acrtools.azurecr.io'));

    expect(found).toMatchObject({ causes: ['unexplained'], sure: 'unexplained', network: 'cannot-tell' });
    expect(found.detail).not.toHaveProperty('refusedIp');
    const [shown] = found.against.filter(({ code }) => code === 'log-says-of-another');
    expect(shown?.detail).toMatchObject({ registry: 'acrtools.azurecr.io', label: 'firewall' });
    expect(shown?.detail['words']).toContain('client with IP');
  });

  it('does not ask for a password for the registry of a public image', () => {
    const placeholder = targetOf(appId, 'mcr.microsoft.com/k8se/quickstart:latest');
    const evidence = { ...roleMissing, app: known({ ...app, images: [placeholder.image] }) };

    expect(diagnosed(evidence, placeholder, unauthorizedAt('acrshop.azurecr.io')).causes).toEqual(['unexplained']);
  });

  it('is shown beside the text about this registry, which counts', () => {
    const found = diagnosed(
      listed,
      target,
      refusedAddress('acrshop.azurecr.io').replace('20.9.9.9', '20.1.1.1'),
      refusedAddress('acrtools.azurecr.io'),
    );

    expect(found).toMatchObject({
      causes: ['registry-firewall'],
      sure: 'confirmed',
      detail: { refusedIp: '20.1.1.1' },
    });
    expect(found.against.map(({ code }) => code)).toContain('log-says-of-another');
  });
});

describe('the registry that a text names', () => {
  const said = (host: string, more: Partial<Suspicion> = {}): Suspicion => ({
    label: 'unauthorized',
    rule: 'x',
    words: 'x',
    registry: host,
    ...more,
  });
  const declaring = (...servers: string[]): Evidence => ({
    ...roleMissing,
    app: known({ ...app, registries: servers.map((server) => ({ server, identity: identityId })) }),
  });

  it.each([
    ['acrtools.azurecr.io', declaring()],
    ['acrtools.azurecr.cn', declaring()],
    ['ghcr.io', declaring('ghcr.io')],
    ['docker.io', declaring('index.docker.io')],
    ['acrshop2.azurecr.io', declaring()],
  ])('is another one: %s', (host, evidence) => {
    expect(otherRegistry(target, evidence, said(host))).toBe(host);
  });

  it.each([
    ['its own host', 'acrshop.azurecr.io'],
    ['its regional host', 'acrshop.westeurope.geo.azurecr.io'],
    ['its data endpoint', 'acrshop.westeurope.data.azurecr.io'],
    ['its name in the private zone', 'acrshop.privatelink.azurecr.io'],
    ['the service that issues tokens', 'login.microsoftonline.com'],
    ['a host that keeps layers', 'weuprdacr1.blob.core.windows.net'],
    ['a registry for which the app has no entry, outside of Azure', 'ghcr.io'],
  ])('is none other: %s', (_, host) => {
    expect(otherRegistry(target, declaring('acrshop.azurecr.io'), said(host))).toBeUndefined();
  });

  it('does not count beside an image, or in a text that is about no pull', () => {
    const host = 'acrtools.azurecr.io';

    expect(otherRegistry(target, declaring(), said(host, { image: target.image }))).toBeUndefined();
    expect(otherRegistry(target, declaring(), said(host, { label: 'not-a-pull-failure' }))).toBeUndefined();
    expect(otherRegistry(target, declaring(), said(host, { refused: 'push' }))).toBeUndefined();
  });

  it('is another one of Azure also where the app could not be read', () => {
    const unread: Evidence = { ...roleMissing, app: unreadable('throttled') };

    expect(otherRegistry(target, unread, said('acrtools.azurecr.io'))).toBe('acrtools.azurecr.io');
    expect(otherRegistry(target, unread, said('ghcr.io'))).toBeUndefined();
  });
});
