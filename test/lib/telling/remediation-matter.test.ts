// What a system hears of a remediation: that it was opened, what it asks, that it ended; each once, and nothing after a later one.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listRemediations } from '../../../src/lib/console/views.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Failure } from '../../../src/lib/incidents/system.ts';
import { handleSignal } from '../../../src/lib/intake/intake.ts';
import { answerQuestion } from '../../../src/lib/remediation/approval.ts';
import { deliver, keptMs } from '../../../src/lib/telling/deliver.ts';
import { systemHealth } from '../../../src/lib/telling/system-health.ts';
import { known } from '../../../src/lib/words/fact.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import { assignment, dnsUnlinked, minute, pulledRow, readyReplica, roleMissing, signal } from '../facts.ts';
import { present } from '../incidents/remediation-data.ts';
import { type Listening, listening, listeningConfig } from './listening.ts';

const noAnswer: Failure = { why: 'no-answer', detail: 'HTTP 503' };
const fails = (failure: Failure) => ({ kind: 'failed', failure }) as const;
const approve = listeningConfig(['topic'], { PULLMEDIC_MODE: 'approve' });
const gone: Evidence = { ...dnsUnlinked, app: known('gone') };

async function idOf({ running }: Listening): Promise<RemediationId> {
  const [one] = await listRemediations(running.ports);
  return present(one).id;
}

async function answered(at: Listening, answer: 'approved' | 'rejected'): Promise<void> {
  const [one] = await listRemediations(at.running.ports);
  const given = { answer, question: one?.approval?.question ?? 0, by: 'ada' } as const;
  await answerQuestion(at.running.ports, one?.id ?? '', given);
  await at.running.settle();
}

/** Granted, pulled, and ready since this instant. */
function recoveredAt(atMs: number): Evidence {
  return {
    ...roleMissing,
    logs: known([{ ...pulledRow, atMs: atMs + 4 * minute }]),
    replicas: known([{ ...readyReplica, createdAtMs: atMs + 4 * minute }]),
    roles: known([assignment(0, { createdAtMs: atMs })]),
  };
}

