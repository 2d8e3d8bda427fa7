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
    expect(running.world.steps).toEqual([{ step: { targetId, seq: 3, wake: true }, dueAtMs: nowMs }]);
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

    expect(await askAgain(running.ports, id, 'anna')).toEqual({ kind: 'asked' });
    expect(await kinds()).toEqual(['opened', 'decided', 'asked-again']);
    expect(running.world.steps).toEqual([{ step: { targetId, seq: 3, wake: true }, dueAtMs: nowMs + minute }]);
    expect(lines).toEqual([['asked-again', { remediation: id, question: 2 }]]);
  });

  it('is not asked again while it is open, nor where the remediation has ended', async () => {
    const open = await after(opened, question);
    const over = await after(opened, question, closed);
    const next = await after(opened, question, closed, opened);
    over.running.world.nowMs += minute;
    next.running.world.nowMs += minute;

    expect(await askAgain(open.running.ports, id, 'anna')).toEqual({ kind: 'not-expired' });
    expect(await askAgain(over.running.ports, id, 'anna')).toEqual({ kind: 'not-expired' });
    expect(await askAgain(next.running.ports, id, 'anna')).toEqual({ kind: 'not-expired' });
  });

  it.each([
    ['closed the remediation', closed],
    ['had it asked again', { kind: 'asked-again', question: 2, by: 'bert' }],
  ] as [string, Entry][])('is not asked again where another step %s meanwhile', async (_, entry) => {
    const { running, kinds, meanwhile } = await after(opened, question);
    running.world.nowMs += minute;
    meanwhile(entry);

    expect(await askAgain(running.ports, id, 'anna')).toEqual({ kind: 'not-expired' });
    expect(await kinds()).toEqual(['opened', 'decided', entry.kind]);
    expect(running.world.steps).toEqual([]);
  });

  it('is asked again where a signal joined meanwhile that is no reason to ask', async () => {
    const { running, meanwhile } = await after(opened, question);
    running.world.nowMs += minute;
    meanwhile({ kind: 'incident-linked', incident: `i${'0'.repeat(24)}` as never });

    expect(await askAgain(running.ports, id, 'anna')).toEqual({ kind: 'asked' });
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
