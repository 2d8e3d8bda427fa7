// Which apps a log alert means: it names an app, its environment and a revision, and several apps can have one name.

import { isOverBudget } from '../evidence/evidence.ts';
import type { NamedApp } from '../evidence/reads.ts';
import type { AzureReads, Clock } from '../ports/ports.ts';
import type { ArmId } from '../words/arm-id.ts';
import type { Fact } from '../words/fact.ts';
import { known, unreadable, valueOf } from '../words/fact.ts';
import { targetOf } from '../words/target.ts';

/**
 * The apps that may be meant. An environment that fits no app of the name excludes none of them; the revision then tells which app it is.
 * If the revision fits none of them either, all are returned: a signal is never lost over a name.
 */
export async function appsNamed(ports: AzureReads & Clock, named: NamedApp): Promise<Fact<readonly ArmId[]>> {
  const found = await ports.azure.findApps(named.name, named.environment, named.workload);
  if (!found.read) return found;
  const { ids } = found.value;
  if (ids.length < 2) return known(ids);
  const narrowed = await withRevision(ports, ids, named.revision);
  return narrowed.read && narrowed.value.length === 0 ? known(ids) : narrowed;
}

/**
 * The apps whose alert may be set. Unlike {@link appsNamed} it can exclude all: if the environment fits no app of the name, an app must
 * have the revision that the alert names.
 */
export async function appsOfAlert(ports: AzureReads & Clock, named: NamedApp): Promise<Fact<readonly ArmId[]>> {
  const found = await ports.azure.findApps(named.name, named.environment, named.workload);
  if (!found.read) return found;
  const { ids, fits } = found.value;
  if (fits === 'environment' && ids.length < 2) return known(ids);
  return withRevision(ports, ids, named.revision);
}

/**
 * The apps that have a revision of this name. An app whose revisions could not be read may have it. Unreadable where the budget of requests is
 * spent: a moment later it can be told.
 */
async function withRevision(
  ports: AzureReads & Clock,
  ids: readonly ArmId[],
  revision: string | undefined,
): Promise<Fact<readonly ArmId[]>> {
  if (revision === undefined) return known(ids);
  const wanted = revision.toLowerCase();
  const read = await Promise.all(
    ids.map(async (id) => {
      const nowMs = ports.now();
      const { facts } = await ports.azure.probe('revisions', targetOf(id, ''), { atMs: nowMs }, nowMs);
      return facts;
    }),
  );
  if (read.some(isOverBudget)) return unreadable('over-budget');
  return known(
    ids.filter((_, index) => {
      const revisions = valueOf(read[index]?.revisions);
      return revisions === undefined || revisions.some(({ name }) => name.toLowerCase() === wanted);
    }),
  );
}
