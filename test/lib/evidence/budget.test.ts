import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listIncidents, listRemediations } from '../../../src/lib/console/views.ts';
import {
  allowanceOf,
  atMost,
  type Bucket,
  type BudgetKey,
  blocked,
  chunkLifetimeMs,
  filled,
  hand,
} from '../../../src/lib/evidence/budget.ts';
import { foldTarget } from '../../../src/lib/history/fold.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { app, config, dnsUnlinked, minute, nowMs, signal } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

const key: BudgetKey = 'arm-5f0c1d2e-0000-4000-8000-000000000001';
const most = config({
  PULLMEDIC_SETTINGS: JSON.stringify({
    budget: { armReadsPerMinute: 1500, logQueriesPerMinute: 300, graphQueriesPerMinute: 60 },
  }),
}).settings.budget;

/** What Azure allows in a window of so many seconds. */
const azure: readonly (readonly [BudgetKey, number, number])[] = [
  [key, 1, 250 + 25],
  [key, 60, 250 + 25 * 60],
  ['logs', 30, 200],
  ['graph', 5, 15],
];

describe('a bucket', () => {
  it.each(azure)('of %s never lets more than Azure allows through in a window of %d s', (name, seconds, allowed) => {
    const allowance = allowanceOf(name, most);
    fc.assert(
      // Who asks, and how long after the one before. Chunks are used as late as they may be: that is the worst burst.
      fc.property(fc.array(fc.nat({ max: 400 }), { minLength: 20, maxLength: 300 }), (gaps) => {
        let bucket: Bucket | undefined;
        let atMs = nowMs;
        const used: { readonly fromMs: number; readonly tokens: number }[] = [];
        for (const gap of gaps) {
          atMs += gap;
          const handed = hand(filled(bucket, allowance, atMs), allowance, 0, atMs);
          bucket = handed.bucket;
          used.push({ fromMs: atMs, tokens: handed.tokens });
        }
        for (const { fromMs } of used) {
          const untilMs = fromMs + chunkLifetimeMs + seconds * 1000;
          const inWindow = used.filter((one) => one.fromMs >= fromMs && one.fromMs <= untilMs);
          expect(inWindow.reduce((sum, one) => sum + one.tokens, 0)).toBeLessThanOrEqual(allowed);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('hands nothing out in crumbs, and pays what was overdrawn with the next chunk', () => {
    const allowance = { capacity: 100, perSecond: 10, chunk: 10 };
    const bucket = { tokens: 4, atMs: nowMs, blockedUntilMs: 0 };

    expect(hand(bucket, allowance, 0, nowMs).tokens).toBe(0);
    expect(hand({ ...bucket, tokens: 50 }, allowance, 3, nowMs)).toMatchObject({ tokens: 13, bucket: { tokens: 37 } });
  });

  it('is empty until the instant that Azure named, whatever refills meanwhile', () => {
    const allowance = allowanceOf(key, most);
    const waiting = blocked(filled(undefined, allowance, nowMs), nowMs + minute);

    expect(hand(filled(waiting, allowance, nowMs + minute - 1), allowance, 0, nowMs + minute - 1).tokens).toBe(0);
    expect(hand(filled(waiting, allowance, nowMs + minute), allowance, 0, nowMs + minute).tokens).toBeGreaterThan(0);
  });

  it('never holds more than Azure says that it has left', () => {
    expect(atMost({ tokens: 100, atMs: nowMs, blockedUntilMs: 0 }, 7).tokens).toBe(7);
  });

  it('is not filled by a clock that runs behind', () => {
    const allowance = allowanceOf(key, most);
    const bucket = { tokens: 1, atMs: nowMs, blockedUntilMs: 0 };

    expect(filled(bucket, allowance, nowMs - 3 * minute)).toEqual(bucket);
  });
});

async function kinds(running: Memory): Promise<string[]> {
  const [row] = running.rows.values();
  if (row === undefined) throw new Error('there is no remediation');
  return (await running.ports.history.read(row.targetId)).map(({ entry }) => entry.kind);
}

describe('a look whose requests are spent', () => {
  it('is put off and recorded, decides nothing, and is made later', async () => {
    const running = memory(config(), { ...dnsUnlinked, zones: unreadable('over-budget') }, nowMs);

    await running.deliver(signal);

    expect(await kinds(running)).toEqual(['opened', 'put-off']);
    expect(await listIncidents(running.ports)).toEqual([]);
    running.world.evidence = dnsUnlinked;
    await running.pass(2 * minute);
    expect((await listRemediations(running.ports))[0]?.decision?.do).toBe('incident');
  });

  it('waits behind apps that nobody has looked at, while a person is asked anyway', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    running.world.scarce = true;

    await running.pass(3 * minute);

    expect((await kinds(running)).at(-1)).toBe('put-off');
    running.world.scarce = false;
    await running.pass(10 * minute);
    expect((await kinds(running)).at(-1)).toBe('decided');
  });

  it('is made at once when something was changed, scarce or not', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    running.world.scarce = true;
    running.world.nowMs += minute;

    await running.deliver({ ...signal, id: 'event|1', about: { kind: 'change', resource: app.id } });

    expect((await kinds(running)).slice(-2)).toEqual(['looked', 'decided']);
  });
});

describe('a signal that meets a spent budget', () => {
  it('is sent again for later, not lost and not failed', async () => {
    const running = memory(config(), { ...dnsUnlinked, app: unreadable('over-budget') }, nowMs);

    await running.deliver(signal);

    expect(running.world.signals).toMatchObject([{ signal: { id: signal.id } }]);
    expect(running.world.signals[0]?.dueAtMs).toBeGreaterThan(nowMs);
    running.world.evidence = { ...dnsUnlinked, app: known(app) };
    await running.deliver(signal);
    expect(await listRemediations(running.ports)).toHaveLength(1);
  });
});

describe('a crowd of signals', () => {
  it('for one app costs one look: those from before it ask for none of their own', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    let reads = 0;
    running.world.before = (call) => {
      if (call === 'probe.logs') reads += 1;
    };
    for (let index = 0; index < 10; index += 1)
      await running.ports.queue.sendSignal({ ...signal, id: `alert|${index}`, atMs: nowMs - 2 * minute }, nowMs);
    for (const { signal: sent } of running.world.signals.splice(0)) await running.deliver(sent);

    await running.pass(minute);

    expect(reads).toBe(1);
    const [one] = await listRemediations(running.ports);
    expect(one?.signals).toBe(10);
  });

  it('does not overtake the look that is under way', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    let joined = false;
    running.world.before = (call) => {
      if (call !== 'probe.zones' || joined) return;
      joined = true;
      const [row] = running.rows.values();
      if (row === undefined) throw new Error('there is no remediation');
      void running.ports.history.read(row.targetId).then((entries) =>
        running.ports.history.append(row.targetId, foldTarget(row.targetId, entries).lastSeq, {
          kind: 'signal-joined',
          signal: { ...signal, id: 'alert|2' },
        }),
      );
    };

    await running.deliver(signal);

    expect(await kinds(running)).toEqual(['opened', 'signal-joined', 'looked', 'decided', 'incident-linked']);
  });
});
