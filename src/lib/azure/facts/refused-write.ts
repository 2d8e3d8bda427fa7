// The last write of a container group that Azure refused: it tries the images before it makes or changes a group. What is left of such a write is
// the failed operation in the Activity Log; the group is as it was before, or it never came to be.
import { claimOfRow } from '../../diagnosis/read-row.ts';
import type { AppFacts, WriteError } from '../../evidence/app-facts.ts';
import type { ArmId } from '../../words/arm-id.ts';
import { unnamedImage } from '../../words/target.ts';
import { kindOf } from '../../workloads/workloads.ts';
import type { Clients } from '../clients/clients.ts';
import { endedAs, entriesOf, instantOf, type WireEntry } from './activity-log.ts';

/** How far back the Activity Log is read. Milliseconds. */
const readBackMs = 24 * 3_600_000;
/** How much of the error is kept. Characters. */
const longestError = 4000;

/**
 * The facts of a group that there is not; `gone` unless its last write was refused. They name only the image that the error names, and neither
 * identities nor registry entries: those were in the write that Azure refused, which it does not keep.
 */
export async function neverCreated(clients: Clients, groupId: ArmId): Promise<AppFacts | 'gone'> {
  const refused = await refusedWrite(clients, groupId);
  if (refused === undefined) return 'gone';
  return {
    id: groupId,
    revisionMode: 'Single',
    provisioningState: 'Failed',
    userIdentities: [],
    registries: [],
    images: [refused.image],
    writeError: refused.error,
    group: { life: 'never-created' },
  };
}

/**
 * The facts of a group with the write that was refused last, if that was its last write and not about an image that the group has. The entries
 * are those of the group as it is: a deployment mostly changes the image alone, and what else the refused write had is not kept.
 */
export async function withRefusedWrite(clients: Clients, group: AppFacts): Promise<AppFacts> {
  const refused = await refusedWrite(clients, group.id);
  if (refused === undefined || group.images.includes(refused.image)) return group;
  return {
    ...group,
    provisioningState: 'Failed',
    images: [...group.images, refused.image],
    writeError: refused.error,
  };
}

/** The last write, if Azure refused it, with the image that its error names; an image without a name where it names none. */
async function refusedWrite(
  clients: Clients,
  groupId: ArmId,
): Promise<{ readonly error: WriteError; readonly image: string } | undefined> {
  const entries = await entriesOf(clients, groupId, Date.now() - readBackMs);
  const { write, type } = kindOf(groupId);
  // An operation that began or was accepted says nothing yet.
  const endedSomehow = (entry: WireEntry): boolean =>
    endedAs(entry, write, 'failed') ||
    endedAs(entry, write, 'succeeded') ||
    endedAs(entry, `${type}/delete`, 'succeeded');
  const [last] = entries.filter(endedSomehow).sort((a, b) => instantOf(b) - instantOf(a));
  if (last === undefined || !endedAs(last, write, 'failed')) return undefined;
  const error = {
    text: String(last.properties?.['statusMessage'] ?? '').slice(0, longestError),
    atMs: instantOf(last),
  };
  const row = { ...error, revision: '', replica: '', reason: '', severity: 'Error' };
  return { error, image: claimOfRow(row).image ?? unnamedImage };
}
