// One contract for the ports of storage: what the rules of the core rely on holds in memory, as the fault sweep and the tests of the
// pipeline use it, in the account in memory of scenarios on virtual time, and on the real protocol with the real clients.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryStorage } from '../../local/engine/storage.ts';
import { ledger } from '../../src/lib/azure/store/store.ts';
import { killSwitchGuard } from '../../src/lib/decision/change-guards.ts';
import type { Entry } from '../../src/lib/history/entries.ts';
import type { IndexRow } from '../../src/lib/history/index-row.ts';
import type { Ledger } from '../../src/lib/history/ledger.ts';
import { newRow } from '../../src/lib/incidents/outbox.ts';
import { recallAccess, remember, rememberUnless } from '../../src/lib/remediation/access-memory.ts';
import { recallRestarts, rememberRestartUnless } from '../../src/lib/remediation/restart-memory.ts';
import { type Fact, known, unreadable, valueOf } from '../../src/lib/words/fact.ts';
import type { IncidentId, RemediationId, TargetId } from '../../src/lib/words/target.ts';
import { type Azurite, type AzuriteStore, openStore, startAzurite } from '../faults/azurite.ts';
import type { Strike } from '../faults/storage-proxy.ts';
import {
  type Delivery,
  leaseMs,
  type MemoryStore,
  memoryStore,
  type StoragePorts,
  type Store,
} from '../faults/store.ts';
import { acrPull, appId, arm, config, minute, nowMs, principal, registryId, roleMissing, signal } from './facts.ts';
import { type MemoryLedger, memory, memoryLedger } from './memory-ports.ts';

type Switch = 'on' | 'off' | 'nonsense' | 'out of reach';
type Tampering = 'edited' | 'removed' | 'moved';
type FutureEntry = { readonly kind: 'from-the-future' };

interface Kept {
  readonly ports: Omit<StoragePorts, 'killSwitch'>;
  /** A version of pullmedic that knows one more kind of entry. */
  readonly newer: Ledger<FutureEntry>;
  /** Spoils the first of two entries of a history. */
  readonly tamper: (partition: string, how: Tampering) => Promise<void>;
}

interface Moving extends Kept {
  readonly ports: StoragePorts;
  readonly store: Store;
  readonly pass: (ms: number) => Promise<void>;
  readonly setKillSwitch: (to: Switch) => Promise<void>;
}

let azurite: Azurite;

beforeAll(async () => {
  azurite = await startAzurite(90);
});

afterAll(() => azurite.stop());

function inRows({ all }: MemoryLedger<Entry>): Omit<Kept, 'ports'> {
  return {
    newer: memoryLedger<FutureEntry>(() => nowMs, ['from-the-future'], all),
    async tamper(partition, how) {
      const [first, second] = all.get(partition) ?? [];
      if (first === undefined || second === undefined) throw new Error('nothing to tamper with');
      const edited = { ...first, text: first.text.replace('truth', 'fiction') };
      all.set(partition, { edited: [edited, second], removed: [second], moved: [second, first] }[how]);
    },
  };
}

function inTables({ tables }: Pick<AzuriteStore, 'tables'>): Omit<Kept, 'ports'> {
  const [one, two] = ['0000000001', '0000000002'];
  return {
    newer: ledger<FutureEntry>(tables.history, ['from-the-future'], () => nowMs),
    async tamper(partition, how) {
      const [first, second] = [
        await tables.history.getEntity(partition, one),
        await tables.history.getEntity(partition, two),
      ];
      const put = (rowKey: string, { part0, hash }: Record<string, unknown>): Promise<unknown> =>
        tables.history.updateEntity({ partitionKey: partition, rowKey, part0, hash }, 'Merge');
      if (how === 'edited') await put(one, { ...first, part0: String(first['part0']).replace('truth', 'fiction') });
      if (how === 'removed') await tables.history.deleteEntity(partition, one);
      if (how === 'moved') {
        await put(one, second);
        await put(two, first);
      }
    },
  };
}

function passing(store: Store): Pick<Moving, 'ports' | 'store' | 'pass'> {
  let atMs = nowMs;
  return {
    store,
    ports: store.ports(0),
    async pass(ms) {
      atMs += ms;
      await store.advance(atMs);
    },
  };
}

