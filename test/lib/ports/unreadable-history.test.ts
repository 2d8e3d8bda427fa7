// The mark of a history that cannot be read: who sets it, who takes it away, and where it shows.
import { describe, expect, it } from 'vitest';
import { checkHealth } from '../../../src/lib/console/health.ts';
import { sendOverdue } from '../../../src/lib/remediation/overdue.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { minute } from '../facts.ts';
import { memoryUpkeep } from '../memory-upkeep.ts';
import { planted } from '../spoiled-histories.ts';

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
});
