// Answers that meet another step: each is for one question that is open at that very moment, of the remediation that goes on.
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { Busy } from '../../../src/lib/ports/steering.ts';
import { answerQuestion, askAgain, readQuestion } from '../../../src/lib/remediation/approval.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import {
  acrPull,
  config,
  minute,
  nowMs,
  principal,
  registryId,
  roleMissing,
  signal,
  target,
  targetId,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

const grant = { registryId, principalId: principal, roleId: acrPull };
const id = remediationIdOf(targetId, 1);
const opened: Entry = { kind: 'opened', target, signal, mode: 'approve' };
const closed: Entry = { kind: 'closed', how: 'withdrawn', because: 'superseded' };
const question: Entry = {
  kind: 'decided',
  decision: { do: 'ask', grant, cause: 'pull-role-missing', because: 'needs-approval', expiresAtMs: nowMs + minute },
  dueAtMs: nowMs,
  refusals: [],
};
const approved: Entry = { kind: 'answered', answer: 'approved', grant, by: 'bert', question: 2 };

interface Run {
  readonly running: Memory;
  readonly lines: (readonly [string, object])[];
  readonly kinds: () => Promise<string[]>;
  /** Another step writes this entry right before the next append. */
  readonly meanwhile: (entry: Entry) => void;
}

async function after(...entries: Entry[]): Promise<Run> {
  const running = memory(config(), roleMissing, nowMs);
  const lines: (readonly [string, object])[] = [];
  Object.assign(running.ports, { log: (event: string, about: object) => void lines.push([event, about]) });
  for (const [at, entry] of entries.entries()) await running.ports.history.append(targetId, at, entry);
  return {
    running,
    lines,
    kinds: async () => (await running.ports.history.read(targetId)).map(({ entry }) => entry.kind),
    meanwhile: (entry) => {
      running.world.before = (call) => {
        if (call !== 'history.append') return;
        running.world.before = () => undefined;
        void running.histories.append(targetId, entries.length, entry);
      };
    },
  };
}

const yes = { answer: 'approved', question: 2, by: 'anna' } as const;

describe('an answer', () => {
  it('is recorded with what its question showed, and wakes the remediation', async () => {
    const { running, lines } = await after(opened, question);

    expect(await answerQuestion(running.ports, id, yes)).toEqual({ kind: 'answered' });
    expect((await running.ports.history.read(targetId)).at(-1)?.entry).toEqual({
      kind: 'answered',
      answer: 'approved',
      by: 'anna',
      question: 2,
      grant,
      saw: [],
    });
    expect(running.world.steps).toEqual([
      { step: { targetId, seq: 3, wake: true, happenedBeforeMs: nowMs }, dueAtMs: nowMs },
    ]);
    expect(lines).toEqual([['answered', { remediation: id, question: 2, answer: 'approved' }]]);
  });

  it.each([
    ['closed the remediation', closed, 'nothing-asked'],
    ['took another answer', approved, 'already-answered'],
    [
      'withdrew the question',
      { ...question, decision: { do: 'wait', because: 'slow-start' } } as Entry,
      'nothing-asked',
    ],
  ] as const)('is not taken where another step %s meanwhile', async (_, entry, kind) => {
    const { running, kinds, meanwhile, lines } = await after(opened, question);
    meanwhile(entry);

    expect(await answerQuestion(running.ports, id, yes)).toEqual({ kind });
    expect(await kinds()).toEqual(['opened', 'decided', entry.kind]);
    expect(running.world.steps).toEqual([]);
    expect(lines).toEqual([]);
  });

  it('to a question about a restart is not taken while the memory of the app is too busy for it', async () => {
    const restart: Entry = {
      kind: 'decided',
      decision: { do: 'ask', restart: 'r', cause: 'tag-missing', because: 'needs-approval', expiresAtMs: nowMs + 1 },
      dueAtMs: nowMs,
      refusals: [],
    };
    const { running, kinds } = await after(opened, restart);
    const { deployment } = running.ports;
    Object.assign(running.ports, { deployment: { ...deployment, append: async () => 'taken' } });
    const no = answerQuestion(running.ports, id, { ...yes, answer: 'rejected' });

    await expect(no).rejects.toBeInstanceOf(Busy);
    await expect(no).rejects.toThrow('The memory of the restarts of this app is too busy.');
    expect(await kinds()).toEqual(['opened', 'decided']);
  });

  it('is taken where a signal joined meanwhile', async () => {
    const { running, meanwhile } = await after(opened, question);
    meanwhile({ kind: 'signal-joined', signal: { ...signal, id: 'alert|2' } });

    expect(await answerQuestion(running.ports, id, yes)).toEqual({ kind: 'answered' });
  });

  it('is not taken for a remediation that has ended, also where another one goes on', async () => {
    const { running } = await after(opened, question, closed, opened);

    expect(await answerQuestion(running.ports, id, yes)).toEqual({ kind: 'nothing-asked' });
    expect(await answerQuestion(running.ports, remediationIdOf(targetId, 3), yes)).toEqual({ kind: 'not-found' });
  });
});