async function inMemory(): Promise<Moving> {
  const store: MemoryStore = memoryStore(nowMs);
  const states: Record<Switch, Fact<boolean>> = {
    on: known(true),
    off: known(false),
    nonsense: unreadable('unavailable'),
    'out of reach': unreadable('unavailable'),
  };
  return {
    ...passing(store),
    ...inRows(store.histories),
    setKillSwitch: async (to) => store.setKillSwitch(states[to]),
  };
}

function inAccount(store: Omit<AzuriteStore, 'requests' | 'blobRequests'>): Moving {
  const row = { partitionKey: 'controls', rowKey: 'kill-switch' };
  return {
    ...passing(store),
    ...inTables(store),
    async setKillSwitch(to) {
      if (to === 'out of reach') await store.tables.controls.deleteTable();
      else
        await store.tables.controls.upsertEntity(
          { ...row, on: to === 'nonsense' ? 'perhaps' : to === 'on' },
          'Replace',
        );
    },
  };
}

async function inAzurite(): Promise<Moving> {
  return inAccount(await azurite.open(nowMs, undefined));
}

/** The account of a scenario that plays on virtual time. */
async function inEngine(): Promise<Moving> {
  let clockMs = nowMs;
  const { connection } = memoryStorage(() => clockMs);
  const setClock = async (atMs: number): Promise<void> => void (clockMs = atMs);
  const account = { beside: connection, through: connection, service: connection.queues(), setClock };
  return inAccount(await openStore(account, nowMs));
}

/** What the tests of the pipeline use. Its queue hands each message over when it is due and knows no leases. */
async function inPipeline(): Promise<Kept> {
  const { ports, histories } = memory(config(), roleMissing, nowMs);
  return { ports, ...inRows(histories) };
}

function said(word: string): Entry {
  return { kind: 'signal-joined', signal: { ...signal, id: word } };
}

function words(entries: Awaited<ReturnType<StoragePorts['history']['read']>>): string[] {
  return entries.map(({ seq, entry }) => `${seq} ${entry.kind === 'signal-joined' ? entry.signal.id : entry.kind}`);
}

const allKeep: readonly [string, () => Promise<Kept>][] = [
  ['in Azurite', inAzurite],
  ['in the account in memory', inEngine],
  ['in memory', inMemory],
  ['in the tests of the pipeline', inPipeline],
];
const allMove: readonly [string, () => Promise<Moving>][] = [
  ['in Azurite', inAzurite],
  ['in the account in memory', inEngine],
  ['in memory', inMemory],
];

describe.each(allKeep)('restarts of an app %s', (_where, make) => {
  it('are announced by one of two hosts, and the other sees which', async () => {
    const { ports } = await make();
    const remembering = { ...ports, hash: (text: string) => text.replaceAll('/', '-') };
    const announce = (remediation: string) =>
      rememberRestartUnless(
        remembering,
        appId,
        {
          kind: 'restart-announced',
          app: appId,
          revision: 'r1',
          by: 'restart',
          remediation: remediation as RemediationId,
        },
        (restarts) => restarts.at(0)?.remediation,
      );

    const answers = await Promise.all(['left', 'right'].map(announce));

    expect(answers.filter((answer) => answer === 'appended')).toHaveLength(1);
    const [winner] = valueOf(await recallRestarts(remembering, appId)) ?? [];
    expect(answers).toContain(winner?.remediation);
  });
});

