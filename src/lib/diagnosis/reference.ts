// An image reference that cannot be right: what ARM's own text of the template proves, before any log or registry is asked.

import type { Cause } from '../causes/causes.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { appOf } from '../evidence/evidence.ts';
import type { Diagnosis, Finding } from '../history/diagnosis.ts';
import { isDockerHub, isHubWebsite } from '../words/docker-hub.ts';
import { valueOf } from '../words/fact.ts';
import { parseImageRef } from '../words/image-ref.ts';
import { isCertain, namesHost, referenceFault } from '../words/reference-fault.ts';
import { isAzureRegistry } from '../words/registry-host.ts';
import { type Target, unnamedImage } from '../words/target.ts';
import { meantEntry } from './credentials.ts';
import { finding } from './findings.ts';
import { leadingSuspicion, rowsOfTarget } from './text-claims.ts';
import type { DiagnosisInput, Verdict } from './verdict.ts';
import { confirmed } from './verdict.ts';

/** What the reference itself proves, with its finding; `undefined` where it proves nothing. */
export function verdictOfReference(input: DiagnosisInput): { verdict: Verdict; found: Finding } | undefined {
  const { target, evidence } = input;
  const fault = target.image === unnamedImage ? undefined : referenceFault(target.image);
  if (fault === undefined) return undefined;
  const proven = isCertain(fault) || (fault === 'host-in-path' && valueOf(evidence.manifest)?.state === 'missing');
  return proven ? { verdict: confirmed('reference-invalid'), found: faultFinding(target, fault) } : undefined;
}

/**
 * A reference that neither facts nor text prove to be wrong is suspected where nothing else explains the failure. An image without a host is
 * suspected beside what a refusal alone suggests.
 */
export function orDoubtedReference(input: DiagnosisInput, diagnosis: Diagnosis): Diagnosis {
  const { target, evidence } = input;
  if (target.image === unnamedImage) return diagnosis;
  if (isRefusedOnTheWay(input, diagnosis))
    return { ...diagnosis, causes: [causeOnTheWay(diagnosis)], sure: 'suspected' };
  const fault = referenceFault(target.image);
  const server = fault === undefined ? serverWithoutImages(target, evidence) : undefined;
  const refused = fault === undefined ? causesOfRefusal(input, diagnosis) : undefined;
  const noSuchImage = refused !== undefined && isOfficial(target) && isDockerHub(target.registry);
  const doubted = fault ?? (server !== undefined ? 'no-host' : noSuchImage ? 'no-official-image' : undefined);
  const causes = doubted === undefined ? undefined : refused;
  if (doubted === undefined || diagnosis.serves || (diagnosis.sure !== 'unexplained' && causes === undefined))
    return diagnosis;
  const found = faultFinding(target, doubted, server);
  return { ...diagnosis, causes: causes ?? ['reference-invalid'], sure: 'suspected', for: [...diagnosis.for, found] };
}

/**
 * What may be wrong where Docker Hub refused an image: an entry for another registry was meant for this image, or the repository is private. A
 * name of one part is never private: all of them are official images (Docker, "Docker Official Images"), so one that is refused in the words for a
 * repository that does not exist is called so by no image. A wrong password, a token service that refuses everybody, and a proxy have other words.
 * `undefined` where facts explain the refusal.
 */
function causesOfRefusal(input: DiagnosisInput, { causes, sure }: Diagnosis): Cause[] | undefined {
  const { target, evidence } = input;
  const leading = leadingSuspicion(input.suspicions);
  const byHub = leading?.registry === undefined || isDockerHub(leading.registry);
  if (sure !== 'suspected' || leading?.label !== 'unauthorized' || !byHub || causes.length !== 1) return undefined;
  const [only] = causes;
  const server = serverWithoutImages(target, evidence);
  if (only === 'credential-rejected') return server === undefined ? undefined : ['reference-invalid', only];
  if (only !== 'registry-not-configured' || meantEntry(target, appOf(evidence)?.registries ?? [])) return undefined;
  if (isOfficial(target)) return ['reference-invalid'];
  // The only entry is for a registry of Azure, and no image is of it: the host was lost more probably than an image of Docker Hub is private.
  return server !== undefined && isAzureRegistry(server) ? ['reference-invalid', only] : [only, 'reference-invalid'];
}

/** An official image needs no sign-in. One that is refused in other words than those for a missing repository was refused by something before it. */
function isRefusedOnTheWay(input: DiagnosisInput, { causes, sure }: Diagnosis): boolean {
  const { target, evidence, suspicions } = input;
  const ofHub =
    isOfficial(target) && isDockerHub(target.registry) && serverWithoutImages(target, evidence) === undefined;
  const refused = leadingSuspicion(suspicions)?.label === 'unauthorized' && !saysMayNotExist(input);
  return ofHub && refused && sure === 'suspected' && causes.length === 1 && causes[0] === 'registry-not-configured';
}

/** An appliance on the way, where the routes lead through one; else the token service of the registry. */
function causeOnTheWay({ against }: Diagnosis): Cause {
  const routed = against.some(
    ({ code, detail }) => code === 'network-cannot-tell' && detail['why'] === 'routed-to-appliance',
  );
  return routed ? 'egress-blocked' : 'registry-unavailable';
}

function saysMayNotExist({ target, evidence, suspicions }: DiagnosisInput): boolean {
  const rows = rowsOfTarget(target, evidence).map(({ text }) => text);
  return [...rows, leadingSuspicion(suspicions)?.words ?? ''].some((text) => mayNotExist.test(text));
}

/** Docker and containerd, of a repository that is private or does not exist. */
const mayNotExist =
  /pull access denied|requested access to the resource is denied|insufficient_scope|repository does not exist/i;

function isOfficial({ image }: Target): boolean {
  return parseImageRef(image)?.repository.startsWith('library/') === true;
}

function faultFinding(target: Target, fault: string, server?: string): Finding {
  return finding('reference-wrong', { image: target.image, fault, ...(server === undefined ? {} : { server }) });
}

/** The only registry that the app has an entry for, where the image names no host and no image of the app is of that registry. */
export function serverWithoutImages({ image }: Target, evidence: Evidence): string | undefined {
  const app = appOf(evidence);
  const [only, ...others] = app?.registries ?? [];
  if (app === undefined || only === undefined || others.length > 0 || namesHost(image)) return undefined;
  const server = only.server.toLowerCase();
  const used = app.images.some((one) => parseImageRef(one)?.registry === server);
  return used || isDockerHub(server) || isHubWebsite(server) ? undefined : server;
}
