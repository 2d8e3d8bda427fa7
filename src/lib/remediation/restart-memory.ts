// Keeps what the deployment remembers of the restarts of one app: a partition of the deployment's ledger for each app.

import {
  type AnnouncedRestart,
  type AnnouncedStart,
  foldRestarts,
  type RefusedRestart,
  type RestartEntry,
  type RestartMemory,
} from '../history/restarts.ts';
import type { DeploymentLedger, Names } from '../ports/ports.ts';
import type { ArmId } from '../words/arm-id.ts';
import { type Fact, mapFact } from '../words/fact.ts';
import { appendToPartition, type Partition, recall } from './partition.ts';

type Remembering = DeploymentLedger & Names;

/** The restarts of an app, oldest first; unreadable where the store cannot be reached. */
export async function recallRestarts(ports: Remembering, app: ArmId): Promise<Fact<readonly AnnouncedRestart[]>> {
  const memory = await recallRestartMemory(ports, app);
  return mapFact(memory, ({ restarts }) => restarts);
}

/** The restarts of an app and what people said no to; unreadable where the store cannot be reached. */
export function recallRestartMemory(ports: Remembering, app: ArmId): Promise<Fact<RestartMemory>> {
  return recall(ports, partitionOf(ports, app));
}

/**
 * Appends an entry unless the restarts of the app, as they are at that very moment, speak against it. `busy`: too many others write there.
 * Throws when the store cannot be reached.
 */
export function rememberRestartUnless<Objection>(
  ports: Remembering,
  app: ArmId,
  entry: RestartEntry,
  objection: (restarts: readonly AnnouncedRestart[], refused: readonly RefusedRestart[]) => Objection | undefined,
): Promise<Objection | 'appended' | 'busy'> {
  return appendToPartition(ports, partitionOf(ports, app), entry, ({ restarts, refused }) =>
    objection(restarts, refused),
  );
}

/** The same for a start of a job. */
export function rememberStartUnless<Objection>(
  ports: Remembering,
  app: ArmId,
  entry: RestartEntry & { readonly kind: 'start-announced' },
  objection: (starts: readonly AnnouncedStart[]) => Objection | undefined,
): Promise<Objection | 'appended' | 'busy'> {
  return appendToPartition(ports, partitionOf(ports, app), entry, ({ starts }) => objection(starts));
}

function partitionOf(names: Names, app: ArmId): Partition<RestartEntry, RestartMemory> {
  return { name: `restarts-${names.hash(app)}`, fold: foldRestarts };
}
