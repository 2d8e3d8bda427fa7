// An image reference that cannot be right: what ARM's own text of the template proves, before any log or registry is asked.

import type { Evidence } from '../evidence/evidence.ts';
import { appOf } from '../evidence/evidence.ts';
import type { Diagnosis, Finding } from '../history/diagnosis.ts';
import { isDockerHub } from '../words/docker-hub.ts';
import { valueOf } from '../words/fact.ts';
import { parseImageRef } from '../words/image-ref.ts';
import { isCertain, namesHost, referenceFault } from '../words/reference-fault.ts';
import type { Target } from '../words/target.ts';
import { finding } from './findings.ts';
import { leadingSuspicion } from './text-claims.ts';
import type { DiagnosisInput, Verdict } from './verdict.ts';
import { confirmed } from './verdict.ts';

/** What the reference itself proves, with its finding; `undefined` where it proves nothing. */
export function verdictOfReference(input: DiagnosisInput): { verdict: Verdict; found: Finding } | undefined {
  const { target, evidence } = input;
  const fault = referenceFault(target.image);
  if (fault === undefined) return lacksHost(input);
  const proven = isCertain(fault) || (fault === 'host-in-path' && valueOf(evidence.manifest)?.state === 'missing');
  return proven ? { verdict: confirmed('reference-invalid'), found: faultFinding(target, fault) } : undefined;
}

/**
 * An image without a host is of Docker Hub. Where Docker Hub refuses it, and the app has exactly one registry entry, for another registry
 * that none of its images is of, the entry was meant for this image.
 */
function lacksHost(input: DiagnosisInput): { verdict: Verdict; found: Finding } | undefined {
  const leading = leadingSuspicion(input.suspicions);
  const server = serverWithoutImages(input.target, input.evidence);
  const refused =
    leading?.label === 'unauthorized' && (leading.registry === undefined || isDockerHub(leading.registry));
  return server !== undefined && refused
    ? { verdict: confirmed('reference-invalid'), found: faultFinding(input.target, 'no-host', server) }
    : undefined;
}

/** A reference that neither facts nor text prove to be wrong is suspected where nothing else explains the failure. */
export function orDoubtedReference({ target, evidence }: DiagnosisInput, diagnosis: Diagnosis): Diagnosis {
  if (diagnosis.sure !== 'unexplained' || diagnosis.serves) return diagnosis;
  const fault = referenceFault(target.image);
  const server = fault === undefined ? serverWithoutImages(target, evidence) : undefined;
  const doubted = fault ?? (server === undefined ? undefined : 'no-host');
  if (doubted === undefined) return diagnosis;
  const found = faultFinding(target, doubted, server);
  return { ...diagnosis, causes: ['reference-invalid'], sure: 'suspected', for: [...diagnosis.for, found] };
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
  return used || isDockerHub(server) ? undefined : server;
}