describe.each(allKeep)('the memory of an identity %s', (_where, make) => {
  const grant = { registryId, principalId: principal, roleId: acrPull };
  const remediation = 'one' as RemediationId;
  const no = { kind: 'grant-refused', grant, how: 'rejected', by: 'anna', remediation, app: appId } as const;
  const made = { kind: 'grant-made', grant, remediation, app: appId } as const;

  it('takes a grant before a no or not at all, when two hosts write at the same instant', async () => {
    const { ports } = await make();
    const remembering = { ...ports, hash: (text: string) => text.replaceAll('/', '-') };
    const announce = () =>
      rememberUnless(remembering, grant, made, ({ refused }) => (refused.length > 0 ? 'refused' : undefined));

    const [, announced] = await Promise.all([remember(remembering, grant, no), announce()]);
    const again = await announce();
    const kinds = (
      await remembering.deployment.read(`access-access|${registryId}|${principal}`.replaceAll('/', '-'))
    ).map(({ entry }) => entry.kind);

    expect(kinds).toEqual(announced === 'refused' ? ['grant-refused'] : ['grant-made', 'grant-refused']);
    expect(again).toBe('refused');
  });

  it('is read back as it was written, refusal and all', async () => {
    const { ports } = await make();
    const remembering = { ...ports, hash: (text: string) => text.replaceAll('/', '-') };
    await remember(remembering, grant, no);

    expect(valueOf(await recallAccess(remembering, grant))?.refused).toMatchObject([
      { grant, how: 'rejected', by: 'anna' },
    ]);
    expect(await ports.deployment.read('deployment')).toEqual([]);
  });
});

describe.each(allKeep)('a history %s', (_where, make) => {
  it('is empty before anything was said', async () => {
    const { ports } = await make();

    expect(await ports.history.read('nothing')).toEqual([]);
  });

  it('reads entries in the order in which they were appended, ten and more of them', async () => {
    const { ports } = await make();
    const spoken = Array.from({ length: 12 }, (_, index) => `word ${index}`);
    for (const [index, word] of spoken.entries())
      expect(await ports.history.append('order', index, said(word))).toBe('appended');

    expect(words(await ports.history.read('order'))).toEqual(spoken.map((word, index) => `${index + 1} ${word}`));
  });

  it('keeps each history apart, also where one name begins like another', async () => {
    const { ports } = await make();
    await ports.history.append('t1', 0, said('one'));
    await ports.history.append('t11', 0, said('eleven'));

    expect(words(await ports.history.read('t1'))).toEqual(['1 one']);
  });

  it('takes one of two writers of the same number, and says so to the other', async () => {
    const { ports } = await make();
    await ports.history.append('race', 0, said('first'));

    const answers = await Promise.all(['left', 'right'].map((word) => ports.history.append('race', 1, said(word))));

    expect(answers.toSorted()).toEqual(['appended', 'taken']);
    expect(await ports.history.read('race')).toHaveLength(2);
  });

  it('takes one of two that say the very same at the very same instant', async () => {
    const { ports } = await make();

    const answers = await Promise.all([1, 2].map(() => ports.history.append('same', 0, said('same'))));

    expect(answers.toSorted()).toEqual(['appended', 'taken']);
  });

  it.each([2, 3, 9])('leaves no gap: number %i after one entry is taken', async (after) => {
    const { ports } = await make();
    await ports.history.append('gap', 0, said('first'));

    expect(await ports.history.append('gap', after, said('late'))).toBe('taken');
    expect(await ports.history.append('gap', 0, said('early'))).toBe('taken');
    expect(words(await ports.history.read('gap'))).toEqual(['1 first']);
  });

  it('gives back exactly what JSON keeps of an entry, whatever the characters', async () => {
    const { ports } = await make();
    const odd = `quotes " ' \\ line \n tab \t null \u0000 umlaut ä 中文 emoji 🚑 half ${'\ud83d'} end`;
    await ports.history.append('odd', 0, said(odd));

    expect((await ports.history.read('odd'))[0]?.entry).toEqual(said(odd));
  });

  it.each([4999, 29_999, 30_000, 30_001, 64_000])('keeps an entry of some %i characters whole', async (length) => {
    const { ports } = await make();
    // Characters outside the first plane at every place where an entry might be cut.
    const word = '🚑'.repeat(length / 2) + (length % 2 === 1 ? 'x' : '');
    const shifted = `x${word}`;
    await ports.history.append('large', 0, said(word));
    await ports.history.append('large', 1, said(shifted));

    const read = await ports.history.read('large');
    expect(read.map(({ entry }) => entry)).toEqual([said(word), said(shifted)]);
  });

  it('keeps an entry of 400,000 characters whole', async () => {
    const { ports } = await make();
    await ports.history.append('long', 0, said('y'.repeat(400_000)));

    expect((await ports.history.read('long'))[0]?.entry).toEqual(said('y'.repeat(400_000)));
  });

  it('refuses an entry that does not fit as a whole, stores nothing of it, and goes on', async () => {
    const { ports } = await make();
    await ports.history.append('huge', 0, said('before'));

    await expect(ports.history.append('huge', 1, said('x'.repeat(2_000_000)))).rejects.toThrow(/too large/);

    expect(await ports.history.append('huge', 1, said('after'))).toBe('appended');
    expect(words(await ports.history.read('huge'))).toEqual(['1 before', '2 after']);
  });

  it.each<Tampering>(['edited', 'removed', 'moved'])('is not read once an entry was %s', async (how) => {
    const { ports, tamper } = await make();
    await ports.history.append('tampered', 0, said('truth'));
    await ports.history.append('tampered', 1, said('more'));
    expect(await ports.history.read('tampered')).toHaveLength(2);

    await tamper('tampered', how);

    await expect(ports.history.read('tampered')).rejects.toMatchObject({ why: 'broken' });
  });

  it('is not read by a version that does not know one of its entries', async () => {
    const { ports, newer } = await make();
    await newer.append('future', 0, { kind: 'from-the-future' });

    await expect(ports.history.read('future')).rejects.toMatchObject({ why: 'newer-version' });
  });
});

