// An archive must not make pullmedic forget what a decision rests on. Each story is played twice: with all entries in the table, and with every
// entry in the archive as soon as it is written, so that nothing is decided from the table alone. The same has to be decided, recorded and done.
import { describe, expect, it } from 'vitest';
import { listRemediations, showRemediation } from '../../../src/lib/console/views.ts';
import { answerQuestion } from '../../../src/lib/remediation/approval.ts';
import { archiveOld } from '../../../src/lib/remediation/archive.ts';
import { askUndo } from '../../../src/lib/remediation/undo.ts';
import type { Config } from '../../../src/lib/settings/config.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { type Archived, type Archiving, archivingWorld, entriesOf } from '../archiving.ts';
import { config, minute, nowMs, pulledAgain, roleMissing, signal } from '../facts.ts';

const hour = 60 * minute;
const day = 24 * hour;

interface Story {
  readonly config: Config;
  play(running: Archived): Promise<unknown>;
  /** What must have happened, so that the story tells something. */
  readonly told: { readonly granted: number; readonly remediations: number; readonly removed?: number };
}

const act = config({ PULLMEDIC_SETTINGS: '{"undo":true}' });
const approve = config({ PULLMEDIC_MODE: 'approve', PULLMEDIC_SETTINGS: '{"undo":true}' });
const another = (nth: number, atMs: number): Signal => ({ ...signal, id: `alert|${nth}`, atMs });

/** The app fails again, and a new signal says so. */
async function failsAgain(running: Archived, nth: number): Promise<void> {
  running.world.evidence = { ...roleMissing, atMs: running.world.nowMs };
  await running.deliver(another(nth, running.world.nowMs));
  await running.pass(20 * minute);
}

async function recovers(running: Archived): Promise<void> {
  running.world.evidence = pulledAgain(roleMissing, running.world.nowMs + minute);
  await running.pass(40 * minute);
}

async function answer(running: Archived, said: 'approved' | 'rejected'): Promise<void> {
  const [view] = await listRemediations(running.ports);
  if (view?.approval === undefined) throw new Error('no question is open');
  await answerQuestion(running.ports, view.id, { answer: said, question: view.approval.question ?? 0, by: 'anna' });
  await running.settle();
}

const stories: Readonly<Record<string, Story>> = {
  'the limit of grants a day': {
    config: act,
    async play(running) {
      await running.deliver(signal);
      await recovers(running);
      await running.pass(2 * hour);
      await failsAgain(running, 2);
    },
    told: { granted: 1, remediations: 2 },
  },
  'a recurrence too many': {
    config: config({ PULLMEDIC_SETTINGS: '{"limits":{"grantsPerTargetPerDay":9,"recurrencesPerWeek":1}}' }),
    async play(running) {
      await running.deliver(signal);
      await recovers(running);
      for (const nth of [2, 3, 4]) {
        await running.pass(day);
        await failsAgain(running, nth);
        await recovers(running);
      }
    },
    told: { granted: 1, remediations: 4 },
  },
  'a no of a person, forty days later': {
    config: approve,
    async play(running) {
      await running.deliver(signal);
      await answer(running, 'rejected');
      await recovers(running);
      await running.pass(40 * day);
      await failsAgain(running, 2);
    },
    told: { granted: 0, remediations: 2 },
  },
  'a question without an answer': {
    config: approve,
    async play(running) {
      await running.deliver(signal);
      await running.pass(2 * day);
      await recovers(running);
      await running.pass(day);
      await failsAgain(running, 2);
    },
    told: { granted: 0, remediations: 2 },
  },
  'an undo of what ended forty days ago': {
    config: act,
    async play(running) {
      await running.deliver(signal);
      await recovers(running);
      await running.pass(40 * day);
      const [view] = await listRemediations(running.ports);
      await askUndo(running.ports, act, view?.id ?? '', { by: 'anna' });
      await running.pass(hour);
      await failsAgain(running, 2);
    },
    told: { granted: 1, remediations: 2, removed: 1 },
  },
  'the signal of what ended, delivered again': {
    config: act,
    async play(running) {
      await running.deliver(signal);
      await recovers(running);
      await running.pass(40 * day);
      await running.deliver(signal);
      await running.pass(20 * minute);
    },
    told: { granted: 1, remediations: 1 },
  },
  'a grant whose answer was lost': {
    config: act,
    async play(running) {
      running.world.grantAnswer = { outcome: 'unknown' };
      await running.deliver(signal);
      running.world.grantExists = known(true);
      await recovers(running);
      await running.pass(day);
      await failsAgain(running, 2);
    },
    told: { granted: 1, remediations: 2 },
  },
};

async function played(story: Story, archiving: Archiving): Promise<Archived> {
  const running = await archivingWorld(story.config, roleMissing, nowMs, archiving);
  await story.play(running);
  return running;
}

/** All that was done, and what people read of it. */
async function done(running: Archived) {
  const { granted, restarted, removed, alertsSet, revised, steps, tells } = running.world;
  const rows = (await running.ports.index.all()).map(({ archived: _archived, ...row }) => row);
  const shown = (await listRemediations(running.ports)).map(({ archived: _archived, ...view }) => view);
  return {
    entries: await entriesOf(running),
    rows: rows.sort((a, b) => (a.remediation < b.remediation ? -1 : 1)),
    shown,
    done: { granted, restarted, removed, alertsSet, revised, steps, tells },
  };
}

describe('with every entry in the archive', () => {
  it.each(Object.entries(stories))('the same is decided and done: %s', async (_, story) => {
    const [whole, archived] = [await played(story, 'never'), await played(story, 'at-once')];

    expect(archived.blobs.size).toBeGreaterThan(0);
    expect(await done(archived)).toEqual(await done(whole));
    expect(whole.world.granted).toHaveLength(story.told.granted);
    expect(whole.world.removed).toHaveLength(story.told.removed ?? 0);
    expect(await listRemediations(whole.ports)).toHaveLength(story.told.remediations);
  });

  it.each(Object.entries(stories))('the story goes on as well after all of it moved: %s', async (_, story) => {
    const running = await played(story, 'never');
    const before = await done(running);

    await running.moveAll();

    expect(await done(running)).toEqual(before);
  });
});

describe('an archive that is gone', () => {
  async function spoiled(): Promise<Archived> {
    const running = await archivingWorld(act, roleMissing, nowMs);
    await running.deliver(signal);
    await recovers(running);
    await running.pass(40 * day);
    await archiveOld(running.ports, config({ PULLMEDIC_SETTINGS: '{"history":{"archiveAfterDays":30}}' }));
    running.blobs.clear();
    return running;
  }

  it('allows nothing: no grant is made that the history might forbid', async () => {
    const running = await spoiled();
    const granted = running.world.granted.length;

    const logged: unknown[] = [];
    Object.assign(running.ports, { log: (event: string, { why }: { why?: string }) => logged.push(`${event} ${why}`) });

    await failsAgain(running, 2);

    expect(logged).toContain('history-unreadable archive-missing');
    expect(running.world.granted).toHaveLength(granted);
  });

  it('is named where the remediation is read', async () => {
    const running = await spoiled();
    const [row] = (await running.ports.index.closed({ limit: 1 })).rows;

    await expect(showRemediation(running.ports, row?.remediation ?? '')).rejects.toMatchObject({
      why: 'archive-missing',
    });
  });
});
