// Whose repository an image is of: a tag that is missing in the repository of other people is pushed by none of the readers.
import { credentialEntry } from '../diagnosis/credentials.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { parseImageRef } from '../words/image-ref.ts';
import { isPublicRegistry, microsoftRegistry } from '../words/registry-host.ts';
import type { Target } from '../words/target.ts';

/**
 * `others`: only the vendor pushes there. `perhaps`: a public registry where every account has repositories, and the app pulls without an account.
 * `own`: a registry of Azure, a private host, or one that the app signs in to.
 */
export type OwnerOfImage = 'own' | 'perhaps' | 'others';

/** Where only Google, NVIDIA, Microsoft and the Kubernetes project push. */
const vendors = /^(?:mcr\.microsoft\.com|nvcr\.io|registry\.k8s\.io)$/;

/** Whether the reader of a runbook can push to the repository of this image. */
export function ownerOfImage(target: Target, evidence: Evidence): OwnerOfImage {
  if (target.registry === microsoftRegistry || vendors.test(target.registry) || isOfficial(target)) return 'others';
  if (!isPublicRegistry(target.registry)) return 'own';
  return credentialEntry(target, evidence)?.username === undefined ? 'perhaps' : 'own';
}

/** An image of Docker Hub with one part is an official one (Docker, "Docker Official Images"). */
function isOfficial({ registry, image }: Target): boolean {
  return isPublicRegistry(registry) && parseImageRef(image)?.repository.startsWith('library/') === true;
}

/**
 * What to do about an image that is missing: `ownWords` where the reader can push it, else a repository that may be gone as a whole. Registries
 * answer alike for a tag and for a repository that does not exist (docs/runbooks/repository-missing.md).
 */
export function adviceForMissing(target: Target, evidence: Evidence, ownWords: string): string {
  const owner = ownerOfImage(target, evidence);
  if (owner === 'own') return ownWords;
  const gone =
    'Check the spelling of the repository and of the tag. The whole repository may be missing, because its owner moved or removed it. Deploy another image, or a copy that you keep in your own registry.';
  return owner === 'others'
    ? `${gone} The repository belongs to others, so you cannot push there.`
    : `${gone} Push it again only if the repository is yours.`;
}
