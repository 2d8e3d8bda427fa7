// What could not be read is not a "no": neither silent logs nor a role whose actions were not read end or escalate anything at once.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { foldTarget } from '../../../src/lib/history/fold.ts';
import type { Remediation } from '../../../src/lib/history/state.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  assignment,
  config,
  dnsLinked,
  dnsUnlinked,
  minute,
  nowMs,
  pulledRow,
  readyReplica,
  revision,
  roleMissing,
  signal,
  target,
} from '../facts.ts';
import { memory } from '../memory-ports.ts';

const busyRow = {
  atMs: nowMs - minute,
  revision: 'ca-orders--0000001',
  replica: 'ca-orders--0000001-a',
  reason: 'ImagePullFailure',
  severity: 'Normal',
  text: `Image pull for ${target.image} failed due to registry rate limiting (HTTP 429).`,
};
const busy = { ...roleMissing, roles: known([assignment(30 * 24 * 60 * minute)]), logs: known([busyRow]) };
const serving = {
  ...busy,
  revisions: known([{ ...revision, details: '', runningState: 'Running', healthState: 'Healthy' }]),
  replicas: known([{ ...readyReplica, name: 'ca-orders--0000001-b' }]),
};

async function remediationOf(test: ReturnType<typeof memory>): Promise<Remediation | undefined> {
  const [row] = test.rows.values();
  if (row === undefined) throw new Error('no remediation');
  return foldTarget(row.targetId, await test.ports.history.read(row.targetId)).remediations.at(-1);
}

async function lastOf(test: ReturnType<typeof memory>): Promise<string> {
  const last = await remediationOf(test);
  return last?.closed?.because ?? last?.decision?.decision.because ?? 'nothing';
}

describe('while the logs cannot be read', () => {
  it('looks again instead of saying that nothing fails', async () => {
    const test = memory(config(), busy, nowMs);
    await test.deliver(signal);
    await test.pass(14 * minute);
    test.world.evidence = { ...serving, logs: unreadable('timed-out') };

    await test.pass(minute + 1000);

    expect(await lastOf(test)).toBe('looking-again');
  });

  it('closes what serves once they are read and say nothing more', async () => {
    const test = memory(config(), busy, nowMs);
    await test.deliver(signal);
    await test.pass(14 * minute);
    test.world.evidence = { ...serving, logs: unreadable('timed-out') };
    await test.pass(minute + 1000);
    test.world.evidence = { ...serving, logs: known([]) };

    await test.pass(2 * minute);

    expect(await lastOf(test)).toBe('nothing-failing');
  });

  it('says so after three more looks all the same: what serves needs nobody', async () => {
    const test = memory(config(), busy, nowMs);
    await test.deliver(signal);
    await test.pass(14 * minute);
    test.world.evidence = { ...serving, logs: unreadable('timed-out') };

    await test.pass(6 * minute);

    expect(await lastOf(test)).toBe('nothing-failing');
  });
});

describe('while the cause of a confirmed failure cannot be read', () => {
  /** A stuck replica that healed: as old as the failure. */
  const repaired = {
    revisions: serving.revisions,
    replicas: known([{ ...readyReplica, createdAtMs: nowMs - 5 * minute }]),
    logs: known([]),
  };

  it('looks again instead of giving up what recovered', async () => {
    const test = memory(config(), dnsUnlinked, nowMs);
    await test.deliver(signal);
    await test.pass(25 * minute);
    test.world.evidence = { ...dnsUnlinked, ...repaired, zones: unreadable('unavailable') };

    await test.pass(6 * minute);
    expect(await lastOf(test)).toBe('looking-again');

    test.world.evidence = { ...dnsLinked, ...repaired, logs: known([{ ...pulledRow, atMs: nowMs + 26 * minute }]) };
    await test.pass(20 * minute);
    expect(await lastOf(test)).toBe('pulled-and-ready');
  });
});

describe('a confirmed cause has not cleared', () => {
  async function clearedAfter(first: Evidence, then: Evidence): Promise<boolean> {
    const test = memory(config(), first, nowMs);
    await test.deliver(signal);
    test.world.evidence = then;
    await test.pass(3 * minute);
    return (await remediationOf(test))?.clearedAtMs !== undefined;
  }
  const held: Evidence = { ...roleMissing, roles: known([assignment(30 * 24 * 60 * minute)]) };
  const missing: Evidence = { ...held, manifest: known({ state: 'missing', what: 'tag', tags: [] }) };

  it('while its own fact cannot be read, for good', async () => {
    expect(await clearedAfter(missing, { ...held, manifest: unreadable('forbidden') })).toBe(false);
  });

  it('until its fact says so, whatever tells nothing of it', async () => {
    const there: Evidence = { ...held, manifest: known({ state: 'exists' }), denials: unreadable('forbidden') };

    expect(await clearedAfter(missing, there)).toBe(true);
  });
});

describe('while a part of a fact cannot be read', () => {
  it('looks again instead of waking somebody: what a role allows was throttled', async () => {
    const held = assignment(minute, { permissions: unreadable('throttled') });
    const test = memory(config(), { ...roleMissing, roles: known([held]) }, nowMs);

    await test.deliver(signal);

    expect(await lastOf(test)).toBe('looking-again');
  });

  it('asks a person when that does not pass', async () => {
    const held = assignment(minute, { permissions: unreadable('forbidden') });
    const test = memory(config(), { ...roleMissing, roles: known([held]) }, nowMs);

    await test.deliver(signal);

    expect(await lastOf(test)).toBe('needs-a-person');
  });
});
