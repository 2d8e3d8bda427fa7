// A no that stands only in the history of another app is remembered before the grant, however late the look is that would write it.
import { describe, expect, it } from 'vitest';
import { listRemediations } from '../../../src/lib/console/views.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import {
  acrPull,
  app,
  appId,
  arm,
  config,
  minute,
  nowMs,
  principal,
  registryId,
  roleMissing,
  signal,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { spoil } from '../spoiled-histories.ts';

const grant = { registryId, principalId: principal, roleId: acrPull };
const basket = arm(appId.replace('ca-orders', 'ca-basket'));

/** A person was asked about the grant for one app; its steps are lost from then on. */
async function asked(): Promise<Memory> {
  const running = memory(config(), { ...roleMissing, identity: unreadable('forbidden') }, nowMs);
  await running.deliver(signal);
  expect(await listRemediations(running.ports)).toMatchObject([{ state: 'needs-approval' }]);
  running.world.steps.length = 0;
  return running;
}

/** Another app of the identity fails after so long, and nothing is in doubt there. */
async function otherFails(running: Memory, afterMs: number): Promise<string[]> {
  running.world.nowMs += afterMs;
  running.world.evidence = { ...roleMissing, atMs: running.world.nowMs, app: known({ ...app, id: basket }) };
  const about = { kind: 'app', id: basket } as const;
  await running.deliver({ ...signal, id: 'alert|2', about, atMs: running.world.nowMs });
  const other = (await listRemediations(running.ports)).find(({ target }) => target.appId === basket);
  return (other?.actions ?? []).map(({ outcome, because }) => `${outcome} ${because ?? ''}`.trim());
}

async function answeredByAnOlderVersion({ histories, rows }: Memory): Promise<void> {
  const targetId = [...rows.values()][0]?.targetId ?? '';
  const seq = histories.all.get(targetId)?.length ?? 0;
  await histories.append(targetId, seq, { kind: 'answered', answer: 'rejected', grant, by: 'ada' });
}

describe('a grant that no doubt is left about', () => {
  it('is withheld where a question about it expired for another app and no look has said so yet', async () => {
    const running = await asked();

    expect(await otherFails(running, 240 * minute)).toEqual(['withheld refused-before: unanswered']);
    expect(running.world.granted).toEqual([]);
  });

  it('is made a moment before that question expires', async () => {
    const running = await asked();

    expect(await otherFails(running, 240 * minute - 1)).toEqual(['done']);
  });

  it('is withheld where a person rejected it for another app under an older version', async () => {
    const running = await asked();
    await answeredByAnOlderVersion(running);

    expect(await otherFails(running, minute)).toEqual(['withheld refused-before: rejected']);
    expect(running.world.granted).toEqual([]);
  });

  it('is withheld too where the row of that app is of an older version, which does not say what it waits for', async () => {
    const running = await asked();
    await answeredByAnOlderVersion(running);
    const [row] = running.rows.values();
    if (row === undefined) throw new Error('There is no row.');
    const { waitsFor: _waits, ...older } = row;
    running.rows.set(row.remediation, older);

    expect(await otherFails(running, minute)).toEqual(['withheld refused-before: rejected']);
  });

  it('is not held up by a history that cannot be read', async () => {
    const running = await asked();
    const [row] = running.rows.values();
    if (row === undefined) throw new Error('There is no row.');
    await spoil(running, row.targetId, 'broken');
    running.world.nowMs += minute;
    running.world.evidence = { ...roleMissing, atMs: running.world.nowMs, app: known({ ...app, id: basket }) };
    const about = { kind: 'app', id: basket } as const;
    await running.deliver({ ...signal, id: 'alert|2', about, atMs: running.world.nowMs });

    expect(running.world.granted).toHaveLength(1);
  });
});
