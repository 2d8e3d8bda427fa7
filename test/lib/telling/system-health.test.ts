import { describe, expect, it } from 'vitest';
import { checkHealth } from '../../../src/lib/console/health.ts';
import type { Failure } from '../../../src/lib/incidents/system.ts';
import { isWell, systemHealth } from '../../../src/lib/telling/system-health.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { minute, nowMs } from '../facts.ts';
import { memoryUpkeep } from '../memory-upkeep.ts';
import { joined, opened, Scripted, Team } from './scripted.ts';

async function after(ms: number, ...failures: readonly Failure[]): Promise<{ team: Team; pager: Scripted }> {
  const pager = new Scripted();
  pager.fails(...failures);
  const team = new Team({ pager });
  await team.changes(opened, joined(0));
  await team.pass(ms);
  return { team, pager };
}

const silent = Array.from({ length: 20 }, () => ({ why: 'no-answer', detail: 'HTTP 503' }) as const);

describe('the health of an incident system', () => {
  it.each<[string, number, readonly Failure[], object, boolean]>([
    ['takes everything', minute, [], { state: 'well', waiting: 0, dead: 0 }, true],
    ['asked us to wait', 1000, [{ why: 'throttled', detail: 'HTTP 429' }], { state: 'paused', waiting: 1 }, true],
    ['does not answer for a minute', minute, silent, { state: 'well', waiting: 1, detail: 'HTTP 503' }, true],
    ['does not answer for an hour', 60 * minute, silent, { state: 'late', waiting: 1, sinceMs: nowMs }, false],
    [
      'refuses our key',
      minute,
      [{ why: 'key-refused', detail: 'HTTP 401' }],
      { state: 'key-refused', sinceMs: nowMs, detail: 'HTTP 401' },
      false,
    ],
    [
      'refuses a message',
      minute,
      [{ why: 'message-refused', detail: 'HTTP 400' }],
      { state: 'well', waiting: 0, dead: 1 },
      false,
    ],
    [
      'wants no more',
      minute,
      [{ why: 'switched-off', detail: 'HTTP 410' }],
      { state: 'off', sinceMs: nowMs, dead: 1 },
      false,
    ],
  ])('that %s', async (_what, ms, failures, seen, well) => {
    const { team } = await after(ms, ...failures);
    const [health] = await systemHealth(team.running.ports, ['pager']);

    expect(health).toMatchObject({ system: 'pager', ...seen });
    expect(health === undefined ? undefined : isWell(health)).toBe(well);
  });

  it('is part of the health of pullmedic', async () => {
    const { team } = await after(minute, { why: 'key-refused', detail: 'HTTP 401' });
    team.running.world.pulse = known({ sinceMs: 0, lastMs: team.running.world.nowMs });
    const { upkeep } = memoryUpkeep();

    expect(await checkHealth(team.running.ports, upkeep, undefined, ['pager'])).toMatchObject({
      well: false,
      incidentSystems: [{ system: 'pager', state: 'key-refused' }],
    });
    expect(await checkHealth(team.running.ports, upkeep)).toMatchObject({ well: true });
    expect(await checkHealth(team.running.ports, upkeep)).not.toHaveProperty('incidentSystems');
  });

  it('asks nothing of the store where there are no systems', async () => {
    const { team } = await after(minute);
    team.running.world.before = () => {
      throw new Error('asked');
    };
    expect(await systemHealth(team.running.ports, [])).toEqual([]);
  });
});
