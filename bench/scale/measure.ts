// What pullmedic asks of storage with few and with many remediations: a minute of the schedule, a step, and the pages.

import { entryKinds, incidentKinds, ledgerKinds } from '../../src/lib/azure/ports.ts';
import { controlsOf, pulseOf, readKillSwitch, sweepsOf } from '../../src/lib/azure/store/controls.ts';
import { countedSignalsOf } from '../../src/lib/azure/store/counted-signals.ts';
import { indexOf } from '../../src/lib/azure/store/index-rows.ts';
import { outboxOf } from '../../src/lib/azure/store/outbox.ts';
import { ledger, type Tables } from '../../src/lib/azure/store/store.ts';
import { wakesOf } from '../../src/lib/azure/store/wakes.ts';
import { pageOfRemediations } from '../../src/lib/console/lists.ts';
import { listIncidents } from '../../src/lib/console/views.ts';
import type { LedgerEntry } from '../../src/lib/history/deployment-ledger.ts';
import type { Entry } from '../../src/lib/history/entries.ts';
import type { IncidentEntry } from '../../src/lib/incidents/incident.ts';
import type { Ports } from '../../src/lib/ports/ports.ts';
import { handleStep } from '../../src/lib/remediation/handle-step.ts';
import { sendOverdue } from '../../src/lib/remediation/overdue.ts';
import { beat } from '../../src/lib/remediation/pulse.ts';
import { takeOverRows } from '../../src/lib/remediation/take-over.ts';
import { config, nowMs, roleMissing } from '../../test/lib/facts.ts';
import { memory } from '../../test/lib/memory-ports.ts';
import { type Counted, type Counter, counter } from './count.ts';
import { pagesOf } from './pages.ts';
import { type Entity, plantHistories, rowsOf, targetIdAt } from './plant.ts';

export interface Measured extends Counted {
  readonly what: string;
  /** Median of several runs, in milliseconds of this machine. Left out of tests. */
  readonly ms: number;
  /** Of a page: its size as HTML, in bytes. */
  readonly bytes?: number;
}

export interface Account {
  readonly tables: Tables;
  /** Writes planted rows, in any way that is fast. */
  readonly plant: (rows: readonly Entity[]) => Promise<void>;
}

/** Plants so many remediations and incidents into an empty account and measures. `clock` says milliseconds. */
export async function measureScale(
  { tables, plant }: Account,
  remediations: number,
  incidents: number,
  clock: () => number,
): Promise<Measured[]> {
  const planted = [...rowsOf(remediations, incidents)].sort((a, b) => (a.rowKey < b.rowKey ? -1 : 1));
  await plant(planted);
  const count = counter();
  const ports = portsOver(tables, count, planted);
  await plantHistories(ports);
  const measured: Measured[] = [];
  for (const [what, run] of Object.entries(asksOf(ports))) {
    const times: number[] = [];
    let counted = count.take();
    let page: Pick<Measured, 'bytes'> = {};
    for (let round = 0; round < rounds; round += 1) {
      count.take();
      const from = clock();
      const answer = await run();
      times.push(clock() - from);
      counted = count.take();
      if (typeof answer === 'string') page = { bytes: Buffer.byteLength(answer) };
    }
    measured.push({ what, ...counted, ...page, ms: times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0 });
  }
  return measured;
}

const rounds = 5;

function portsOver(tables: Tables, count: Counter, planted: readonly Entity[]): Ports {
  const now = (): number => nowMs;
  const of = (table: Tables[keyof Tables]): typeof table => count.over(table);
  const index = count.over(tables.index, planted);
  const controls = of(tables.controls);
  const { ports } = memory(config(), roleMissing, nowMs);
  return {
    ...ports,
    history: ledger<Entry>(of(tables.history), entryKinds, now),
    incidents: ledger<IncidentEntry>(of(tables.incidents), incidentKinds, now, { shared: true }),
    deployment: ledger<LedgerEntry>(of(tables.deployment), ledgerKinds, now, { shared: true }),
    counted: countedSignalsOf(index),
    index: indexOf(index),
    killSwitch: () => readKillSwitch(controls),
    controls: controlsOf(controls),
    pulse: pulseOf(controls),
    sweeps: sweepsOf(controls),
    wakes: wakesOf(controls),
    outbox: outboxOf(of(tables.outbox)),
  };
}

/** What is measured. Each step is the first look of another remediation. */
function asksOf(ports: Ports): Record<string, () => Promise<unknown>> {
  let next = 0;
  return {
    'a minute of the schedule': async () => {
      await beat(ports);
      await sendOverdue(ports);
      await takeOverRows(ports);
    },
    'a step: a first look and a grant': async () => {
      const targetId = targetIdAt(next);
      next += 1;
      await handleStep(ports, config(), { targetId, seq: 1, wake: false }, false);
    },
    ...pagesOf(ports),
    'the first page of remediations as JSON': () => pageOfRemediations(ports),
    'a page of rows': () => ports.index.closed({ limit: 100 }),
    'a search for a cause, first page': () => ports.index.closed({ limit: 15 }, { causes: ['private-dns-unlinked'] }),
    'a search that finds nothing, within 30 days': () =>
      ports.index.closed({ limit: 20 }, { app: 'ca-none', fromMs: nowMs - thirtyDaysMs }),
    'the page of incidents': () => listIncidents(ports),
  };
}

const thirtyDaysMs = 30 * 24 * 3_600_000;
