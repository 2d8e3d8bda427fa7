// One contract for the index: what lists, pages and searches rely on holds in memory, in the account in memory, and in Azurite.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../local/engine/storage.ts';
import { type Storage, startStorage } from '../../../local/storage.ts';
import { indexOf } from '../../../src/lib/azure/store/index-rows.ts';
import { storageConnection } from '../../../src/lib/azure/store/storage-connection.ts';
import { connectTables, createTables } from '../../../src/lib/azure/store/store.ts';
import type { Cause } from '../../../src/lib/causes/causes.ts';
import type { IndexRow } from '../../../src/lib/history/index-row.ts';
import type { RowFacts } from '../../../src/lib/history/row-facts.ts';
import type { RowSearch } from '../../../src/lib/history/row-search.ts';
import type { IncidentRow } from '../../../src/lib/incidents/incident-row.ts';
import type { IndexStore } from '../../../src/lib/ports/index-store.ts';
import { type IncidentId, remediationIdOf, type TargetId } from '../../../src/lib/words/target.ts';
import { appId, arm, image, minute, nowMs } from '../facts.ts';
import { indexRow } from '../index-rows.ts';
import { memoryIndex } from '../memory-index.ts';

let azurite: Storage;
const accounts = Array.from({ length: 30 }, (_, at) => `index${at}`);

beforeAll(async () => {
  azurite = await startStorage(accounts);
});

afterAll(() => azurite.stop());

const everywhere: readonly [string, () => Promise<IndexStore>][] = [
  ['in memory', async () => memoryIndex(new Map())],
  ['in the account in memory', () => over(memoryStorage(() => nowMs).connection)],
  [
    'in Azurite',
    () => over(storageConnection({ S: azurite.connection(accounts.shift() ?? 'no account is left') }, 'S')),
  ],
];

async function over(connection: Parameters<typeof connectTables>[0]): Promise<IndexStore> {
  const tables = connectTables(connection);
  await createTables(tables);
  return indexOf(tables.index);
}

function targetNamed(digit: string): TargetId {
  return `t${digit.repeat(24)}` as TargetId;
}

const facts: RowFacts = {
  appName: 'ca-orders',
  registry: 'acrshop.azurecr.io',
  image,
  openedAtMs: nowMs,
  diagnosedAtMs: nowMs + 1,
  causes: ['pull-role-missing'],
  sure: 'confirmed',
  state: 'closed',
  refused: ['mode: observe'],
  closed: { how: 'recovered', because: 'pulled-and-ready', atMs: nowMs + minute },
};
const withdrawn = { how: 'withdrawn', because: 'app-gone', atMs: nowMs + minute } as const;

function row(digit: string, more: Partial<IndexRow> = {}, ordinal = 1): IndexRow {
  const targetId = targetNamed(digit);
  return indexRow({ remediation: remediationIdOf(targetId, ordinal), targetId, ...more });
}

/** Ended this many minutes after the start. */
function ended(digit: string, minutes: number, about: Partial<RowFacts> = {}): IndexRow {
  const closedAtMs = nowMs + minutes * minute;
  return row(digit, { closed: true, closedAtMs, updatedAtMs: closedAtMs, seq: 9, facts: { ...facts, ...about } });
}

function digits(rows: readonly Pick<IndexRow, 'remediation'>[]): string {
  return rows.map(({ remediation }) => remediation[1]).join('');
}

/** All pages of so many rows. */
async function pages(index: IndexStore, limit: number, search?: RowSearch): Promise<string[]> {
  const found: string[] = [];
  for (let after: string | undefined, more = true; more; more = after !== undefined) {
    const page = await index.closed({ after, limit }, search);
    found.push(digits(page.rows));
    after = page.next;
  }
  return found;
}

