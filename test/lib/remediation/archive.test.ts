// Old histories move into the archive, some at a time: each once, none that is young, and a history in trouble stops no other.
import { RestError } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { memoryBlobs } from '../../../local/engine/memory-blobs.ts';
import { archiveOf } from '../../../src/lib/azure/store/archive-port.ts';
import { blobOf } from '../../../src/lib/azure/store/archive-text.ts';
import { readRows } from '../../../src/lib/azure/store/chain.ts';
import { ledger } from '../../../src/lib/azure/store/store.ts';
import { checkHealth } from '../../../src/lib/console/health.ts';
import { remediationMarkdown } from '../../../src/lib/console/pages/remediation.ts';
import { readStory } from '../../../src/lib/console/story.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { IndexRow } from '../../../src/lib/history/index-row.ts';
import { UnreadableHistory } from '../../../src/lib/history/ledger.ts';
import type { ArchiveProgress, Moved } from '../../../src/lib/ports/archive.ts';
import type { Ports } from '../../../src/lib/ports/ports.ts';
import { archiveOld } from '../../../src/lib/remediation/archive.ts';
import { askUndo } from '../../../src/lib/remediation/undo.ts';
import { type RemediationId, remediationIdOf, type TargetId } from '../../../src/lib/words/target.ts';
import { type Archived, archivingWorld } from '../archiving.ts';
import { kinds, wholeRemediation } from '../azure/store/chained.ts';
import { pageOf } from '../console-pages.ts';
import { config, minute, nowMs, pulledAgain, roleMissing, signal } from '../facts.ts';
import { indexRow } from '../index-rows.ts';
import { memory, nothingToArchive } from '../memory-ports.ts';
import { memoryUpkeep } from '../memory-upkeep.ts';

const day = 24 * 60 * minute;
const hour = 60 * minute;
const on = config({ PULLMEDIC_SETTINGS: '{"undo":true,"history":{"archiveAfterDays":30}}' });
const target = (nth: number): TargetId => `t${String(nth).padStart(24, '0')}` as TargetId;

/** A remediation that ended so many days before the world begins. */
function ended(nth: number, daysAgo: number): IndexRow {
  const targetId = target(nth);
  const remediation = remediationIdOf(targetId, 1);
  return indexRow({ targetId, remediation, closed: true, closedAtMs: nowMs - daysAgo * day - nth });
}

interface Run {
  readonly ports: Ports;
  readonly moved: TargetId[];
  readonly left: RemediationId[];
  readonly logged: string[];
  progress: ArchiveProgress | undefined;
  nowMs: number;
  answer: (target: TargetId) => Moved;
}

/** An index with these rows, and an archive that notes what it is asked. */
async function archiving(rows: readonly IndexRow[], settings = on): Promise<Run> {
  const { ports } = memory(settings, roleMissing, nowMs);
  for (const row of rows) await ports.index.put(row);
  const run: Run = {
    ports: {
      ...ports,
      now: () => run.nowMs,
      log: (event, { remediation }) => void run.logged.push(`${event} ${String(remediation ?? '')}`.trim()),
      archive: {
        ...nothingToArchive,
        async move(asked) {
          const answer = run.answer(asked);
          run.moved.push(asked);
          return answer;
        },
        leave: async ({ remediation }) => void run.left.push(remediation),
        countLeft: async () => run.left.length,
        progress: async () => run.progress,
        async noteProgress(progress) {
          run.progress = progress;
        },
      },
    },
    moved: [],
    left: [],
    logged: [],
    progress: undefined,
    nowMs,
    answer: () => ({ kind: 'moved', removed: 1 }),
  };
  return run;
}

/** What is noted while no portion of the first pass is over. */
const begun: ArchiveProgress = { doneMs: 0, left: 0, pass: { untilMs: nowMs - 30 * day } };

const many = Array.from({ length: 45 }, (_, nth) => ended(nth, 40));

