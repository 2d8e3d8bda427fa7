// For the guard another-image: which other remediations of a job or a container group are open is read from the index and from their histories, and never guessed.
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { IndexRow } from '../../../src/lib/history/index-row.ts';
import { UnreadableHistory } from '../../../src/lib/history/ledger.ts';
import { targetIdOf } from '../../../src/lib/history/targets.ts';
import { readOpenBeside } from '../../../src/lib/remediation/open-beside.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { type Target, targetOf } from '../../../src/lib/words/target.ts';
import { appId, config, groupId, jobId, nowMs, roleMissing, signal } from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

const first = 'acrshop.azurecr.io/shop/orders:v1';
const second = 'acrshop.azurecr.io/shop/proxy:v1';

const of = ({ ports }: Memory, target: Target) => ({ target, targetId: targetIdOf(ports, target) });

async function opened(running: Memory, target: Target, ...more: readonly Entry[]): Promise<void> {
  const { ports } = running;
  const { targetId } = of(running, target);
  const entries: readonly Entry[] = [{ kind: 'opened', target, signal, mode: 'act' }, ...more];
  for (const [at, entry] of entries.entries()) await ports.history.append(targetId, at, entry);
  await ports.index.put({
    remediation: `${targetId}.1` as IndexRow['remediation'],
    targetId,
    appId: target.appId,
    closed: false,
    needsPerson: false,
    asleep: false,
    dueAtMs: nowMs,
    seq: entries.length,
    updatedAtMs: nowMs,
  });
}

describe.each([jobId, groupId])('the other open remediations of a workload whose images start together (%s)', (id) => {
  const own = targetOf(id, first);
  const other = targetOf(id, second);

  it('are those of its other images, and never the one that asks', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await opened(running, own);
    await opened(running, other);
    await opened(running, targetOf(appId, second));

    expect(await readOpenBeside(running.ports, of(running, own))).toEqual(
      known([{ remediation: `${of(running, other).targetId}.1`, image: second, cause: { reads: 'there' } }]),
    );
  });

  it('are none where the only other one has ended, whatever its row still says', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await opened(running, own);
    await opened(running, other, { kind: 'closed', how: 'withdrawn', because: 'superseded' });

    expect(await readOpenBeside(running.ports, of(running, own))).toEqual(known([]));
  });

  it('are unreadable where the history of one cannot be read, and where the store does not answer', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await opened(running, own);
    await opened(running, other);
    running.world.before = (name) => {
      if (name === 'history.read') throw new UnreadableHistory('broken', 'It was edited.');
    };
    expect(await readOpenBeside(running.ports, of(running, own))).toEqual(unreadable('unavailable'));

    running.world.before = (name) => {
      if (name === 'index.liveOf') throw new Error('down');
    };
    expect(await readOpenBeside(running.ports, of(running, own))).toEqual(unreadable('unavailable'));
  });
});

describe('the other open remediations of an app', () => {
  it('are not asked for: a restart for one image of a revision does not need the others', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await opened(running, targetOf(appId, second));

    expect(await readOpenBeside(running.ports, of(running, targetOf(appId, first)))).toEqual(known([]));
  });
});
