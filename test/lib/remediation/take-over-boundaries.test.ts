// How many rows of older versions one run takes over, how many at the same time, whose turn it is, and what it says in the log.
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { IndexRow } from '../../../src/lib/history/index-row.ts';
import type { IncidentRow } from '../../../src/lib/incidents/incident-row.ts';
import { refreshIncidentRows, takeOverRows } from '../../../src/lib/remediation/take-over.ts';
import { type IncidentId, remediationIdOf, type TargetId } from '../../../src/lib/words/target.ts';
import { config, minute, nowMs, roleMissing, signal, target, targetId } from '../facts.ts';
import { indexRow } from '../index-rows.ts';
import { type Memory, memory } from '../memory-ports.ts';

const opened: Entry = { kind: 'opened', target, signal, mode: 'act' };
const closed: Entry = { kind: 'closed', how: 'withdrawn', because: 'superseded' };

interface Run {
  readonly running: Memory;
  readonly lines: (readonly [string, object])[];
  readonly put: IndexRow[];
  /** How many rows were written at the same time, at most. */
  readonly most: () => number;
}

/** An index with these rows that an older version left among the live ones. */
function left(...rows: IndexRow[]): Run {
  const running = memory(config(), roleMissing, nowMs);
  const [lines, put]: [(readonly [string, object])[], IndexRow[]] = [[], []];
  let [now, most] = [0, 0];
  Object.assign(running.ports, {
    log: (event: string, about: object) => void lines.push([event, about]),
    index: {
      ...running.ports.index,
      leftAmongLive: async () => rows,
      put: async (row: IndexRow) => {
        now += 1;
        most = Math.max(most, now);
        put.push(row);
        await Promise.resolve();
        now -= 1;
      },
    },
  });
  return { running, lines, put, most: () => most };
}

describe('rows of ended remediations that an older version left', () => {
  const rowOfTarget = (at: number): IndexRow =>
    indexRow({ targetId: `t${String(at).padStart(24, '0')}` as TargetId, closed: true });

  it('are written once each, eight at the same time, and counted in the log', async () => {
    const rows = Array.from({ length: 17 }, (_, at) => rowOfTarget(at));
    const { running, lines, put, most } = left(...rows);

    expect(await takeOverRows(running.ports)).toBe(17);
    expect(put).toEqual(rows);
    expect(most()).toBe(8);
    expect(lines).toEqual([['rows-taken-over', { rows: 17 }]]);
  });

  it('are not spoken of where none is left', async () => {
    const { running, lines } = left();

    expect(await takeOverRows(running.ports)).toBe(0);
    expect(lines).toEqual([]);
  });

  it('say what the history says of that very remediation, and keep whether it is watched', async () => {
    const second = indexRow({ remediation: remediationIdOf(targetId, 2), closed: true, asleep: true });
    const { running, put } = left(second);
    for (const [at, entry] of [opened, closed, opened, closed].entries()) {
      running.world.nowMs += minute;
      await running.ports.history.append(targetId, at, entry);
    }
    await takeOverRows(running.ports);

    expect(put).toMatchObject([
      {
        remediation: second.remediation,
        openedAtMs: nowMs + 3 * minute,
        closedAtMs: nowMs + 4 * minute,
        closed: true,
        asleep: true,
        seq: 4,
      },
    ]);
  });

  it('stay as they are where the history does not have the remediation', async () => {
    const third = indexRow({ remediation: remediationIdOf(targetId, 3), closed: true });
    const { running, put } = left(third);
    await running.ports.history.append(targetId, 0, opened);
    await takeOverRows(running.ports);

    expect(put).toEqual([third]);
  });
});

describe('rows of open incidents', () => {
  const idOf = (at: number): IncidentId => `i${String(at).padStart(24, '0')}` as IncidentId;
  const facts = {
    seq: 1,
    cause: 'pull-role-missing',
    sureness: 'confirmed',
    registry: 'r',
    owner: 'o',
    title: 't',
  } as const;
  const more = { state: 'open', members: 1, apps: 1, occurrences: 1, openedAtMs: nowMs } as const;

  /** Runs over these rows; answers the incidents that were compared with their histories. */
  function runsOver(rows: readonly IncidentRow[]): { running: Memory; compared: () => Promise<IncidentId[]> } {
    const running = memory(config(), roleMissing, nowMs);
    const read: string[] = [];
    Object.assign(running.ports.index, { openIncidents: async () => ({ rows }) });
    const { incidents } = running.ports;
    Object.assign(running.ports, {
      incidents: {
        ...incidents,
        read: async (id: string) => {
          read.push(id);
          return incidents.read(id);
        },
      },
    });
    return {
      running,
      compared: async () => {
        read.length = 0;
        await refreshIncidentRows(running.ports);
        return [...read] as IncidentId[];
      },
    };
  }

  it('that say nothing yet are compared two hundred at a time', async () => {
    const { compared } = runsOver(Array.from({ length: 201 }, (_, at) => ({ id: idOf(at) })));

    expect(await compared()).toEqual(Array.from({ length: 200 }, (_, at) => idOf(at)));
  });

  it('that say something are compared in turns of twenty, so that each has its turn', async () => {
    const rows = Array.from({ length: 41 }, (_, at) => ({ id: idOf(at), facts: { ...facts, ...more } }));
    const { running, compared } = runsOver(rows);
    const turns: IncidentId[][] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      turns.push(await compared());
      running.world.nowMs += 5 * minute;
    }

    expect(turns.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([1, 20, 20]);
    expect(turns.flat().toSorted()).toEqual(rows.map(({ id }) => id));
    expect(await compared()).toEqual(turns[0]);
  });
});
