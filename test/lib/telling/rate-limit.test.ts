// A system that takes only so many calls a minute, as PagerDuty takes about 120 for each key, while a storm opens more incidents than that.
import { describe, expect, it } from 'vitest';
import type { IncidentEntry } from '../../../src/lib/incidents/incident.ts';
import { withEntry } from '../../../src/lib/incidents/incident.ts';
import type { Told } from '../../../src/lib/incidents/system.ts';
import { noteChange, sendTells } from '../../../src/lib/telling/announce.ts';
import { deliver } from '../../../src/lib/telling/deliver.ts';
import type { IncidentId } from '../../../src/lib/words/target.ts';
import { minute, nowMs, roleMissing } from '../facts.ts';
import { memory } from '../memory-ports.ts';
import { configWith, opened, Scripted } from './scripted.ts';

const callsAMinute = 120;

class Limited extends Scripted {
  readonly opened: string[] = [];
  refused = 0;
  #calls: { readonly minute: number; count: number } = { minute: 0, count: 0 };

  constructor(now: () => number) {
    super();
    this.open = async ({ key }): Promise<Told> => {
      const at = Math.floor(now() / minute);
      if (this.#calls.minute !== at) this.#calls = { minute: at, count: 0 };
      this.#calls.count += 1;
      if (this.#calls.count > callsAMinute) {
        this.refused += 1;
        return { kind: 'failed', failure: { why: 'throttled', detail: 'HTTP 429' } };
      }
      this.opened.push(key);
      return { kind: 'told', external: { id: key } };
    };
  }
}

describe('a storm of incidents', () => {
  it('reaches a system at the pace that it asks for: each once, none lost, and one refused call for each pause', async () => {
    const config = configWith(['pager']);
    const { ports, world } = memory(config, roleMissing, nowMs);
    const pager = new Limited(() => world.nowMs);
    world.systems.set('pager', pager);
    const ids = Array.from({ length: 400 }, (_, at) => `i${String(at).padStart(24, '0')}` as IncidentId);
    for (const id of ids) {
      const systems = await noteChange(
        ports,
        config,
        id,
        withEntry(id, { lastSeq: 0 }, opened satisfies IncidentEntry, nowMs),
      );
      await ports.incidents.append(id, 0, opened);
      await sendTells(ports, id, systems);
    }

    let minutes = 0;
    for (; pager.opened.length < ids.length && minutes < 30; minutes += 1) {
      for (const row of await ports.outbox.due(world.nowMs)) await deliver(ports, config, row);
      world.nowMs += minute;
    }

    expect(new Set(pager.opened).size).toBe(ids.length);
    expect(pager.opened).toHaveLength(ids.length);
    expect(minutes).toBeLessThan(8);
    expect(pager.refused).toBeLessThan(minutes);
    expect(await ports.outbox.due(world.nowMs)).toEqual([]);
  });
});
