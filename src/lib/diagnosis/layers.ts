// Whether it is the storage behind a registry that a pull does not reach, and not the registry.

import type { Evidence } from '../evidence/evidence.ts';
import type { Target } from '../words/target.ts';
import { claimOfRow } from './read-row.ts';
import { rowsOfTarget } from './text-claims.ts';

/**
 * Whether the latest text about a connection that failed asked a storage account of Azure. A registry without data endpoints answers a request
 * for a layer with the address of one (Microsoft, "Mitigate data exfiltration with dedicated data endpoints"), so the registry was reached.
 */
export function unreachedLayers(target: Target, evidence: Evidence): boolean {
  const text = rowsOfTarget(target, evidence).findLast((row) => claimOfRow(row).label === 'network')?.text;
  return text !== undefined && storageAsked.test(text);
}

/** The request that failed, in the words of containerd and Docker. */
const storageAsked =
  /\b(?:Get|Head) \\?"?https:\/\/[a-z0-9]{3,24}\.blob\.core\.(?:windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)[/:"?]/i;
