// Registry entries that cannot work by the app's own record, whatever any text or registry says.

import { appOf, declaredIdentity, type Evidence, entryFor } from '../evidence/evidence.ts';
import type { Target } from '../words/target.ts';
import { vaultReference } from './vault-reference.ts';

/** An entry that cannot work by the app's own record: the identity that it names is not the app's, or the secret is not there. */
export function isBrokenByRecord(target: Target, evidence: Evidence): boolean {
  const app = appOf(evidence);
  const { secret, identity } = (app && entryFor(target, app)) ?? {};
  if (identity) return declaredIdentity(target, evidence).kind === 'not-assigned';
  if (vaultReference(target, evidence)?.reader.kind === 'not-assigned') return true;
  return secret !== undefined && app?.secrets !== undefined && !app.secrets.includes(secret);
}

/** Whether any entry of the app cannot work by its own record. Azure signs in to the registry of each, so its writes fail. */
export function hasBrokenEntry(target: Target, evidence: Evidence): boolean {
  const servers = appOf(evidence)?.registries.map(({ server }) => server) ?? [];
  return servers.some((registry) => isBrokenByRecord({ ...target, registry }, evidence));
}