const targetId = `t${'1'.repeat(24)}` as TargetId;

function row(ordinal: number, more: Partial<IndexRow> = {}): IndexRow {
  const id = `${targetId}.${ordinal}` as RemediationId;
  return {
    remediation: id,
    targetId,
    appId,
    closed: false,
    needsPerson: false,
    asleep: false,
    dueAtMs: nowMs,
    seq: 1,
    updatedAtMs: nowMs,
    ...more,
  };
}

describe.each(allKeep)('the index %s', (_where, make) => {
  it('gives back a row as it was put, and the last one put under an id', async () => {
    const { index } = (await make()).ports;
    const last = row(1, { needsPerson: true, dueAtMs: nowMs + 90 * minute + 7, seq: 41, updatedAtMs: nowMs + 3 });
    await index.put(row(1));
    await index.put(last);

    expect(await index.all()).toEqual([last]);
    expect(await index.live()).toEqual([last]);
  });

  it('lists what is live apart from what is closed, of all apps or of one', async () => {
    const { index } = (await make()).ports;
    const other = arm(`${appId}-other`);
    for (const one of [row(1, { closed: true }), row(2), row(3, { appId: other })]) await index.put(one);
    const ids = (rows: readonly Pick<IndexRow, 'remediation'>[]): string[] =>
      rows.map((one) => one.remediation.slice(-1)).toSorted();

    expect(ids(await index.all())).toEqual(['1', '2', '3']);
    expect(ids(await index.live())).toEqual(['2', '3']);
    expect(ids(await index.liveOf(appId))).toEqual(['2']);
    expect(ids(await index.liveOf(other))).toEqual(['3']);
  });

  it('lists what ended asleep, also beside what is live', async () => {
    const { index } = (await make()).ports;
    const asleep = row(2, { closed: true, asleep: true });
    for (const one of [row(1), asleep, row(3, { closed: true })]) await index.put(one);

    expect(await index.asleep()).toEqual([asleep]);
  });

  it('notes an incident once, however often it is noted', async () => {
    const { index } = (await make()).ports;
    const [a, b] = [`i${'a'.repeat(24)}` as IncidentId, `i${'b'.repeat(24)}` as IncidentId];
    for (const id of [a, b, a]) await index.noteIncident(id);

    expect((await index.incidents()).toSorted()).toEqual([a, b]);
    expect(await index.all()).toEqual([]);
  });
});

