// An entry of another registry stops the pull only where a text tells what that entry's facts explain.
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../src/lib/causes/causes.ts';
import { classify, type Suspicion } from '../../../src/lib/classify/classify.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import { subjectOf } from '../../../src/lib/diagnosis/named-registry.ts';
import { readRows, rowsOfOthers, textOf } from '../../../src/lib/diagnosis/recovery.ts';
import {
  asFarAsTold,
  entryBehindRefusal,
  meansEntry,
  tellsNoPlace,
  tellsOfImage,
} from '../../../src/lib/diagnosis/told-of-entry.ts';
import type { AppFacts, LogRow, RegistryEntry } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Diagnosis, Sureness } from '../../../src/lib/history/diagnosis.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { targetOf } from '../../../src/lib/words/target.ts';
import {
  app,
  appId,
  assignment,
  identityId,
  minute,
  nowMs,
  image as ownImage,
  registry,
  revision,
  roleMissing,
  stuckReplica,
  unauthorizedRow,
} from '../facts.ts';

const read = ({ text, reason, severity }: LogRow): Suspicion => classify(text, { reason, type: severity });
const shop: RegistryEntry = { server: 'acrshop.azurecr.io', identity: identityId };
const tools: RegistryEntry = { server: 'acrtools.azurecr.io', identity: identityId };
const refusedWithoutName = "Container 'app' was terminated with exit code '' and reason 'ImagePullUnauthorizedFailure'";
const signIn = (why: string): string =>
  `Failed to construct registry secret for registry 'acrtools.azurecr.io' for ContainerApp 'ca-orders'. Error: ${why}`;

function rowOf(text: string): LogRow {
  return { ...unauthorizedRow, reason: 'ContainerTerminated', text };
}

/** An app with this image and these entries; the identity has no role at the registry that is read. */
function world(image: string, registries: readonly RegistryEntry[], texts: readonly string[]): Evidence {
  const facts: AppFacts = { ...app, images: [image], registries: [...registries] };
  const containers = [{ name: 'app', image, ready: false, state: 'Waiting' }];
  return {
    ...roleMissing,
    app: known(facts),
    revisions: known([{ ...revision, images: [image] }]),
    replicas: known([{ ...stuckReplica, containers }]),
    logs: known(texts.map((text, at) => ({ ...rowOf(text), atMs: nowMs - minute + at }))),
  };
}

function diagnosed(image: string, evidence: Evidence): Diagnosis & { readonly about: string } {
  const subject = subjectOf(targetOf(appId, image), evidence);
  const said = textOf(subject, readRows(subject, evidence, read), rowsOfOthers(subject, evidence, read));
  return { ...diagnose({ target: subject, evidence, ...said, pulledBefore: false }), about: subject.registry };
}

describe('a refusal that names no registry, of an image without a host', () => {
  const hub = 'nginx:1.27';
  const seen = (more: Partial<Evidence> = {}, ...texts: string[]) => ({
    ...world(hub, [shop], texts.length === 0 ? [refusedWithoutName] : texts),
    ...more,
  });

  it('leads to the only entry of the app: its missing role is named, and suspected at most', () => {
    expect(diagnosed(hub, seen())).toMatchObject({
      about: 'acrshop.azurecr.io',
      causes: ['pull-role-missing'],
      sure: 'suspected',
    });
  });

  it('leads to the doubt about the image where the entry has its role', () => {
    const found = diagnosed(hub, seen({ roles: known([assignment(600 * minute)]) }));

    expect(found).toMatchObject({ causes: ['reference-invalid'], sure: 'suspected' });
  });

  it.each<[string, Evidence]>([
    ['a text names Docker Hub', seen({}, 'Failed to pull image: https://registry-1.docker.io/v2/ 401 unauthorized')],
    ['a text names the image', seen({}, `Failed to pull image "${hub}": pull access denied`, refusedWithoutName)],
    ['no text tells of a refusal', seen({}, 'Failed to pull image: no space left on device')],
    ['there is no text', seen({ logs: known([]) })],
    ['there are two entries', world(hub, [shop, tools], [refusedWithoutName])],
    [
      'another image is of that registry',
      {
        ...seen(),
        app: known({ ...app, images: [hub, ownImage], registries: [shop] }),
      },
    ],
  ])('leads to no entry where %s', (_, evidence) => {
    expect(entryBehindRefusal(targetOf(appId, hub), evidence)).toBeUndefined();
    expect(diagnosed(hub, evidence).about).toBe('docker.io');
  });
});