describe.each(everywhere)('what has ended, %s', (_where, make) => {
  it('is listed by its end, the latest first, page by page, and no page lacks a row', async () => {
    const index = await make();
    for (const one of [ended('b', 2), ended('d', 4), ended('a', 1), ended('c', 3), row('e')]) await index.put(one);

    expect((await pages(index, 2)).join('')).toBe('dcba');
    expect((await index.closed({ limit: 2 })).rows.length).toBe(2);
    expect((await index.closed({ after: '<no key>', limit: 4 })).rows).toHaveLength(4);
  });

  it('is read back with all that its row says, and is live no more', async () => {
    const index = await make();
    await index.put(row('a'));
    await index.put(ended('a', 1));

    expect((await index.closed({ limit: 9 })).rows).toEqual([ended('a', 1)]);
    expect(await index.live()).toEqual([]);
    expect(await index.liveOf(appId)).toEqual([]);
  });

  it('is there once, however often its row is written, and also while its undo is under way', async () => {
    const index = await make();
    await index.put(ended('a', 1));
    await index.put({ ...ended('a', 1), closed: false, updatedAtMs: nowMs + 9 * minute, seq: 12 });

    expect(digits(await index.live())).toBe('a');
    expect((await pages(index, 9)).join('')).toBe('a');
    expect((await index.all()).map(({ seq }) => seq)).toEqual([12]);
    await index.put({ ...ended('a', 1), updatedAtMs: nowMs + 10 * minute, seq: 13 });
    expect(await index.live()).toEqual([]);
    expect((await pages(index, 9)).join('')).toBe('a');
  });

  it.each<[string, RowSearch, string]>([
    ['the beginning of an app', { app: 'ca-ord' }, 'ba'],
    ['another app', { app: 'ca-orders-' }, ''],
    ['a registry', { registry: 'other.azurecr.io' }, 'd'],
    ['any of some causes', { causes: ['tag-missing', 'private-dns-unlinked'] }, 'db'],
    ['more causes than a filter has room for', { causes: manyCauses() }, 'db'],
    ['no cause', { causes: [] }, ''],
    ['how sure', { sureness: 'suspected' }, 'd'],
    ['how it ended', { closedHow: 'withdrawn' }, 'c'],
    ['whether a person was needed', { neededPerson: true }, 'c'],
    ['an instant and later', { fromMs: nowMs + 3 * minute }, 'dc'],
    ['before an instant', { untilMs: nowMs + 3 * minute }, 'ba'],
    ['several things', { app: 'ca-basket', closedHow: 'recovered', fromMs: nowMs }, 'd'],
    ['a text with quotes', { app: "ca' or appName ge '" }, ''],
  ])('is found by %s', async (_what, search, found) => {
    const index = await make();
    await index.put(ended('a', 1));
    await index.put(ended('b', 2, { causes: ['pull-role-missing', 'tag-missing'] }));
    await index.put(ended('c', 3, { appName: 'ca-basket', closed: withdrawn, askedAtMs: nowMs }));
    const other = { registry: 'other.azurecr.io', causes: ['private-dns-unlinked'], sure: 'suspected' } as const;
    await index.put(ended('d', 4, { appName: 'ca-basket', ...other }));

    expect((await pages(index, 9, search)).join('')).toBe(found);
    expect((await pages(index, 1, search)).join('')).toBe(found);
  });

  it('is found by nothing that its row does not know', async () => {
    const index = await make();
    const { facts: _facts, ...old } = ended('a', 1);
    await index.put(old);

    expect((await index.closed({ limit: 9 }, { app: 'ca-orders' })).rows).toEqual([]);
    expect((await index.closed({ limit: 9 }, { fromMs: nowMs })).rows).toEqual([old]);
  });
});

function manyCauses(): Cause[] {
  return ['digest-missing', 'repository-missing', 'tag-missing', 'private-dns-unlinked', 'registry-firewall'];
}