describe('old histories', () => {
  it('stay where they are without the setting', async () => {
    const run = await archiving(many, config());

    expect(await archiveOld(run.ports, config())).toBe(0);
    expect(run.moved).toEqual([]);
    expect(run.progress).toBeUndefined();
  });

  it('move at most twenty at a time, each once', async () => {
    const run = await archiving(many);
    const visited: number[] = [];

    for (let runs = 0; runs < 5; runs += 1) visited.push(await archiveOld(run.ports, on));

    expect(visited).toEqual([20, 20, 5, 0, 0]);
    expect(new Set(run.moved).size).toBe(45);
    expect(run.moved).toHaveLength(45);
    expect(run.progress).toEqual({ doneMs: nowMs - 30 * day, left: 0 });
  });

  it('are those that ended before the time of the setting', async () => {
    const run = await archiving([ended(1, 29), ended(2, 30), ended(3, 31)]);

    await archiveOld(run.ports, on);

    expect(run.moved).toEqual([target(2), target(3)]);
  });

  it('that have grown old since are visited by the next pass, six hours later, and the others are not visited again', async () => {
    const run = await archiving([ended(1, 40), ended(2, 29.9)]);
    await archiveOld(run.ports, on);

    run.nowMs += 5.9 * hour;
    expect(await archiveOld(run.ports, on)).toBe(0);
    run.nowMs += 0.2 * hour;
    expect(await archiveOld(run.ports, on)).toBe(1);

    expect(run.moved).toEqual([target(1), target(2)]);
  });

  it('in trouble are left, counted and logged, and stop no other', async () => {
    const run = await archiving([ended(1, 40), ended(2, 40), ended(3, 40)]);
    run.answer = (asked) => {
      if (asked === target(2)) throw new UnreadableHistory('archive-broken', 'something else');
      return { kind: 'moved', removed: 1 };
    };

    expect(await archiveOld(run.ports, on)).toBe(3);

    expect(run.moved).toEqual([target(1), target(3)]);
    expect(run.progress?.left).toBe(1);
    expect(run.logged).toEqual([`not-archived ${remediationIdOf(target(2), 1)}`, 'archived']);
  });

  it('are visited again when storage did not answer', async () => {
    const run = await archiving(many);
    let asked = 0;
    run.answer = () => {
      asked += 1;
      if (asked === 7) throw new Error('no answer');
      return { kind: 'moved', removed: 1 };
    };
    await expect(archiveOld(run.ports, on)).rejects.toThrow('no answer');
    expect(run.progress).toEqual(begun);

    while ((await archiveOld(run.ports, on)) > 0);

    expect(new Set(run.moved).size).toBe(45);
  });

  it('that another instance has in hand are visited again', async () => {
    const run = await archiving([ended(1, 40)]);
    run.answer = () => ({ kind: 'busy' });
    await archiveOld(run.ports, on);
    expect(run.progress).toEqual(begun);

    run.answer = () => ({ kind: 'moved', removed: 1 });

    expect(await archiveOld(run.ports, on)).toBe(1);
    expect(run.progress?.doneMs).toBe(nowMs - 30 * day);
  });

  it('take at most twenty seconds of a minute, and the next one goes on behind what was visited', async () => {
    const run = await archiving(many);
    run.answer = () => {
      run.nowMs += 6000;
      return { kind: 'moved', removed: 1 };
    };

    expect(await archiveOld(run.ports, on)).toBe(4);
    const [visited] = (await run.ports.index.closed({ limit: 4 })).rows.slice(-1);
    expect(run.progress).toEqual({ ...begun, pass: { ...begun.pass, visited: visited?.remediation } });

    while ((await archiveOld(run.ports, on)) > 0);
    expect(new Set(run.moved).size).toBe(45);
    expect(run.moved).toHaveLength(45);
  });
});

