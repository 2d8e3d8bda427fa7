// Rows of many remediations and incidents, as pullmedic leaves them: most have ended, twenty are live. Histories are planted where a page
// or a step reads them.
import { columnsOf } from '../../src/lib/azure/store/index-entity.ts';
import { endedKey } from '../../src/lib/azure/store/row-keys.ts';
import type { Entry } from '../../src/lib/history/entries.ts';
import type { IndexRow } from '../../src/lib/history/index-row.ts';
import type { Ledger } from '../../src/lib/history/ledger.ts';
import type { IncidentEntry } from '../../src/lib/incidents/incident.ts';
import type { Ports } from '../../src/lib/ports/ports.ts';
import type { IncidentId, RemediationId, TargetId } from '../../src/lib/words/target.ts';
import { targetOf } from '../../src/lib/words/target.ts';
import { looked, waiting } from '../../test/lib/console-entries.ts';
import { appId, arm, minute, nowMs, signal } from '../../test/lib/facts.ts';

/** One row of a table. */
export type Entity = Record<string, string | number | boolean> & {
  readonly partitionKey: string;
  readonly rowKey: string;
};

/** How many are live, of remediations and of incidents, whatever the size. */
export const live = 20;
/** Ended ones whose histories are planted: as many as two pages read. */
const withHistory = 200;

/** The rows of so many remediations, of which {@link live} are live, and of so many incidents. */
export function* rowsOf(remediations: number, incidents: number): Generator<Entity> {
  for (let at = 0; at < remediations; at += 1) yield* remediationRows(at, at < live);
  for (let at = 0; at < incidents; at += 1) yield incidentRow(at, at < live);
}

/** Histories of what is live, of what ended last, and of the incidents that pages read. */
export async function plantHistories(ports: Pick<Ports, 'history' | 'incidents'>): Promise<void> {
  for (let at = 0; at < live + withHistory; at += 1) {
    if (at === longAt) continue;
    const entries: Entry[] = [{ kind: 'opened', target: targetAt(at), signal, mode: 'act' }];
    if (at >= live) entries.push({ kind: 'closed', how: 'recovered', because: 'pulled-and-ready' });
    await append(ports.history, targetIdAt(at), entries);
  }
  await append(ports.history, targetIdAt(longAt), longCourse());
  for (let at = 0; at < live + 50; at += 1)
    await append(
      ports.incidents,
      incidentAt(at),
      at === longAt ? [...incidentEntries(at), ...fiftyMembers()] : incidentEntries(at),
    );
}

async function append<T>(ledger: Ledger<T>, of: string, entries: readonly T[]): Promise<void> {
  for (const [seq, entry] of entries.entries()) await ledger.append(of, seq, entry);
}

/** The number of the live remediation, and of the open incident, that have much to say. */
const longAt = live - 1;

/** A live remediation with a long course: a hundred looks, each with its decision. */
function longCourse(): readonly Entry[] {
  const rounds = Array.from({ length: 99 }, () => [looked, waiting]).flat();
  return [{ kind: 'opened', target: targetAt(longAt), signal, mode: 'act' }, looked, ...rounds];
}

function fiftyMembers(): readonly IncidentEntry[] {
  return Array.from({ length: 50 }, (_, at) => ({
    kind: 'member-joined',
    remediation: remediationAt(live + at),
    app: targetAt(live + at).appId,
  }));
}

/** The live remediation and the open incident that have much to say. */
export const longRemediation = remediationAt(longAt);
export const longIncident = incidentAt(longAt);

/** Minutes ago that remediation number `at` ended: the later its number, the longer ago. */
function endedAtMs(at: number): number {
  return nowMs - (at + 1) * 3 * minute;
}

export function targetIdAt(at: number): TargetId {
  return `t${at.toString(16).padStart(24, '0')}` as TargetId;
}

function remediationAt(at: number): RemediationId {
  return `${targetIdAt(at)}.1` as RemediationId;
}

function incidentAt(at: number): IncidentId {
  return `i${at.toString(16).padStart(24, '0')}` as IncidentId;
}

/** Two hundred apps, and each remediation of another image. */
function targetAt(at: number): ReturnType<typeof targetOf> {
  const app = arm(appId.replace(/ca-orders$/, `ca-${String(at % 200).padStart(4, '0')}`));
  return targetOf(app, `acrshop.azurecr.io/shop/orders:v${at}`);
}

function* remediationRows(at: number, isLive: boolean): Generator<Entity> {
  const { appId: app, appName, image, registry } = targetAt(at);
  const closedAtMs = endedAtMs(at);
  const row: IndexRow = {
    remediation: remediationAt(at),
    targetId: targetIdAt(at),
    appId: app,
    closed: !isLive,
    needsPerson: isLive && at % 2 === 0,
    asleep: false,
    dueAtMs: nowMs + minute,
    seq: 2,
    updatedAtMs: closedAtMs,
    openedAtMs: closedAtMs - 8 * minute,
    ...(isLive ? {} : { closedAtMs }),
    facts: {
      appName,
      image,
      registry,
      openedAtMs: closedAtMs - 8 * minute,
      causes: [at % 50 === 0 ? 'private-dns-unlinked' : 'pull-role-missing'],
      sure: 'confirmed',
      state: isLive ? 'waiting' : 'closed',
      refused: [],
      ...(isLive ? {} : { closed: { how: 'recovered', because: 'pulled-and-ready', atMs: closedAtMs } }),
    },
  };
  const columns = columnsOf(row);
  if (isLive) return yield { partitionKey: 'remediations', rowKey: row.remediation, ...columns };
  const ended = endedKey(closedAtMs, row.remediation);
  yield { partitionKey: 'ended', rowKey: ended, ...columns };
  yield { partitionKey: 'ended-targets', rowKey: row.targetId, ended, ordinal: 1 };
}

function incidentRow(at: number, isOpen: boolean): Entity {
  const facts = {
    seq: 2,
    cause: 'custom-dns',
    sureness: 'suspected',
    registry: 'acrshop.azurecr.io',
    owner: 'network',
    title: 'Ask the DNS team',
    state: isOpen ? 'open' : 'withdrawn',
    members: 1,
    apps: 1,
    occurrences: 1,
    openedAtMs: endedAtMs(at) - 60 * minute,
    ...(isOpen ? {} : { closedAtMs: endedAtMs(at) }),
  };
  const keys = isOpen
    ? { partitionKey: 'incidents', rowKey: incidentAt(at) }
    : { partitionKey: 'ended-incidents', rowKey: endedKey(endedAtMs(at), incidentAt(at)) };
  return { ...keys, facts: JSON.stringify(facts) };
}

function incidentEntries(at: number): IncidentEntry[] {
  const runbook = { title: 'Ask the DNS team', owner: 'network', advice: 'Ask.', commands: [], verify: '', undo: '' };
  const opened = {
    kind: 'incident-opened',
    key: `key-${at}`,
    cause: 'custom-dns',
    sure: 'suspected',
    registry: 'acrshop.azurecr.io',
    runbook,
  } as unknown as IncidentEntry;
  return at < live ? [opened] : [opened, { kind: 'incident-closed', how: 'withdrawn', because: 'no-members' }];
}
