// The mark of a history that cannot be read: who sets it, who takes it away, and where it shows.
import { describe, expect, it } from 'vitest';
import { checkHealth } from '../../../src/lib/console/health.ts';
import { sweep } from '../../../src/lib/intake/sweep.ts';
import { sendOverdue } from '../../../src/lib/remediation/overdue.ts';
import { known } from '../../../src/lib/words/fact.ts';
import type { TargetId } from '../../../src/lib/words/target.ts';
import { app, config, dnsUnlinked, minute, nowMs, revision } from '../facts.ts';
import { memoryUpkeep } from '../memory-upkeep.ts';
import { appSignal, planted, spoil } from '../spoiled-histories.ts';

describe('a history that cannot be read', () => {
  it.each(['broken', 'newer-version', 'not-understood'] as const)(
    'is marked by its next step, counted in health, and stops no other: %s',
    async (state) => {
      const { running, all } = await planted([state, 'good']);
      await running.pass(3 * minute);
      running.world.pulse = known({ sinceMs: 0, lastMs: running.world.nowMs });

      expect(await checkHealth(running.ports, memoryUpkeep().upkeep)).toMatchObject({
        well: false,
        live: 2,
        unreadable: { histories: [all[0]?.id], rows: 0 },
      });
      expect(running.rows.get(all[1]?.id ?? '')?.unreadable).toBeUndefined();
    },
  );

  it('goes on by itself once it can be read again', async () => {
    const { running, all } = await planted(['good']);
    const { targetId, id } = all[0] ?? { targetId: '', id: '' };
    const rows = running.histories.all.get(targetId) ?? [];
    const [first, ...rest] = rows;
    if (first === undefined) throw new Error('there is no history');
    running.histories.all.set(targetId, [{ ...first, text: `${first.text} ` }, ...rest]);
    await running.pass(10 * minute);
    expect(running.rows.get(id)).toMatchObject({ unreadable: 'broken', closed: false });

    running.histories.all.set(targetId, rows);
    await sendOverdue(running.ports);
    await running.pass(minute);

    expect(running.rows.get(id)?.unreadable).toBeUndefined();
    expect(running.histories.all.get(targetId)?.length).toBeGreaterThan(rows.length);
  });

  it('of a target whose remediations have ended is marked by the next signal, which it cannot take, and ends again once it can be read', async () => {
    const { running, all } = await planted(['good']);
    const { targetId, id, app } = all[0] ?? { targetId: '' as TargetId, id: '', app: '' };
    running.world.evidence = { ...dnsUnlinked, app: known('gone') };
    await running.pass(30 * minute);
    const rows = running.histories.all.get(targetId) ?? [];
    expect(running.rows.get(id)?.closed).toBe(true);
    await spoil(running, targetId, 'broken');
    running.world.evidence = { ...dnsUnlinked, atMs: running.world.nowMs };
    await running.deliver({ ...appSignal(app, 'alert|again'), atMs: running.world.nowMs });
    running.world.pulse = known({ sinceMs: 0, lastMs: running.world.nowMs });

    const health = await checkHealth(running.ports, memoryUpkeep().upkeep);
    expect(health).toMatchObject({ well: false, unreadable: { histories: [id] } });

    running.histories.all.set(targetId, rows);
    await sendOverdue(running.ports);
    await running.settle();
    expect(running.rows.get(id)).toMatchObject({ closed: true });
    expect(running.rows.get(id)?.unreadable).toBeUndefined();
  });

  it('does not hide other images of its app from the sweep', async () => {
    const { running, all } = await planted(['broken']);
    await running.pass(3 * minute);
    const id = running.rows.get(all[0]?.id ?? '')?.appId ?? app.id;
    const stuck = { ...revision, createdAtMs: nowMs - 60 * minute, runningState: 'Activating' };
    const found = { ...dnsUnlinked, app: known({ ...app, id }), revisions: known([stuck]) };
    running.world.evidence = { ...found, atMs: running.world.nowMs };

    expect(running.rows.get(all[0]?.id ?? '')?.unreadable).toBe('broken');
    expect(await sweep(running.ports, config())).toBe(1);
  });
});
