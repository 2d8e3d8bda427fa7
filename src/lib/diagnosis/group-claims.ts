// What the codes of Container Instances claim that name no cause in words of a registry: a write of a container group that was refused.

import type { Cause } from '../causes/causes.ts';
import type { Suspicion } from '../classify/classify.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { appOf } from '../evidence/evidence.ts';

/**
 * The cause that a code speaks for. Source: Microsoft's pages "Image pull failures of Container Instances with a managed identity" and
 * "RegistryErrorResponse", which give these codes, one of them with this spelling.
 */
export function causeOfGroupCode(evidence: Evidence, { words }: Suspicion): Cause | undefined {
  if (appOf(evidence)?.group === undefined) return undefined;
  if (ofIdentity.test(words)) return 'identity-not-assigned';
  return ofRegistry.test(words) ? 'registry-unavailable' : undefined;
}

/** The entry names an identity that the group does not have, one of a kind that cannot pull, or a user name beside it. */
const ofIdentity = /InvalidImageRegistry(?:Identity|CredentialType)|AmbiguousImageRe[a-z]{3,8}ryCredentialType/i;

/** The registry answered with an error: it limits pulls, or it is in trouble. */
const ofRegistry = /RegistryErrorResponse|error response is received from the docker registry/i;