describe.each(allMove)('the outbox %s', (_where, make) => {
  const incident = `i${'7'.repeat(24)}` as IncidentId;

  it('takes one of two hosts that begin a call of the same row', async () => {
    const { outbox } = (await make()).ports;
    expect(await outbox.write({ ...newRow(incident, 'pager'), dueAtMs: nowMs }, undefined)).toBe('written');
    const seen = await outbox.read(incident, 'pager');
    if (seen === undefined) throw new Error('the row is gone');
    const both = await Promise.all([1, 2].map((tries) => outbox.write({ ...seen.value, tries }, seen.version)));

    expect(both.toSorted()).toEqual(['taken', 'written']);
  });

  it('finds what is due and what belongs to an incident, and nothing else', async () => {
    const { outbox } = (await make()).ports;
    await outbox.write({ ...newRow(incident, 'a'), dueAtMs: nowMs }, undefined);
    await outbox.write({ ...newRow(incident, 'b'), dueAtMs: nowMs + 1 }, undefined);
    await outbox.write(newRow(`i${'8'.repeat(24)}` as IncidentId, 'c'), undefined);

    expect((await outbox.due(nowMs)).map(({ system }) => system)).toEqual(['a']);
    expect((await outbox.of(incident)).map(({ value }) => value.system).toSorted()).toEqual(['a', 'b']);
    expect((await outbox.unfinished()).map(({ system }) => system).toSorted()).toEqual(['a', 'b']);
  });
});

describe('the index in Azurite', () => {
  it('lists more rows than one page of an answer holds', async () => {
    const store = await azurite.open(nowMs, undefined);
    await store.view.index.put(row(1));
    const kept = await store.tables.index.getEntity('remediations', row(1).remediation);
    const fields = {
      appId: kept['appId'],
      closed: false,
      needsPerson: false,
      dueAtMs: kept['dueAtMs'],
      seq: 1,
      updatedAtMs: kept['updatedAtMs'],
    };
    for (let from = 2; from < 1102; from += 100) {
      const rows = Array.from({ length: 100 }, (_, index) => row(from + index).remediation);
      await store.tables.index.submitTransaction(
        rows.map((rowKey) => ['create', { partitionKey: 'remediations', rowKey, ...fields }] as const),
      );
    }

    expect(new Set((await store.view.index.live()).map((one) => one.remediation)).size).toBe(1101);
  });
});

function step(seq: number): { targetId: TargetId; seq: number; wake: boolean } {
  return { targetId, seq, wake: false };
}

function seen(deliveries: readonly Delivery[]): string[] {
  return deliveries
    .map(({ message }) => {
      if (message.kind === 'tell') return `tell ${message.tell.system}`;
      return message.kind === 'step' ? `step ${message.step.seq}` : message.signal.id;
    })
    .toSorted();
}

describe.each(allMove)('a queue %s', (_where, make) => {
  it('gives back what was sent, steps and signals', async () => {
    const { ports, store } = await make();
    const odd = { ...signal, id: 'alert|ä 🚑 "', revision: 'ca-orders--0000001' };
    await ports.queue.sendSignal(odd, nowMs);
    await ports.queue.sendStep({ ...step(3), wake: true }, nowMs);

    expect((await store.receive(32)).map(({ message }) => message)).toEqual([
      { kind: 'signal', signal: odd },
      { kind: 'step', step: { ...step(3), wake: true } },
    ]);
  });

  it('hides a message until it is due; one that is overdue is there at once', async () => {
    const { ports, store, pass } = await make();
    await ports.queue.sendStep(step(1), nowMs + 90_000);
    await ports.queue.sendStep(step(2), nowMs - 90_000);

    expect(seen(await store.receive(32))).toEqual(['step 2']);
    await pass(89_000);
    expect(seen(await store.receive(32))).toEqual([]);
    await pass(1000);
    expect(seen(await store.receive(32))).toEqual(['step 1']);
  });

  it('never gives a message early, not by a part of a second', async () => {
    const { ports, store, pass } = await make();
    await ports.queue.sendStep(step(1), nowMs + 1500);

    await pass(1499);
    expect(seen(await store.receive(32))).toEqual([]);
    await pass(501);
    expect(seen(await store.receive(32))).toEqual(['step 1']);
  });

  it('keeps a message that is due in ten days; it may come after seven, when its step finds that it is not due', async () => {
    const { ports, store, pass } = await make();
    await ports.queue.sendStep(step(1), nowMs + 10 * 24 * 60 * minute);

    await pass(6 * 24 * 60 * minute);
    expect(seen(await store.receive(32))).toEqual([]);
    await pass(4 * 24 * 60 * minute);
    expect(seen(await store.receive(32))).toEqual(['step 1']);
  });

  it('brings a message back that nobody finished, when its lease is over, and counts', async () => {
    const { ports, store, pass } = await make();
    await ports.queue.sendStep(step(1), nowMs);

    expect((await store.receive(32)).map(({ times }) => times)).toEqual([1]);
    expect(await store.receive(32)).toEqual([]);
    await pass(leaseMs);
    expect((await store.receive(32)).map(({ times }) => times)).toEqual([2]);
  });

  it('brings a failed message back when it was said to, and a finished one never', async () => {
    const { ports, store, pass } = await make();
    await ports.queue.sendStep(step(1), nowMs);
    await ports.queue.sendStep(step(2), nowMs);
    for (const delivery of await store.receive(32)) {
      if (seen([delivery])[0] === 'step 1') await delivery.back(30_000);
      else await delivery.done();
    }

    await pass(29_000);
    expect(await store.receive(32)).toEqual([]);
    await pass(1000);
    expect(seen(await store.receive(32))).toEqual(['step 1']);
    await pass(2 * leaseMs);
    expect(seen(await store.receive(32))).toEqual(['step 1']);
  });

  it('counts the delay from the clock of the service, however wrong the clock of the host', async () => {
    const { store, pass } = await make();
    const ahead = store.ports(2 * minute);
    // The host says "in a minute" by its own clock.
    await ahead.queue.sendStep(step(1), nowMs + 3 * minute);

    await pass(59_000);
    expect(await store.receive(32)).toEqual([]);
    await pass(1000);
    expect(seen(await store.receive(32))).toEqual(['step 1']);
  });
});