describe.each(everywhere)('the rows of a target and of an app, %s', (_where, make) => {
  it('are found by the target: the live ones, and what ended last', async () => {
    const index = await make();
    const first = ended('a', 1);
    const second = { ...ended('a', 5), remediation: row('a', {}, 2).remediation };
    for (const one of [second, first, row('a', {}, 3), row('b')]) await index.put(one);

    expect((await index.liveOfTarget(targetNamed('a'))).map(({ remediation }) => remediation)).toEqual([
      row('a', {}, 3).remediation,
    ]);
    expect((await index.lastClosed(targetNamed('a')))?.remediation).toBe(second.remediation);
    expect(await index.lastClosed(targetNamed('b'))).toBeUndefined();
  });

  it('are found by the app, live or ended', async () => {
    const index = await make();
    for (const one of [ended('a', 1), row('b'), row('c', { appId: arm(`${appId}-other`) })]) await index.put(one);

    expect([...(await index.targetsOf(appId))].sort()).toEqual([targetNamed('a'), targetNamed('b')]);
  });

  it('are found among the live ones of the app whatever their ids begin with, also beside what has ended', async () => {
    const index = await make();
    for (const digit of '0123456789abcdef') await index.put(row(digit));
    await index.put({ ...ended('0', 1), appId });

    expect(
      digits(await index.liveOf(appId))
        .split('')
        .toSorted()
        .join(''),
    ).toBe('123456789abcdef');
  });

  it('are watched while they ended asleep, until the watch ends', async () => {
    const index = await make();
    await index.put({ ...ended('a', 1), asleep: true });
    await index.put(ended('b', 2));
    expect(digits(await index.asleep())).toBe('a');
    await index.stopWatching(row('a').remediation);

    expect(await index.asleep()).toEqual([]);
    expect((await pages(index, 9)).join('')).toBe('ba');
  });
});

describe.each(everywhere)('the rows of incidents, %s', (_where, make) => {
  const id = (digit: string): IncidentId => `i${digit.repeat(24)}` as IncidentId;
  const open = (digit: string, seq: number): IncidentRow => ({
    id: id(digit),
    facts: {
      seq,
      cause: 'private-dns-unlinked',
      sureness: 'confirmed',
      registry: 'acrshop.azurecr.io',
      owner: 'network',
      title: 'Link the zone',
      state: 'open',
      members: 2,
      apps: 1,
      occurrences: 1,
      openedAtMs: nowMs,
    },
  });
  function over(incident: IncidentRow, minutes: number): IncidentRow {
    if (incident.facts === undefined) throw new Error('nothing is known of it');
    return { ...incident, facts: { ...incident.facts, state: 'resolved', closedAtMs: nowMs + minutes * minute } };
  }

  it('are open from the note on, and say more once there is more', async () => {
    const index = await make();
    await index.noteIncident(id('a'));
    expect(await index.openIncidents()).toEqual({ rows: [{ id: id('a') }], skipped: 0 });
    await index.putIncident(open('a', 3));
    await index.noteIncident(id('a'));

    expect(await index.openIncidents()).toEqual({ rows: [open('a', 3)], skipped: 0 });
  });

  it('move when the incident ends, the latest end first', async () => {
    const index = await make();
    for (const digit of ['a', 'b', 'c']) await index.putIncident(open(digit, 2));
    await index.putIncident(over(open('b', 4), 1));
    await index.putIncident(over(open('a', 4), 2));

    expect((await index.openIncidents()).rows).toEqual([open('c', 2)]);
    const first = await index.closedIncidents({ limit: 1 });
    const second = await index.closedIncidents({ limit: 1, after: first.next });
    expect([first.rows, second.rows]).toEqual([[over(open('a', 4), 2)], [over(open('b', 4), 1)]]);
    expect([...(await index.incidents())].sort()).toEqual([id('a'), id('b'), id('c')]);
  });

  it('keep what a later entry says, whoever writes last', async () => {
    const index = await make();
    await index.putIncident(open('a', 7));
    await index.putIncident(open('a', 5));
    await index.putIncident(over(open('a', 6), 1));

    expect((await index.openIncidents()).rows).toEqual([open('a', 7)]);
  });
});
