// Finds out who else relies on an assignment before a person has it taken back: other resources with the identity, as Azure lists them now,
// and other remediations whose histories claim the same grant or found it made.

import { declaredIdentity, type Evidence, nothingAsked, withFacts } from '../evidence/evidence.ts';
import { type Grant, sameGrant } from '../history/grant.ts';
import type { Reliance } from '../history/reliance.ts';
import type { Remediation } from '../history/state.ts';
import { tryReadTarget } from '../history/targets.ts';
import type { AzureReads, Clock, Histories, Index } from '../ports/ports.ts';
import type { ArmId } from '../words/arm-id.ts';
import { type Fact, known, unreadable } from '../words/fact.ts';
import type { RemediationId, Target, TargetId } from '../words/target.ts';

/**
 * Reads who relies on the grant besides this remediation. It is unreadable where the holders of the identity cannot be listed, for example
 * because the app is gone or pulls with another identity by now, and where a history cannot be read: it may rely on the grant.
 */
export async function whoRelies(
  ports: AzureReads & Histories & Index & Clock,
  remediation: Remediation,
  grant: Grant,
): Promise<Fact<Reliance>> {
  const others = await otherHolders(ports, remediation.target, grant);
  if (!others.read) return others;
  const apps = new Set([remediation.target.appId, ...others.value]);
  const remediations = await otherRemediations(ports, remediation, grant, apps);
  return remediations === undefined ? unreadable('unavailable') : known({ remediations, resources: others.value });
}

const needed = ['app', 'environment', 'registry', 'holders'] as const;

async function otherHolders(
  { azure, now }: AzureReads & Clock,
  target: Target,
  grant: Grant,
): Promise<Fact<readonly ArmId[]>> {
  let soFar: Evidence = nothingAsked(now());
  for (const probe of needed) {
    const { facts } = await azure.probe(probe, target, soFar, now());
    soFar = withFacts(soFar, facts);
  }
  const declared = declaredIdentity(target, soFar);
  const isGranted = declared.kind === 'identity' && declared.principalId === grant.principalId;
  const { holders } = soFar;
  if (holders === undefined || !isGranted) return unreadable('not-asked');
  if (!holders.read) return holders;
  // A holder that cannot be named is still one that relies on the role.
  if (holders.value.unnamed !== undefined) return unreadable('unexpected-answer');
  return known(holders.value.resources.map(({ id }) => id).filter((id) => id !== target.appId));
}

/** Remediations of other targets of these apps that rely on the grant; `undefined` if the history of one cannot be read. */
async function otherRemediations(
  ports: Histories & Index,
  { targetId }: Remediation,
  grant: Grant,
  apps: ReadonlySet<ArmId>,
): Promise<RemediationId[] | undefined> {
  const targets = new Set<TargetId>();
  for (const app of apps) for (const target of await ports.index.targetsOf(app)) targets.add(target);
  targets.delete(targetId);
  const found: RemediationId[] = [];
  for (const other of targets) {
    const read = await tryReadTarget(ports, other);
    if (!read.read) return undefined;
    found.push(...read.history.remediations.filter((one) => reliesOn(one, grant)).map(({ id }) => id));
  }
  return found;
}

/** True if the remediation made this grant, found it made, or may have made it, and no undo of its own took it back. */
function reliesOn({ attempts, undo }: Remediation, grant: Grant): boolean {
  if (undo?.outcome === 'removed' || undo?.outcome === 'already-gone') return false;
  return attempts.some(
    (attempt) =>
      attempt.grant !== undefined &&
      sameGrant(attempt.grant, grant) &&
      attempt.outcome !== 'failed' &&
      attempt.outcome !== 'withheld',
  );
}
