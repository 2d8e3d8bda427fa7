// Keeps what the deployment remembers of the restarts of one app: a partition of the deployment's ledger for each app.

import type { LedgerEntry } from '../history/deployment-ledger.ts';
import type { StoredEntry } from '../history/ledger.ts';
import { type AnnouncedRestart, foldRestarts, type RestartEntry, type RestartMemory } from '../history/restarts.ts';
import type { DeploymentLedger, Names } from '../ports/ports.ts';
import { appendTries } from '../ports/steering.ts';
import type { ArmId } from '../words/arm-id.ts';
import { type Fact, known, unreadable } from '../words/fact.ts';

type Remembering = DeploymentLedger & Names;

/** The restarts of an app, oldest first; unreadable where the store cannot be reached. */
export async function recallRestarts(ports: Remembering, app: ArmId): Promise<Fact<readonly AnnouncedRestart[]>> {
  try {
    return known((await read(ports, app)).restarts);
  } catch {
    return unreadable('unavailable');
  }
}

/**
 * Appends an entry unless the restarts of the app, as they are at that very moment, speak against it. `busy`: too many others write there.
 * Throws when the store cannot be reached.
 */
export async function rememberRestartUnless<Objection>(
  ports: Remembering,
  app: ArmId,
  entry: RestartEntry,
  objection: (restarts: readonly AnnouncedRestart[]) => Objection | undefined,
): Promise<Objection | 'appended' | 'busy'> {
  for (let attempt = 0; attempt < appendTries; attempt += 1) {
    const { restarts, lastSeq } = await read(ports, app);
    const objected = objection(restarts);
    if (objected !== undefined) return objected;
    if ((await ports.deployment.append(partitionOf(ports, app), lastSeq, entry)) === 'appended') return 'appended';
  }
  return 'busy';
}

async function read(ports: Remembering, app: ArmId): Promise<RestartMemory> {
  const entries = await ports.deployment.read(partitionOf(ports, app));
  return foldRestarts(entries.filter(isAboutRestarts));
}

function partitionOf(names: Names, app: ArmId): string {
  return `restarts-${names.hash(app)}`;
}

function isAboutRestarts(stored: StoredEntry<LedgerEntry>): stored is StoredEntry<RestartEntry> {
  return stored.entry.kind === 'restart-announced' || stored.entry.kind === 'restart-not-made';
}
