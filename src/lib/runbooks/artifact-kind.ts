// What stands under a tag in place of an image, as the media type in the text of the log tells: a chart, a signature, an attestation.
import type { RunbookInput } from './runbook.ts';

/** A sentence about what the tag has; empty where the text names no such type. Ends with a space. */
export function sayArtifact({ diagnosis }: Pick<RunbookInput, 'diagnosis'>): string {
  const words = diagnosis.for.find(({ code }) => code === 'log-says')?.detail['words'] ?? '';
  const found = artifacts.find(({ type }) => type.test(words));
  return found === undefined ? '' : `The log names the type of ${found.says} `;
}

/**
 * Sources: the media types of Helm (docs "Use OCI-based registries"), of cosign and Notation (their signature specifications), and of the
 * attestations of BuildKit (docs "Image attestation storage").
 */
const artifacts: readonly { readonly type: RegExp; readonly says: string }[] = [
  {
    type: /vnd\.cncf\.helm/i,
    says: 'a Helm chart: the tag probably has the chart, and the image has another tag or repository.',
  },
  {
    type: /vnd\.dev\.(?:cosign|sigstore)|vnd\.cncf\.notary/i,
    says: 'a signature: the tag probably has what signs the image. Deploy the tag of the image that it signs.',
  },
  {
    type: /vnd\.in-toto/i,
    says: 'an attestation of a build (provenance or a list of contents): deploy the tag of the image itself, or build without them (docker buildx build --provenance=false --sbom=false).',
  },
];
