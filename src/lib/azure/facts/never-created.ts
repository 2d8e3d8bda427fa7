// A container group that was never created: Azure tries its images before it makes the group, and refuses the write if it cannot read one. What
// is left of it is the failed operation in the Activity Log.
import { claimOfRow } from '../../diagnosis/read-row.ts';
import type { AppFacts } from '../../evidence/app-facts.ts';
import type { ArmId } from '../../words/arm-id.ts';
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
  const entries = await entriesOf(clients, groupId, Date.now() - readBackMs);
  const [last] = entries.filter(endedSomehow).sort((a, b) => instantOf(b) - instantOf(a));
  if (last === undefined || !endedAs(last, write, 'failed')) return 'gone';
  const text = String(last.properties?.['statusMessage'] ?? '').slice(0, longestError);
  const atMs = instantOf(last);
  const { image } = claimOfRow({ atMs, revision: '', replica: '', reason: '', severity: 'Error', text });
  return {
    id: groupId,
    revisionMode: 'Single',
    provisioningState: 'Failed',
    userIdentities: [],
    registries: [],
    images: image === undefined ? [] : [image],
    writeError: { text, atMs },
    group: { life: 'never-created' },
  };
}

const write = 'microsoft.containerinstance/containergroups/write';
const remove = 'microsoft.containerinstance/containergroups/delete';

/** The end of a write or of a removal: an operation that began or was accepted says nothing yet. */
function endedSomehow(entry: WireEntry): boolean {
  return endedAs(entry, write, 'failed') || endedAs(entry, write, 'succeeded') || endedAs(entry, remove, 'succeeded');
}