describe('a remediation', () => {
  it('is told when it opens, asks, and ends, with what is known by then', async () => {
    const at = listening(roleMissing, approve);
    await at.running.deliver(signal);
    await at.pass(2);
    const id = await idOf(at);
    expect(at.topic.heard).toMatchObject([
      { says: 'opened', key: `pullmedic-${id}`, delivery: `pullmedic-${id}.open`, facts: { id, state: 'open' } },
      {
        says: 'asks',
        delivery: `pullmedic-${id}.asks.3`,
        facts: { found: { cause: 'pull-role-missing', owner: 'registry owner', sure: 'confirmed' } },
        question: { question: 3, link: `https://pullmedic.example/api/history/${id}` },
      },
    ]);

    await answered(at, 'approved');
    at.running.world.evidence = recoveredAt(at.running.world.nowMs);
    await at.pass(60);
    expect(at.topic.says()).toEqual(['opened', 'asks', 'closed']);
    expect(at.topic.heard[2]).toMatchObject({
      delivery: `pullmedic-${id}.resolve`,
      facts: { state: 'closed', ended: { how: 'recovered' }, changes: [{ action: 'grant', outcome: 'done' }] },
    });
  });

  it('that opens, asks and ends before anyone could be told is told once, as ended', async () => {
    const at = listening(roleMissing, approve);
    await at.running.deliver(signal);
    await at.running.pass(5 * minute);
    at.running.world.evidence = gone;
    await at.running.pass(60 * minute);
    expect(at.topic.heard).toEqual([]);
    await at.tell(3);

    expect(at.topic.says()).toEqual(['closed']);
    expect(at.topic.heard[0]?.facts).toMatchObject({ ended: { how: 'withdrawn', because: 'app-gone' } });
  });

  it('whose question was answered meanwhile does not ask any more', async () => {
    const at = listening(roleMissing, approve);
    at.topic.answers.push(fails(noAnswer));
    await at.running.deliver(signal);
    await at.tell();
    await answered(at, 'rejected');
    await at.pass(5);

    expect(at.topic.says()).toEqual(['opened', 'opened']);
  });

  it('is told once, however often each message comes', async () => {
    const at = listening(roleMissing, approve);
    await at.running.deliver(signal);
    await at.tell(5);
    await at.pass(30);

    expect(at.topic.says()).toEqual(['opened', 'asks']);
  });

  it('is told again under the same name where the answer was lost, unless it has ended meanwhile', async () => {
    const at = listening(roleMissing);
    at.topic.answers.push(fails(noAnswer));
    await at.running.deliver(signal);
    await at.tell();
    await at.pass(1);
    expect(at.topic.says().slice(0, 2)).toEqual(['opened', 'opened']);
    expect(new Set(at.topic.heard.slice(0, 2).map(({ delivery }) => delivery)).size).toBe(1);
    expect(at.topic.heard[1]?.again).toBe(true);

    const ended = listening(dnsUnlinked);
    ended.topic.answers.push(fails(noAnswer));
    await handleSignal(ended.running.ports, listeningConfig(['topic']), signal);
    await ended.tell();
    ended.running.world.evidence = gone;
    await ended.pass(2);
    expect(ended.topic.says()).toEqual(['opened', 'closed']);
  });

  it('that was noted and never opened is forgotten', async () => {
    const at = listening(roleMissing);
    at.running.world.before = (call) => {
      if (call === 'history.append') throw new Error('the host died');
    };
    await expect(at.running.deliver(signal)).rejects.toThrow('the host died');
    at.running.world.before = () => undefined;
    await at.pass(12);

    expect(at.topic.heard).toEqual([]);
    expect(await at.running.ports.outbox.due(Number.MAX_SAFE_INTEGER)).toEqual([]);
  });

  it('has a row for a day after its end, which waits for nothing, and none after that', async () => {
    const at = listening(dnsUnlinked);
    await at.running.deliver(signal);
    await at.pass(1);
    at.running.world.evidence = gone;
    await at.pass(30);
    expect(at.topic.says()).toEqual(['opened', 'closed']);
    const id = await idOf(at);
    expect(await at.running.ports.outbox.of(id)).toHaveLength(1);
    expect(await systemHealth(at.running.ports, ['topic'])).toMatchObject([{ state: 'well', waiting: 0, dead: 0 }]);

    at.running.world.nowMs += keptMs;
    for (const row of await at.running.ports.outbox.due(at.running.world.nowMs))
      await deliver(at.running.ports, listeningConfig(['topic']), row);
    expect(await at.running.ports.outbox.of(id)).toEqual([]);
  });

  it('is not told to a system that hears of incidents alone by now', async () => {
    const at = listening(roleMissing);
    await handleSignal(at.running.ports, listeningConfig(['topic']), signal);
    const url = 'https://events.westeurope-1.eventgrid.azure.net/api/events';
    const deaf = listeningConfig([], {}, { systems: { topic: { kind: 'eventgrid', url, remediations: false } } });
    for (const { tell } of at.running.world.tells) await deliver(at.running.ports, deaf, tell);

    expect(at.topic.heard).toEqual([]);
    expect(await at.running.ports.outbox.due(Number.MAX_SAFE_INTEGER)).toEqual([]);
  });

  it('that is refused for good is kept, and is told with its next news', async () => {
    const at = listening(roleMissing, approve);
    at.topic.answers.push(fails({ why: 'message-refused', detail: 'HTTP 400' }));
    await at.running.deliver(signal);
    await at.tell();
    expect(await systemHealth(at.running.ports, ['topic'])).toMatchObject([{ dead: 1 }]);

    at.running.world.evidence = gone;
    await at.pass(60);
    expect(at.topic.says()).toEqual(['opened', 'closed']);
    expect(await systemHealth(at.running.ports, ['topic'])).toMatchObject([{ dead: 0 }]);
  });
});

describe('whatever happens, in any order and with any answers of the system', () => {
  const step = fc.constantFrom('pass', 'tell', 'tell-five-times', 'approve', 'reject', 'gone', 'lost', 'down', 'slow');

  it('each message is taken once, in the order opened, asks, closed, and an end is heard of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        const at = listening(roleMissing, approve);
        await at.running.deliver(signal);
        for (const one of steps) {
          if (one === 'pass') await at.pass(7);
          if (one === 'tell') await at.tell();
          if (one === 'tell-five-times') await at.tell(5);
          if (one === 'approve') await answered(at, 'approved');
          if (one === 'reject') await answered(at, 'rejected');
          if (one === 'gone') at.running.world.evidence = gone;
          if (one === 'lost' || one === 'down') at.topic.answers.push(fails(noAnswer));
          if (one === 'slow') at.topic.answers.push(fails({ why: 'throttled', waitMs: minute, detail: 'HTTP 429' }));
        }
        at.running.world.evidence = gone;
        await at.pass(150);

        const taken = [...new Map(at.topic.heard.map(({ delivery, says }) => [delivery, says])).values()];
        const order = ['opened', 'asks', 'closed'];
        const places = taken.map((says) => order.indexOf(says));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        expect(taken.filter((says) => says === 'closed')).toHaveLength(1);
        expect(taken.filter((says) => says === 'opened').length).toBeLessThan(2);
      }),
      { numRuns: 60 },
    );
  });
});
