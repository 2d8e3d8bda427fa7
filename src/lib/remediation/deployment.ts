// The ledger of the whole deployment: what counts against its limits, and who set its kill switch.

import type { Standing } from '../decision/decision-input.ts';
import type { LedgerEntry, LedgerGrant, UndoneGrant } from '../history/deployment-ledger.ts';
import type { StoredEntry } from '../history/ledger.ts';
import type { DeploymentLedger } from '../ports/ports.ts';
import { Busy } from '../ports/steering.ts';
import { mapFact } from '../words/fact.ts';
import type { RemediationId } from '../words/target.ts';
import { appendToPartition, type Partition, recall } from './partition.ts';

/** What the limits of the deployment and its memory of undone grants stand at. */
export async function ledgerFacts(ports: DeploymentLedger): Promise<Pick<Standing, 'ledger' | 'undone'>> {
  const counted = await recall(ports, wholeDeployment);
  return {
    ledger: mapFact(counted, ({ grants }) => grants),
    undone: mapFact(counted, ({ undone }) => undone),
  };
}

/** Counts a grant unless the grants that are counted at that very moment speak against it. */
export function countUnless<Objection>(
  ports: DeploymentLedger,
  entry: LedgerEntry & { kind: 'grant-counted' },
  objection: (grants: readonly LedgerGrant[]) => Objection | undefined,
): Promise<Objection | 'appended' | 'busy'> {
  return appendToPartition(ports, wholeDeployment, entry, ({ grants }) => objection(grants));
}

/** Appends, also when others do so at the same time. Throws {@link Busy} when there are too many of them. */
export async function appendToDeployment(ports: DeploymentLedger, entry: LedgerEntry): Promise<void> {
  if ((await appendToPartition(ports, wholeDeployment, entry, () => undefined)) === 'busy')
    throw new Busy('The deployment ledger is too busy.');
}

function count(entries: readonly StoredEntry<LedgerEntry>[]): Counted {
  const proven = new Set(entries.flatMap(({ entry }) => (entry.kind === 'grant-proven' ? [entry.remediation] : [])));
  const notMade = numbersNotMade(entries);
  const grants = entries.flatMap(({ entry, atMs, seq }) =>
    entry.kind === 'grant-counted' && !notMade.has(seq)
      ? [{ remediation: entry.remediation, atMs, proven: proven.has(entry.remediation), ...slowOf(entry) }]
      : [],
  );
  const undone = entries.flatMap(({ entry, atMs }) =>
    entry.kind === 'grant-undone' ? [{ grant: entry.grant, atMs }] : [],
  );
  return { grants, undone, lastSeq: entries.at(-1)?.seq ?? 0 };
}

function slowOf({ slow }: { readonly slow?: true }): Pick<LedgerGrant, 'slow'> {
  return slow === undefined ? {} : { slow };
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

const wholeDeployment: Partition<LedgerEntry, Counted> = { name: 'deployment', fold: count };