describe.each(allMove)('the kill switch %s', (_where, make) => {
  it('is off where nobody ever touched it', async () => {
    const { ports } = await make();

    expect(killSwitchGuard({ killSwitch: await ports.killSwitch() })).toBeUndefined();
  });

  it.each([
    ['on', 'on'],
    ['nonsense', 'unreadable'],
    ['out of reach', 'unreadable'],
  ] as const)('that is %s refuses every change: %s', async (state, why) => {
    const { ports, setKillSwitch } = await make();
    await setKillSwitch('off');
    expect(killSwitchGuard({ killSwitch: await ports.killSwitch() })).toBeUndefined();

    await setKillSwitch(state);

    expect(killSwitchGuard({ killSwitch: await ports.killSwitch() })).toEqual({ guard: 'kill-switch', why });
  });
});

describe.each(allMove)('setting the kill switch %s', (_where, make) => {
  const ada = { by: 'Ada', atMs: nowMs };
  const bo = { by: 'Bo', atMs: nowMs + 1 };
  const seenIn = async ({ ports }: Moving): Promise<string | undefined> =>
    valueOf(await ports.controls.setting())?.version;

  it('off takes effect for the setting that was seen', async () => {
    const kept = await make();
    await kept.ports.controls.turnOn(ada);

    expect(await kept.ports.controls.turnOff(bo, await seenIn(kept))).toBe('off');
    expect(await kept.ports.killSwitch()).toEqual(known(false));
    expect(await kept.ports.controls.setting()).toMatchObject(known({ on: false, ...bo }));
  });

  it('off that comes late does not undo an on that came meanwhile, although it was on when it was seen', async () => {
    const kept = await make();
    await kept.ports.controls.turnOn(ada);
    const seen = await seenIn(kept);
    await kept.ports.controls.turnOn(bo);

    expect(await kept.ports.controls.turnOff(ada, seen)).toBe('moved');
    expect(await kept.ports.controls.setting()).toMatchObject(known({ on: true, ...bo }));
  });

  it('off by who saw that it was never set does not undo the first on', async () => {
    const kept = await make();
    const seen = await seenIn(kept);
    await kept.ports.controls.turnOn(ada);

    expect(seen).toBeUndefined();
    expect(await kept.ports.controls.turnOff(bo, seen)).toBe('moved');
    expect(await kept.ports.killSwitch()).toEqual(known(true));
  });

  it('off takes effect once: another one with the same version finds that it moved', async () => {
    const kept = await make();
    await kept.ports.controls.turnOn(ada);
    const seen = await seenIn(kept);

    expect(await kept.ports.controls.turnOff(bo, seen)).toBe('off');
    expect(await kept.ports.controls.turnOff(ada, seen)).toBe('moved');
  });

  it('of an on and an off at the same moment the on holds', async () => {
    const kept = await make();
    await kept.ports.controls.turnOn(ada);
    const seen = await seenIn(kept);
    await Promise.all([kept.ports.controls.turnOff(ada, seen), kept.ports.controls.turnOn(bo)]);

    expect(await kept.ports.killSwitch()).toEqual(known(true));
  });
});

