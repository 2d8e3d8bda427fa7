// The last write of a container group that Azure refused: it tries the images before it makes or changes a group. What is left of such a write is
// the failed operation in the Activity Log; the group is as it was before, or it never came to be.
import { claimOfRow } from '../../diagnosis/read-row.ts';
import type { AppFacts, WriteError } from '../../evidence/app-facts.ts';
import type { ArmId } from '../../words/arm-id.ts';
import { unnamedImage } from '../../words/target.ts';
import { workloads } from '../../workloads/workloads.ts';
import type { Clients } from '../clients/clients.ts';
import { endedAs, instantOf, newestOf, type WireEntry } from './activity-log.ts';

/**
 * How far back the Activity Log is read about the image of a remediation. Azure keeps it for 90 days, and refuses a filter from before that.
 * Milliseconds.
 */
const reachMs = 89 * 24 * 3_600_000;
/** The same for a signal that names no image: a refused write of days ago is not what it is about. Milliseconds. */
const searchBackMs = 24 * 3_600_000;
/** How much of the error is kept. Characters. */
const longestError = 4000;

/**
 * The facts of a group that there is not; `gone` unless its last write was refused, or lies beyond the reach of the Activity Log. They name only
 * the images that the errors name, and neither identities nor registry entries: those were in the write that Azure refused, which it does not
 * keep.
 */
export async function neverCreated(clients: Clients, groupId: ArmId, image: string): Promise<AppFacts | 'gone'> {
  const last = await endOfLastWrite(clients, groupId, image);
  if (last === 'done' || (last === 'not-in-log' && image === '')) return 'gone';
  const nothing = { id: groupId, revisionMode: 'Single', userIdentities: [], registries: [] } as const;
  if (last === 'not-in-log')
    return {
      ...nothing,
      provisioningState: 'unknown',
      images: [],
      group: { life: 'never-created', lastWrite: 'not-in-log' },
    };
  return {
    ...nothing,
    provisioningState: 'Failed',
    images: last.images,
    writeError: last.error,
    group: { life: 'never-created' },
  };
}

/**
 * The facts of a group with the write that was refused last, if that was its last write and not about an image that the group has. The entries
 * are those of the group as it is: a deployment mostly changes the image alone, and what else the refused write had is not kept.
 */
export async function withRefusedWrite(clients: Clients, group: AppFacts, image: string): Promise<AppFacts> {
  const last = await endOfLastWrite(clients, group.id, image);
  if (last === 'done') return group;
  if (last === 'not-in-log')
    return group.group === undefined ? group : { ...group, group: { ...group.group, lastWrite: 'not-in-log' } };
  const asked = last.images.filter((one) => !group.images.includes(one));
  if (asked.length === 0) return group;
  return {
    ...group,
    provisioningState: 'Failed',
    images: [...group.images, ...asked],
    writeError: last.error,
  };
}

interface RefusedWrite {
  readonly error: WriteError;
  /** The image that the error names; an image without a name where it names none, behind the one that the refusal before it named. */
  readonly images: readonly string[];
}

/** How the last write or removal ended: `done` where Azure accepted it. */
async function endOfLastWrite(
  clients: Clients,
  groupId: ArmId,
  image: string,
): Promise<RefusedWrite | 'done' | 'not-in-log'> {
  const sinceMs = Date.now() - (image === '' ? searchBackMs : reachMs);
  const ended = (entries: readonly WireEntry[]): readonly WireEntry[] =>
    entries.filter(endedSomehow).sort((a, b) => instantOf(b) - instantOf(a));
  const found = ended(await newestOf(clients, groupId, sinceMs, (entries) => ended(entries).some(tellsImageOrEnd)));
  const [last] = found;
  if (last === undefined) return 'not-in-log';
  if (!isRefused(last)) return 'done';
  // A refusal that names no image may be one of the same image as the refusal before it.
  const before = found.find(tellsImageOrEnd);
  const named = before !== undefined && isRefused(before) ? imageIn(before) : undefined;
  const images = [named, imageIn(last) ?? unnamedImage].filter((one) => one !== undefined);
  return { error: errorIn(last), images: [...new Set(images)] };
}

function tellsImageOrEnd(entry: WireEntry): boolean {
  return !isRefused(entry) || imageIn(entry) !== undefined;
}

function imageIn(entry: WireEntry): string | undefined {
  return claimOfRow({ ...errorIn(entry), revision: '', replica: '', reason: '', severity: 'Error' }).image;
}

function errorIn(entry: WireEntry): WriteError {
  return {
    text: String(entry.properties?.['statusMessage'] ?? '').slice(0, longestError),
    atMs: instantOf(entry),
  };
}

const { write, type } = workloads['container-group'];

function isRefused(entry: WireEntry): boolean {
  return endedAs(entry, write, 'failed');
}

/** The end of a write or of a removal: an operation that began or was accepted says nothing yet. */
function endedSomehow(entry: WireEntry): boolean {
  return isRefused(entry) || endedAs(entry, write, 'succeeded') || endedAs(entry, `${type}/delete`, 'succeeded');
}
