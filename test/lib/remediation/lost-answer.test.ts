// What the memory holds of a grant whose answer was lost: announced or not, in doubt, found after all.
import { describe, expect, it } from 'vitest';
import type { AccessEntry } from '../../../src/lib/history/access-memory.ts';
import { recallAccess, remember } from '../../../src/lib/remediation/access-memory.ts';
import { foundAfterAll, whetherMade } from '../../../src/lib/remediation/lost-answer.ts';
import { beginTurn } from '../../../src/lib/remediation/turn.ts';
import { known, valueOf } from '../../../src/lib/words/fact.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import { acrPull, appId, config, minute, nowMs, principal, registryId, roleMissing, targetId } from '../facts.ts';
import { memory } from '../memory-ports.ts';

const grant = { registryId, principalId: principal, roleId: acrPull };
const id = `${targetId}.1` as RemediationId;
const other = `t${'1'.repeat(24)}.1` as RemediationId;
const announced: AccessEntry = { kind: 'grant-made', grant, remediation: id, app: appId };

async function after(...entries: readonly AccessEntry[]) {
  const running = memory(config(), roleMissing, nowMs);
  for (const entry of entries) await remember(running.ports, grant, entry);
  const turn = await beginTurn(running.ports, config(), targetId);
  return {
    running,
    made: async () => valueOf(await recallAccess(running.ports, grant))?.made ?? [],
    whether: (decidedAtMs = nowMs) => whetherMade(turn, grant, { id }, decidedAtMs),
    found: () => foundAfterAll(turn, grant, { id }),
  };
}

describe('a grant that is not there', () => {
  it('was never made if it was not announced: the announcement comes before the write', async () => {
    const { whether, made } = await after({ ...announced, remediation: other });

    expect(await whether()).toBe('never-made');
    expect(await made()).toMatchObject([{ remediation: other }]);
  });

  it('is in doubt if it was announced, and the memory says so once', async () => {
    const { running, whether, made } = await after(announced);
    running.world.nowMs += minute;

    expect([await whether(), await whether()]).toEqual(['in-doubt', 'in-doubt']);
    expect(await made()).toMatchObject([{ notFoundAtMs: nowMs + minute }]);
    expect(valueOf(await recallAccess(running.ports, grant))?.lastSeq).toBe(2);
  });

  it('is in doubt beside grants of other remediations, which it leaves as they are', async () => {
    const { whether, made } = await after({ ...announced, remediation: other }, announced);

    expect(await whether()).toBe('in-doubt');
    expect((await made()).map(({ notFoundAtMs }) => notFoundAtMs)).toEqual([undefined, nowMs]);
  });

  it('is in doubt also where the clock of the host stepped back a little, and not for a grant long before', async () => {
    const { whether } = await after(announced);

    expect(await whether(nowMs + minute)).toBe('in-doubt');
    expect(await whether(nowMs + minute + 1)).toBe('never-made');
  });

  it('cannot be told where the memory cannot be read', async () => {
    const { running, whether } = await after(announced);
    running.world.before = (call) => {
      if (call === 'deployment.read') throw new Error('down');
    };

    expect(await whether()).toBe('unreadable');
  });
});

describe('a grant that is there after all', () => {
  it('is no longer in doubt; where it never was, nothing is written', async () => {
    const doubted = await after(announced, { kind: 'grant-not-found', remediation: id });
    await doubted.found();
    expect((await doubted.made()).map(({ notFoundAtMs }) => notFoundAtMs)).toEqual([undefined]);

    const besides = { ...announced, remediation: other };
    const beside = await after(announced, { kind: 'grant-not-found', remediation: id }, besides);
    await beside.found();
    expect((await beside.made()).map(({ notFoundAtMs }) => notFoundAtMs)).toEqual([undefined, undefined]);

    const sure = await after(announced);
    await sure.found();
    expect(known(valueOf(await recallAccess(sure.running.ports, grant))?.lastSeq)).toEqual(known(1));
  });
});