const spoilt: readonly Strike[] = [
  { do: 'answer', status: 500 },
  { do: 'answer', status: 503 },
  { do: 'answer', status: 429, retryAfter: 1 },
  { do: 'reset', when: 'before' },
  { do: 'reset', when: 'after' },
];

describe('storage on a line that breaks', () => {
  it.each(spoilt)('an insert that meets %j is one entry, and ours', async (strike) => {
    // The first request reads the chain, the second inserts.
    const store = await azurite.open(nowMs, { request: 2, strike, tries: 1 });

    expect(await store.ports(0).history.append('once', 0, said('word'))).toBe('appended');
    expect(words(await store.view.history.read('once'))).toEqual(['1 word']);
  });

  it("an insert that meets somebody else's entry is not ours, however the line breaks", async () => {
    const store = await azurite.open(nowMs, { request: 2, strike: { do: 'reset', when: 'before' }, tries: 1 });
    await store.view.history.append('race', 0, said('theirs'));
    const { history } = store.ports(0);
    expect(await history.read('race')).toHaveLength(1);
    await store.view.history.append('race', 1, said('theirs too'));

    expect(await history.append('race', 1, said('ours'))).toBe('taken');
    expect(words(await store.view.history.read('race'))).toEqual(['1 theirs', '2 theirs too']);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ] as const)('silence %s an insert ends as an error, and reading tells what became of it', async (when, kept) => {
    const store = await azurite.open(nowMs, { request: 2, strike: { do: 'silence', when }, tries: 9 });

    await expect(store.ports(0).history.append('silent', 0, said('word'))).rejects.toThrow(/abort/i);
    expect(await store.view.history.read('silent')).toHaveLength(kept);
  });

  it.each(spoilt)('an off that meets %j takes effect once, and is ours', async (strike) => {
    // The first request reads the row, the second writes it.
    const store = await azurite.open(nowMs, { request: 2, strike, tries: 1 });
    await store.view.controls.turnOn({ by: 'Ada', atMs: nowMs });
    const seen = valueOf(await store.view.controls.setting())?.version;

    expect(await store.ports(0).controls.turnOff({ by: 'Bo', atMs: nowMs }, seen)).toBe('off');
    expect(await store.view.controls.setting()).toMatchObject(known({ on: false, by: 'Bo' }));
  });

  it.each([...spoilt, { do: 'silence', when: 'before' }] as const)('a kill switch behind %j is on', async (strike) => {
    const store = await azurite.open(nowMs, { request: 1, strike, tries: 9 });

    expect(killSwitchGuard({ killSwitch: await store.ports(0).killSwitch() })).toEqual({
      guard: 'kill-switch',
      why: 'unreadable',
    });
  });

  it.each([...spoilt.slice(0, 2), ...spoilt.slice(3)])(
    'a message that meets %j arrives, at least once',
    async (strike) => {
      const store = await azurite.open(nowMs, { request: 1, strike, tries: 1 });
      await store.ports(0).queue.sendStep(step(7), nowMs);

      expect(new Set(seen(await store.receive(32)))).toEqual(new Set(['step 7']));
    },
  );

  it('a message that was never taken is an error, so that nobody believes it is on its way', async () => {
    const store = await azurite.open(nowMs, { request: 1, strike: { do: 'answer', status: 503 }, tries: 9 });

    await expect(store.ports(0).queue.sendStep(step(7), nowMs)).rejects.toMatchObject({ statusCode: 503 });
    expect(await store.receive(32)).toEqual([]);
  });
});