describe('a question that expired', () => {
  it('is asked again on the word of a person, which wakes the remediation', async () => {
    const { running, lines, kinds } = await after(opened, question);
    running.world.nowMs += minute;

    expect(await askAgain(running.ports, id, { by: 'anna' })).toEqual({ kind: 'asked' });
    expect(await kinds()).toEqual(['opened', 'decided', 'asked-again']);
    expect(running.world.steps).toEqual([
      { step: { targetId, seq: 3, wake: true, happenedBeforeMs: nowMs + minute }, dueAtMs: nowMs + minute },
    ]);
    expect(lines).toEqual([['asked-again', { remediation: id, question: 2 }]]);
  });

  it('is asked again only if it is the one that the person saw, and with the reason that the person gave', async () => {
    const { running } = await after(opened, question);
    running.world.nowMs += minute;
    const again = (number: number) =>
      askAgain(running.ports, id, { by: 'anna', question: number, why: 'The owner is back.' });

    expect(await again(3)).toEqual({ kind: 'not-expired' });
    expect(await running.ports.history.read(targetId)).toHaveLength(2);
    expect(await again(2)).toEqual({ kind: 'asked' });
    const last = (await running.ports.history.read(targetId)).at(-1)?.entry;
    expect(last).toEqual({ kind: 'asked-again', question: 2, by: 'anna', why: 'The owner is back.' });
  });

  it('is not asked again while it is open, nor where the remediation has ended', async () => {
    const open = await after(opened, question);
    const over = await after(opened, question, closed);
    const next = await after(opened, question, closed, opened);
    over.running.world.nowMs += minute;
    next.running.world.nowMs += minute;

    expect(await askAgain(open.running.ports, id, { by: 'anna' })).toEqual({ kind: 'not-expired' });
    expect(await askAgain(over.running.ports, id, { by: 'anna' })).toEqual({ kind: 'not-expired' });
    expect(await askAgain(next.running.ports, id, { by: 'anna' })).toEqual({ kind: 'not-expired' });
  });

  it.each([
    ['closed the remediation', closed],
    ['had it asked again', { kind: 'asked-again', question: 2, by: 'bert' }],
  ] as [string, Entry][])('is not asked again where another step %s meanwhile', async (_, entry) => {
    const { running, kinds, meanwhile } = await after(opened, question);
    running.world.nowMs += minute;
    meanwhile(entry);

    expect(await askAgain(running.ports, id, { by: 'anna' })).toEqual({ kind: 'not-expired' });
    expect(await kinds()).toEqual(['opened', 'decided', entry.kind]);
    expect(running.world.steps).toEqual([]);
  });

  it('is asked again where a signal joined meanwhile that is no reason to ask', async () => {
    const { running, meanwhile } = await after(opened, question);
    running.world.nowMs += minute;
    meanwhile({ kind: 'incident-linked', incident: `i${'0'.repeat(24)}` as never });

    expect(await askAgain(running.ports, id, { by: 'anna' })).toEqual({ kind: 'asked' });
  });
});

describe('the question of a remediation', () => {
  const read = async (of: string, ...entries: Entry[]) => readQuestion((await after(...entries)).running.ports, of);

  it('is read with its remediation while it is open', async () => {
    const found = await read(id, opened, question);

    expect(found?.remediation.id).toBe(id);
    expect(found?.open).toMatchObject({ question: 2, about: { grant } });
  });

  it('is none where the remediation has ended, and there is no remediation under another id', async () => {
    const found = await read(id, opened, question, closed);

    expect(found?.remediation.id).toBe(id);
    expect(found).toHaveProperty('open', undefined);
    expect(await read(remediationIdOf(targetId, 2), opened)).toBeUndefined();
    expect(await read('x', opened)).toBeUndefined();
  });
});

describe('the question that a page shows', () => {
  const rejected: Entry = { ...approved, answer: 'rejected' };
  const used: Entry = {
    kind: 'decided',
    decision: { do: 'grant', grant, because: 'pull-role-missing', question: 2 },
    dueAtMs: nowMs,
    refusals: [],
  };
  const restart: Entry = {
    kind: 'decided',
    decision: { do: 'ask', restart: 'r', cause: 'tag-missing', because: 'needs-approval', expiresAtMs: nowMs + minute },
    dueAtMs: nowMs,
    refusals: [],
  };
  const restartApproved: Entry = { kind: 'answered', answer: 'approved', restart: 'r', by: 'bert', question: 2 };

  /** The numbers of what can be answered, asked again, and taken back. */
  async function shown(afterMs: number, ...entries: Entry[]): Promise<readonly (number | undefined)[]> {
    const { running } = await after(opened, ...entries);
    running.world.nowMs += afterMs;
    const read = await readQuestion(running.ports, id);
    return [read?.open?.question, read?.expired?.question, read?.revocable?.question];
  }

  it('can be answered until it expires, and asked again after that', async () => {
    expect(await shown(minute - 1, question)).toEqual([2, undefined, undefined]);
    expect(await shown(minute, question)).toEqual([undefined, 2, undefined]);
  });

  it.each([
    ['a grant', question, approved],
    ['a restart', restart, restartApproved],
  ])('about %s that was approved can be taken back', async (_, asked, yesToIt) => {
    expect(await shown(0, asked, yesToIt)).toEqual([undefined, undefined, 2]);
  });

  it('can be taken back only while its yes still allows a change of a remediation that goes on', async () => {
    const none = [undefined, undefined, undefined];

    expect(await shown(0, question, rejected)).toEqual(none);
    expect(await shown(0, question, approved, used)).toEqual(none);
    expect(await shown(0, question, approved, closed)).toEqual(none);
    expect(await shown(0, question, approved, closed, opened)).toEqual(none);
    expect(await shown(minute, question, closed)).toEqual(none);
  });
});