describe('a blob that storage refuses while it takes the others', () => {
  it('keeps its own history in the table, is counted and shown, and stops no other', async () => {
    const running = await archivingWorld(on, roleMissing, nowMs);
    const history = ledger<Entry>(running.tables.history, kinds, () => nowMs - 40 * day);
    for (const nth of [1, 2, 3]) {
      for (const [at, entry] of wholeRemediation.entries()) await history.append(target(nth), at, entry);
      await running.ports.index.put(ended(nth, 40));
    }
    const blobs = memoryBlobs();
    const forbidden = new RestError('Blob storage answered 403 AuthorizationPermissionMismatch', { statusCode: 403 });
    const create: typeof blobs.create = (name) =>
      name === blobOf(target(2)) ? Promise.reject(forbidden) : blobs.create(name);
    const logged: unknown[] = [];
    const log = (event: string, fields: unknown): void => void logged.push([event, fields]);
    Object.assign(running.ports, { archive: archiveOf(running.tables, { ...blobs, create }), log });

    expect(await archiveOld(running.ports, on)).toBe(3);

    const rows = await Promise.all([1, 2, 3].map((nth) => readRows(running.tables.history, target(nth))));
    expect(rows.map(({ length }) => length)).toEqual([1, wholeRemediation.length, 1]);
    expect(await checkHealth(running.ports, memoryUpkeep().upkeep)).toMatchObject({
      archive: { untilMs: nowMs - 30 * day, left: 1 },
    });
    expect(logged).toEqual([
      [
        'not-archived',
        {
          remediation: remediationIdOf(target(2), 1),
          why: 'archive-refused',
          says: `The archive of ${target(2)} may not be written: Blob storage answered 403 AuthorizationPermissionMismatch`,
        },
      ],
      ['archived', { remediations: 3, left: 1 }],
    ]);
  });
});

describe('an archive that may not write its first blob', () => {
  it('throws each minute, and says by its progress that the first pass is not over', async () => {
    const run = await archiving(many);
    run.answer = () => {
      throw new Error('Blob storage answered 403');
    };

    await expect(archiveOld(run.ports, on)).rejects.toThrow('403');
    run.nowMs += minute;
    await expect(archiveOld(run.ports, on)).rejects.toThrow('403');

    expect(run.progress).toEqual(begun);
  });
});

describe('old histories that are slow to read', () => {
  it.each<[string, Moved]>([
    ['has anything left to move', { kind: 'moved', removed: 0 }],
    ['can be moved now', { kind: 'not-now', says: 'storage gave no answer' }],
  ])(
    'are visited once each, four in a minute, also where none %s: a page that never ends would stop the archive',
    async (_, moved) => {
      const run = await archiving(many);
      run.answer = () => {
        run.nowMs += 6000;
        return moved;
      };
      const visited: number[] = [];

      for (let runs = 0; runs < 14; runs += 1) visited.push(await archiveOld(run.ports, on));

      expect(visited).toEqual([4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 1, 0, 0]);
      expect(run.moved).toHaveLength(45);
    },
  );

  it('are read once in a run, however many remediations of one target ended', async () => {
    const rows = Array.from({ length: 20 }, (_, nth) => {
      const remediation = remediationIdOf(target(1), nth + 1);
      return { ...ended(1, 40 + nth), remediation };
    });
    const marked: string[] = [];
    const run = await archiving([...rows, ended(2, 61)]);
    run.ports.archive.mark = async (remediation) => void marked.push(remediation);

    expect(await archiveOld(run.ports, on)).toBe(20);

    expect(run.moved).toEqual([target(1)]);
    expect(new Set(marked)).toEqual(new Set(rows.map(({ remediation }) => remediation)));
  });

  it('are asked for again in the same run where they are in trouble, so that each remediation is counted', async () => {
    const rows = [1, 2].map((nth) => ({ ...ended(1, 40 + nth), remediation: remediationIdOf(target(1), nth) }));
    const run = await archiving(rows);
    run.answer = () => {
      throw new UnreadableHistory('broken', 'does not add up');
    };

    await archiveOld(run.ports, on);

    expect(run.progress?.left).toBe(2);
  });
});

