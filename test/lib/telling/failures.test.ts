import { describe, expect, it } from 'vitest';
import { type Begun, newRow, type OutboxRow } from '../../../src/lib/incidents/outbox.ts';
import type { Failure } from '../../../src/lib/incidents/system.ts';
import { failed, pauseAfter } from '../../../src/lib/telling/failures.ts';
import { minute, nowMs } from '../facts.ts';
import { incidentId } from '../incidents/incident-data.ts';
import { Scripted, Team } from './scripted.ts';

const begun: Begun = {
  call: { do: 'open' },
  delivery: 'd',
  seq: 2,
  atMs: nowMs,
  leaseUntilMs: nowMs + minute,
  holder: 'a',
  again: false,
};
const row = { ...newRow(incidentId, 'pager'), begun };
const { ports } = new Team({ pager: new Scripted() }).running;

const afterFailed = (of: OutboxRow, call: Begun, failure: Failure, findLagMs: number, lastSeq = call.seq) =>
  failed(ports, of, { begun: call, failure, findLagMs, lastSeq });

describe('the pause after a failed try', () => {
  it('grows to half an hour and has no end', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 100].map((tries) => pauseAfter(tries) / 1000)).toEqual([
      10, 30, 60, 120, 300, 600, 1200, 1800, 1800, 1800,
    ]);
  });
});

describe('a call that failed', () => {
  it('without an answer is kept as begun: it may have taken effect', async () => {
    expect(await afterFailed(row, begun, { why: 'no-answer', detail: 'x' }, 0)).toMatchObject({
      begun: { again: true, leaseUntilMs: nowMs, delivery: 'd' },
      dueAtMs: nowMs + 10_000,
      tries: 1,
    });
  });

  it('waits as long as the system may not find what it made', async () => {
    const failure = { why: 'no-answer', detail: 'x' } as const;
    expect((await afterFailed(row, begun, failure, minute)).dueAtMs).toBe(nowMs + minute);
    const update = { ...begun, call: { do: 'update' } } as const;
    expect((await afterFailed(row, update, failure, minute)).dueAtMs).toBe(nowMs + 10_000);
  });

  it('with a refusal made nothing, unless an earlier try had no answer', async () => {
    const failure = { why: 'message-refused', detail: 'HTTP 400' } as const;
    const first = await afterFailed(row, begun, failure, 0);
    expect(first).toMatchObject({ dead: true, failure: { ...failure, atMs: nowMs } });
    expect(first.begun).toBeUndefined();
    expect(first.dueAtMs).toBeUndefined();

    expect((await afterFailed(row, { ...begun, again: true }, failure, 0)).begun).toMatchObject({ again: true });
  });

  it('is over where the system took it in and refused it later, so that the next change is told anew', async () => {
    const taken = { ...begun, again: true, receipt: 'r' };
    const failure = { why: 'message-refused', detail: 'request failed' } as const;
    expect((await afterFailed({ ...row, begun: taken }, taken, failure, 0)).begun).toBeUndefined();

    const lost = { why: 'no-answer', detail: 'x' } as const;
    expect((await afterFailed({ ...row, begun: taken }, taken, lost, 0)).begun).toMatchObject({ receipt: 'r' });
  });

  it('is refused for good and does not stand in the way of news that came meanwhile', async () => {
    const failure = { why: 'message-refused', detail: 'HTTP 400' } as const;
    const awaits = { seq: begun.seq + 1, untilMs: nowMs + minute };
    for (const after of [
      await afterFailed({ ...row, awaits }, begun, failure, 0),
      await afterFailed(row, begun, failure, 0, begun.seq + 1),
    ]) {
      expect(after.dead).toBeUndefined();
      expect(after.dueAtMs).toBe(nowMs + 10_000);
    }
  });

  it('that certainly opened nothing is opened under the same name the next time; one that may have is still looked for', async () => {
    const opening = { ...row, opening: 3 };
    const first = { ...begun, call: { do: 'open' } } as const;
    const taken = { ...first, again: true, receipt: 'r' };
    const refused = { why: 'message-refused', detail: 'HTTP 400' } as const;
    const slow = { why: 'throttled', detail: 'HTTP 429' } as const;
    const after = async (one: typeof begun, failure: typeof refused | typeof slow) =>
      (await afterFailed(opening, one, failure, 0)).opening;

    expect([await after(first, refused), await after(first, slow), await after(taken, refused)]).toEqual([2, 2, 2]);
    expect([
      await after({ ...first, again: true }, refused),
      await after({ ...begun, call: { do: 'update' } }, slow),
    ]).toEqual([3, 3]);
  });

  it('is kept where the news that was noted was never made, or is what was refused', async () => {
    const failure = { why: 'message-refused', detail: 'HTTP 400' } as const;
    for (const awaits of [
      { seq: begun.seq + 1, untilMs: nowMs },
      { seq: begun.seq, untilMs: nowMs + minute },
    ])
      expect((await afterFailed({ ...row, awaits }, begun, failure, 0)).dead).toBe(true);
  });

  it('about something that is gone starts from nothing', async () => {
    const open = { ...row, state: 'open', external: { id: '1' } } as const;
    const after = await afterFailed(open, begun, { why: 'gone', detail: 'HTTP 404' }, 0);
    expect(after.state).toBe('new');
    expect(after.external).toBeUndefined();
  });
});
