// The ledger of the whole deployment: what counts against its limits, and who set its kill switch.

import type { Standing } from '../decision/question.ts';
import type { LedgerEntry, LedgerGrant, UndoneGrant } from '../history/deployment-ledger.ts';
import type { StoredEntry } from '../history/ledger.ts';
import type { DeploymentLedger } from '../ports/ports.ts';
import { appendTries, Busy } from '../ports/steering.ts';
import { known, unreadable } from '../words/fact.ts';
import type { RemediationId } from '../words/target.ts';

export async function ledgerFacts(ports: DeploymentLedger): Promise<Pick<Standing, 'ledger' | 'undone'>> {
  try {
    const { grants, undone } = await ledgerGrants(ports);
    return { ledger: known(grants), undone: known(undone) };
  } catch {
    return { ledger: unreadable('unavailable'), undone: unreadable('unavailable') };
  }
}

/** Appends an entry unless what the ledger holds at that very moment speaks against it. */
export async function appendUnless<Objection>(
  { deployment }: DeploymentLedger,
  entry: LedgerEntry,
  objection: (grants: readonly LedgerGrant[]) => Objection | undefined,
): Promise<Objection | 'appended' | 'busy'> {
  for (let attempt = 0; attempt < appendTries; attempt += 1) {
    const { grants, lastSeq } = await ledgerGrants({ deployment });
    const objected = objection(grants);
    if (objected !== undefined) return objected;
    if ((await deployment.append(partition, lastSeq, entry)) === 'appended') return 'appended';
  }
  return 'busy';
}

/** Appends, also when others do so at the same time. Throws {@link Busy} when there are too many of them. */
export async function appendToDeployment(ports: DeploymentLedger, entry: LedgerEntry): Promise<void> {
  if ((await appendUnless(ports, entry, () => undefined)) === 'busy')
    throw new Busy('The deployment ledger is too busy.');
}

/** Throws when the store cannot be reached. */
async function ledgerGrants({ deployment }: DeploymentLedger): Promise<Counted> {
  const entries = await deployment.read(partition);
  const proven = new Set(entries.flatMap(({ entry }) => (entry.kind === 'grant-proven' ? [entry.remediation] : [])));
  const notMade = numbersNotMade(entries);
  const grants = entries.flatMap(({ entry, atMs, seq }) =>
    entry.kind === 'grant-counted' && !notMade.has(seq)
      ? [{ remediation: entry.remediation, atMs, proven: proven.has(entry.remediation) }]
      : [],
  );
  const undone = entries.flatMap(({ entry, atMs }) =>
    entry.kind === 'grant-undone' ? [{ grant: entry.grant, atMs }] : [],
  );
  return { grants, undone, lastSeq: entries.at(-1)?.seq ?? 0 };
}

/** The numbers of the counted grants that were not made after all: of a remediation always the one that it counted last before. */
function numbersNotMade(entries: readonly StoredEntry<LedgerEntry>[]): ReadonlySet<number> {
  const lastCounted = new Map<RemediationId, number>();
  const notMade = new Set<number>();
  for (const { entry, seq } of entries) {
    if (entry.kind === 'grant-counted') lastCounted.set(entry.remediation, seq);
    if (entry.kind !== 'grant-not-made') continue;
    const counted = lastCounted.get(entry.remediation);
    if (counted !== undefined) notMade.add(counted);
  }
  return notMade;
}

/** What the entries of the deployment's ledger add up to. */
interface Counted {
  /** Every grant that was counted, oldest first. */
  readonly grants: LedgerGrant[];
  /** Grants that a person had taken back. */
  readonly undone: UndoneGrant[];
  readonly lastSeq: number;
}

const partition = 'deployment';
