// The ledger of the whole deployment: what counts against its limits, and who set its kill switch.
import type { Fact } from './fact.ts';
import { known, unreadable } from './fact.ts';
import type { LedgerGrant } from './guards.ts';
import type { LedgerEntry, Ports } from './ports.ts';

const partition = 'deployment';
/** How many times an append is tried when others move the ledger. */
const maxTries = 8;

type Deployment = Pick<Ports, 'deployment'>;

/** Every grant that was counted, oldest first, and the last entry's number. Throws when the store cannot be reached. */
export async function ledgerGrants({ deployment }: Deployment): Promise<{ grants: LedgerGrant[]; lastSeq: number }> {
  const entries = await deployment.read(partition);
  const proven = new Set(entries.flatMap(({ entry }) => (entry.kind === 'grant-proven' ? [entry.remediation] : [])));
  const grants = entries.flatMap(({ entry, atMs }) =>
    entry.kind === 'grant-counted'
      ? [{ remediation: entry.remediation, atMs, proven: proven.has(entry.remediation) }]
      : [],
  );
  return { grants, lastSeq: entries.at(-1)?.seq ?? 0 };
}

export async function ledgerFact(ports: Deployment): Promise<Fact<readonly LedgerGrant[]>> {
  try {
    return known((await ledgerGrants(ports)).grants);
  } catch {
    return unreadable('unavailable');
  }
}

/** Appends an entry unless what the ledger holds at that very moment speaks against it. */
export async function appendUnless<Objection>(
  { deployment }: Deployment,
  entry: LedgerEntry,
  objection: (grants: readonly LedgerGrant[]) => Objection | undefined,
): Promise<Objection | 'appended' | 'busy'> {
  for (let attempt = 0; attempt < maxTries; attempt += 1) {
    const { grants, lastSeq } = await ledgerGrants({ deployment });
    const objected = objection(grants);
    if (objected !== undefined) return objected;
    if ((await deployment.append(partition, lastSeq, entry)) === 'appended') return 'appended';
  }
  return 'busy';
}

/** Appends, whoever else does so at the same time. */
export async function appendToDeployment(ports: Deployment, entry: LedgerEntry): Promise<void> {
  if ((await appendUnless(ports, entry, () => undefined)) === 'busy')
    throw new Error('The deployment ledger is too busy.');
}
