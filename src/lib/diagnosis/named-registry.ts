// Which registry a text is about, where it names one and no image. Text that names another registry is not about this image.

import { type Suspicion, saysPullFailed } from '../classify/classify.ts';
import { appOf, type Evidence, entryFor } from '../evidence/evidence.ts';
import { isAzureRegistry } from '../words/registry-host.ts';
import type { Target } from '../words/target.ts';

/**
 * The host of the other registry that a text about a failed pull names; `undefined` if it names none, or the target's own, or an image. Only a
 * host that the app has an entry for, or one of Azure Container Registry, is known to be a registry: a text can also name a host that takes
 * part in every pull, such as the one that issues tokens or the one that keeps the layers.
 */
export function otherRegistry(target: Target, evidence: Evidence, said: Suspicion): string | undefined {
  if (said.registry === undefined || said.image !== undefined || !saysPullFailed(said)) return undefined;
  const host = said.registry.toLowerCase();
  if (isSameRegistry(host, target.registry)) return undefined;
  const app = appOf(evidence);
  const declared = app !== undefined && entryFor({ ...target, registry: host }, app) !== undefined;
  return declared || isAzureRegistry(host) ? host : undefined;
}

/**
 * A registry of Azure has several hosts, and each begins with the same label: its login server, `NAME.REGION.geo.azurecr.io`,
 * `NAME.REGION.data.azurecr.io` and their names in the private zone (Microsoft, "Dedicated data endpoints" and "Regional endpoints").
 */
function isSameRegistry(host: string, registry: string): boolean {
  if (host === registry) return true;
  return isAzureRegistry(host) && isAzureRegistry(registry) && host.split('.')[0] === registry.split('.')[0];
}