describe('a text that names the registry of another entry', () => {
  const both = (...texts: string[]): Evidence => ({
    ...world(ownImage, [shop, tools], texts),
    registry: known({ ...registry, loginServer: 'acrtools.azurecr.io' }),
  });

  it.each([
    'ImagePullFailure: dial tcp: lookup acrtools.azurecr.io: no such host',
    'ImagePullFailure: dial tcp acrtools.azurecr.io:443: i/o timeout',
    'ImagePullFailure: https://acrtools.azurecr.io/v2/: x509: certificate signed by unknown authority',
    "ImagePullFailure: acrtools.azurecr.io: client with IP '20.9.9.9' is not allowed access",
  ])('and a way that a runtime never takes for this image does not move the diagnosis: %s', (text) => {
    const evidence = both(text);

    expect(meansEntry(rowOf(text), read(rowOf(text)))).toBe(false);
    expect(subjectOf(targetOf(appId, ownImage), evidence).registry).toBe('acrshop.azurecr.io');
  });

  it.each(['dial tcp: lookup acrtools.azurecr.io: no such host', 'x509: certificate signed by unknown authority'])(
    'and a sign-in of the platform that never reached it confirms no missing role: %s',
    (why) => {
      const found = diagnosed(ownImage, both(signIn(why)));

      expect(found).toMatchObject({ about: 'acrtools.azurecr.io', causes: ['pull-role-missing'], sure: 'suspected' });
    },
  );

  it('and a refusal confirms the missing role, also beside a text about the way', () => {
    const refused = signIn('ACR token exchange endpoint returned error status: 401. body: UNAUTHORIZED');
    const missing = { about: 'acrtools.azurecr.io', causes: ['pull-role-missing'], sure: 'confirmed' };

    expect(diagnosed(ownImage, both(refused))).toMatchObject(missing);
    expect(diagnosed(ownImage, both(refused, signIn('lookup acrtools.azurecr.io: no such host')))).toMatchObject(
      missing,
    );
  });

  it('by its name in the private zone means the entry too', () => {
    const evidence = both('Failed to pull image: acrtools.privatelink.azurecr.io returned 401 Unauthorized');

    expect(diagnosed(ownImage, evidence).about).toBe('acrtools.azurecr.io');
  });
});

describe('a diagnosis of an entry for which Azure rejected a write, that no text names', () => {
  const target = { ...targetOf(appId, ownImage), registry: 'acrtools.azurecr.io' };
  const rejected: Evidence = {
    ...world(ownImage, [shop, tools], ['Failed to pull image.']),
    app: known({ ...app, registries: [shop, tools], provisioningState: 'Failed' }),
    revisions: known([]),
    replicas: known([]),
  };
  const input = { target, evidence: rejected, suspicions: [], pulledBefore: false };

  it.each<[Cause, Sureness]>([
    ['identity-not-assigned', 'confirmed'],
    ['credential-rejected', 'confirmed'],
    ['pull-role-missing', 'suspected'],
    ['no-private-path', 'suspected'],
  ])('%s is %s', (cause, sure) => {
    const found: Diagnosis = {
      causes: [cause],
      sure: 'confirmed',
      found: [],
      against: [],
      network: 'allows',
      detail: {},
    } as never;

    expect(asFarAsTold(input, found).sure).toBe(sure);
  });
});

describe('what a text tells of', () => {
  const target = targetOf(appId, ownImage);
  const said = (...texts: string[]): Evidence => world(ownImage, [shop, tools], texts);

  it('is no place where it names neither an image nor a registry', () => {
    expect(tellsNoPlace(target, said('unable to pull image using Managed identity.'))).toBe(true);
    expect(tellsNoPlace(target, said(`Failed to pull image "${ownImage}"`))).toBe(false);
    expect(tellsNoPlace(target, said('Failed to pull image: lookup acrshop.azurecr.io: no such host'))).toBe(false);
  });

  it('is the image where it gives a reason that no entry explains', () => {
    expect(tellsOfImage(target, said(`Failed to pull image "${ownImage}": MANIFEST_UNKNOWN`))).toBe(true);
    expect(tellsOfImage(target, said(`Failed to pull image "${ownImage}": UNAUTHORIZED`))).toBe(false);
    expect(tellsOfImage(target, said('Failed to pull image: no space left on device'))).toBe(false);
  });
});

describe('a diagnosis of the image’s own registry', () => {
  it('is as sure as its facts, whatever the texts name', () => {
    const target = targetOf(appId, ownImage);
    const evidence = world(ownImage, [shop], ['ImagePullFailure: lookup acrshop.azurecr.io: no such host']);
    const input = { target, evidence, suspicions: [], pulledBefore: false };
    const found = diagnose(input);

    expect(found).toMatchObject({ causes: ['pull-role-missing'], sure: 'confirmed' });
    expect(asFarAsTold(input, found)).toBe(found);
  });
});
