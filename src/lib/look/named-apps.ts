// Which apps a log alert means: it names an app, its environment and a revision, and several apps can have one name.

import type { NamedApp } from '../evidence/reads.ts';
import type { AzureReads, Clock } from '../ports/ports.ts';
import type { ArmId } from '../words/arm-id.ts';
import type { Fact } from '../words/fact.ts';
import { known } from '../words/fact.ts';
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
  return known(narrowed.length > 0 ? narrowed : ids);
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
  return known(await withRevision(ports, ids, named.revision));
}

/** The apps that have a revision of this name. An app whose revisions could not be read may have it. */
async function withRevision(
  ports: AzureReads & Clock,
  ids: readonly ArmId[],
  revision: string | undefined,
): Promise<readonly ArmId[]> {
  if (revision === undefined) return ids;
  const wanted = revision.toLowerCase();
  const have = await Promise.all(
    ids.map(async (id) => {
      const nowMs = ports.now();
      const { facts } = await ports.azure.probe('revisions', targetOf(id, ''), { atMs: nowMs }, nowMs);
      return facts.revisions?.read !== true || facts.revisions.value.some(({ name }) => name.toLowerCase() === wanted);
    }),
  );
  return ids.filter((_, index) => have[index]);
}