describe('a setting that is made longer while a pass is under way', () => {
  it('stops it: what it would still visit is not old any more', async () => {
    const run = await archiving(many);
    await archiveOld(run.ports, on);
    const longer = config({ PULLMEDIC_SETTINGS: '{"history":{"archiveAfterDays":300}}' });

    expect(await archiveOld(run.ports, longer)).toBe(0);
    expect(run.moved).toHaveLength(20);

    while ((await archiveOld(run.ports, on)) > 0);
    expect(new Set(run.moved).size).toBe(45);
  });

  it('goes on where the clock of another instance is minutes behind', async () => {
    const run = await archiving(many);
    await archiveOld(run.ports, on);
    run.nowMs -= 5 * minute;

    expect(await archiveOld(run.ports, on)).toBe(20);
    expect(new Set(run.moved).size).toBe(40);
  });
});

describe('an entry that bears a later time than the end of its remediation, because clocks differ', () => {
  it('moves with it: the remediation would never be visited again', async () => {
    const running = await archivingWorld(on, roleMissing, nowMs);
    const endedAtMs = nowMs - 30 * day - minute;
    const last = wholeRemediation.length - 1;
    for (const [at, entry] of wholeRemediation.entries()) {
      const atMs = at === last - 1 ? endedAtMs + 3 * minute : endedAtMs - (last - at) * minute;
      await ledger<Entry>(running.tables.history, kinds, () => atMs).append(target(1), at, entry);
    }
    await running.ports.index.put({ ...ended(1, 0), closedAtMs: endedAtMs });

    expect(await archiveOld(running.ports, on)).toBe(1);

    expect(await readRows(running.tables.history, target(1))).toHaveLength(1);
  });
});

describe('an old history in the archive', () => {
  async function archived(): Promise<Archived> {
    const running = await archivingWorld(on, roleMissing, nowMs);
    await running.deliver(signal);
    running.world.evidence = pulledAgain(roleMissing, nowMs + 2 * minute);
    await running.pass(40 * minute);
    running.world.nowMs += 31 * day;
    expect(await archiveOld(running.ports, on)).toBe(1);
    return running;
  }

  it('is left by one row of its table, and the list of what ended says where it is', async () => {
    const { ports, tables, blobs } = await archived();
    const [ended] = (await ports.index.closed({ limit: 1 })).rows;

    expect(await readRows(tables.history, ended?.targetId ?? '')).toHaveLength(1);
    expect(blobs.size).toBe(1);
    expect((await ports.index.closed({ limit: 5 })).rows).toMatchObject([{ closed: true, archived: true }]);
  });

  it('is shown with every entry, and its page and its report say where it was read', async () => {
    const { ports } = await archived();
    const [row] = (await ports.index.closed({ limit: 1 })).rows;
    const story = await readStory(ports, row?.remediation ?? '');
    if (story === undefined) throw new Error('there is no such remediation');

    expect(story.remediation).toMatchObject({ archived: true, closed: { how: 'recovered' } });
    expect(story.entries.map(({ seq }) => seq)).toEqual(story.entries.map((_, at) => at + 1));
    expect(story.entries.at(0)).not.toHaveProperty('archived');
    expect(pageOf(story.remediation, story.entries)).toContain('in the archive of old histories');
    expect(JSON.stringify(remediationMarkdown(story))).toContain('in the archive of old histories');
  });

  it('that is undone says so behind what was archived, and its row still says where it is', async () => {
    const running = await archived();
    const { ports } = running;
    const [row] = (await ports.index.closed({ limit: 1 })).rows;

    expect(await askUndo(ports, on, row?.remediation ?? '', { by: 'anna' })).toBe('asked');
    await running.settle();

    expect(running.world.removed).toHaveLength(1);
    expect((await ports.index.closed({ limit: 5 })).rows).toMatchObject([{ closed: true, archived: true }]);
  });
});
