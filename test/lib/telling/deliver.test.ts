import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IncidentEntry } from '../../../src/lib/incidents/incident.ts';
import { deliver, leaseMs } from '../../../src/lib/telling/deliver.ts';
import { keyOf } from '../../../src/lib/telling/incident-matter.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import { dnsUnlinked, minute, nowMs, signal } from '../facts.ts';
import { incidentId, question, remediationOf } from '../incidents/incident-data.ts';
import { memory } from '../memory-ports.ts';
import { asked, closed, configWith, joined, opened, Scripted, Team } from './scripted.ts';

const hour = 60 * minute;
const noAnswer = { why: 'no-answer', detail: 'HTTP 503' } as const;

async function told(): Promise<{ pager: Scripted; team: Team }> {
  const pager = new Scripted();
  const team = new Team({ pager });
  await team.changes(opened, joined(0));
  await team.deliver();
  return { pager, team };
}

describe('telling a system', () => {
  it('opens with the facts of the page, under a key and a delivery of its own', async () => {
    const { pager, team } = await told();

    expect(pager.calls()).toEqual(['open']);
    expect(pager.got[0]?.telling).toMatchObject({
      key: keyOf(incidentId, 1),
      delivery: `${keyOf(incidentId, 1)}.open.2`,
      again: false,
      facts: { id: incidentId, affected: [{ name: 'ca-orders' }] },
    });
    expect(await team.row('pager')).toMatchObject({ state: 'open', external: { id: `made ${keyOf(incidentId, 1)}` } });
  });

  it('says what the look found', async () => {
    const pager = new Scripted();
    const config = configWith(['pager']);
    const running = memory(config, dnsUnlinked, nowMs);
    running.world.systems.set('pager', pager);
    await running.deliver(signal);
    for (const { tell } of running.world.tells) await deliver(running.ports, config, tell);

    expect(pager.got[0]?.telling.facts.observed.join()).toContain('The network does not let the pull through');
  });

  it('does nothing for a message that comes again, too early, or for nothing', async () => {
    const { pager, team } = await told();
    for (let time = 0; time < 5; time += 1) await team.deliver();
    expect(pager.calls()).toEqual(['open']);

    const other = { incident: incidentId, system: 'nobody' };
    expect(await deliver(team.running.ports, team.config, other)).toBeUndefined();
  });

  it('waits for a change that is noted and not made yet, and gives it up in the end', async () => {
    const { pager, team } = await told();
    const row = await team.row('pager');
    const stored = await team.running.ports.outbox.read(incidentId, 'pager');
    const awaits = { seq: 3, untilMs: nowMs + 10 * minute };
    await team.running.ports.outbox.write({ ...row, dueAtMs: nowMs, awaits }, stored?.version);
    expect(await deliver(team.running.ports, team.config, { incident: incidentId, system: 'pager' })).toBe(
      nowMs + 10_000,
    );

    await team.pass(20 * minute);
    expect((await team.row('pager')).dueAtMs).toBeUndefined();
    expect(pager.calls()).toEqual(['open']);
  });

  it('leaves the row alone while another host makes a call', async () => {
    const { pager, team } = await told();
    const stored = await team.running.ports.outbox.read(incidentId, 'pager');
    if (stored === undefined) throw new Error('no row');
    const begun = {
      call: { do: 'update' },
      delivery: 'd',
      seq: 2,
      atMs: nowMs,
      leaseUntilMs: nowMs + leaseMs,
      holder: 'x',
      again: false,
    } as const;
    await team.running.ports.outbox.write({ ...stored.value, dueAtMs: nowMs, begun }, stored.version);
    await team.deliver();
    expect(pager.calls()).toEqual(['open']);
  });

  it('sends nothing in the mode observe, and goes on when the mode changes', async () => {
    const { pager, team } = await told();
    await team.changes(closed);
    const observing = configWith(['pager'], { PULLMEDIC_MODE: 'observe' });
    const tell = { incident: incidentId, system: 'pager' };
    expect(await deliver(team.running.ports, observing, tell)).toBe(nowMs + 30 * minute);
    expect(pager.calls()).toEqual(['open']);

    await team.pass(31 * minute);
    expect(pager.calls()).toEqual(['open', 'resolve']);
  });

  it('forgets a system that is not in the settings any more', async () => {
    const { team } = await told();
    await team.changes(joined(1));
    team.running.world.systems.clear();
    await deliver(team.running.ports, team.config, { incident: incidentId, system: 'pager' });

    expect((await team.row('pager')).dueAtMs).toBeUndefined();
  });
});

describe('a call that failed', () => {
  it('comes again under the same delivery, marked as a repetition', async () => {
    const pager = new Scripted();
    pager.fails(noAnswer);
    const team = new Team({ pager });
    await team.changes(opened, joined(0));
    await team.pass(minute);

    expect(pager.calls()).toEqual(['open', 'open']);
    expect(pager.got[1]?.telling).toMatchObject({ delivery: pager.got[0]?.telling.delivery, again: true });
  });

  it('by a mistake in an adapter is like one without an answer', async () => {
    const pager = new Scripted();
    pager.answers.push('throw');
    const team = new Team({ pager });
    await team.changes(opened, joined(0));
    await team.deliver();
    expect((await team.row('pager')).failure).toMatchObject({ why: 'no-answer', detail: 'TypeError' });

    await team.pass(minute);
    expect((await team.row('pager')).state).toBe('open');
  });

  it('of a system holds up no other one', async () => {
    const [pager, chat] = [new Scripted(), new Scripted()];
    pager.fails(...Array.from({ length: 50 }, () => noAnswer));
    const team = new Team({ pager, chat });
    await team.changes(opened, joined(0));
    await team.deliver();
    await team.changes(closed);
    await team.deliver();

    expect(chat.calls()).toEqual(['open', 'resolve']);
    expect((await team.row('pager')).state).toBe('new');
  });

  it('that was taken in is asked for until it is done', async () => {
    const pager = Object.assign(new Scripted(), {
      settled: [] as string[],
      async settle(receipt: string) {
        this.settled.push(receipt);
        return this.settled.length < 2
          ? { kind: 'accepted' as const, receipt }
          : { kind: 'told' as const, external: { id: '7' } };
      },
    });
    pager.answers.push({ kind: 'accepted', receipt: 'request 1' });
    const team = new Team({ pager });
    await team.changes(opened, joined(0));
    await team.pass(2 * minute);

    expect(pager.settled).toEqual(['request 1', 'request 1']);
    expect(await team.row('pager')).toMatchObject({ state: 'open', external: { id: '7' } });
    expect(pager.calls()).toEqual(['open']);
  });

  it('is looked for before it is made again', async () => {
    const find = async () => ({ kind: 'found', external: { id: 'found' } }) as const;
    const pager = Object.assign(new Scripted(), { find });
    pager.fails(noAnswer);
    const team = new Team({ pager });
    await team.changes(opened, joined(0));
    await team.pass(minute);

    expect(pager.calls()).toEqual(['open']);
    expect(await team.row('pager')).toMatchObject({ state: 'open', external: { id: 'found' } });
  });

  it('is not made again where the incident has ended and nothing is found', async () => {
    const pager = Object.assign(new Scripted(), { find: async () => ({ kind: 'nothing' }) as const });
    pager.fails(noAnswer);
    const team = new Team({ pager });
    await team.changes(opened, joined(0));
    await team.deliver();
    await team.changes(closed);
    await team.pass(hour);

    expect(pager.calls()).toEqual(['open']);
    expect(await team.row('pager')).toMatchObject({ state: 'new' });
    expect((await team.row('pager')).dueAtMs).toBeUndefined();
  });

  it('about something that a person deleted opens it anew, under another key', async () => {
    const { pager, team } = await told();
    pager.fails({ why: 'gone', detail: 'HTTP 404' });
    await team.changes(joined(1));
    await team.pass(3 * minute);

    expect(pager.calls()).toEqual(['open', 'update', 'open']);
    expect(pager.got[2]?.telling.key).toBe(keyOf(incidentId, 2));
  });
});

describe('an incident that comes back', () => {
  it('is reopened in its window, and opened under another key after it', async () => {
    const { pager, team } = await told();
    await team.changes(closed);
    await team.pass(30 * minute);
    await team.changes(opened, joined(0));
    await team.pass(minute);
    await team.changes(closed);
    await team.pass(2 * hour);
    await team.changes(opened, joined(0));
    await team.pass(minute);

    expect(pager.calls()).toEqual(['open', 'resolve', 'reopen', 'resolve', 'open']);
    expect(pager.got.map(({ telling }) => telling.key)).toEqual([1, 1, 1, 1, 2].map((at) => keyOf(incidentId, at)));
    expect(new Set(pager.got.map(({ telling }) => telling.delivery)).size).toBe(5);
  });
});

describe('an incident that flaps', () => {
  it('is told of as it stands: ends and returns that nobody was told of in between are no calls', async () => {
    const { pager, team } = await told();
    for (let time = 0; time < 10; time += 1) await team.changes(closed, opened, joined(0));
    await team.pass(2 * minute);
    expect(pager.calls()).toEqual(['open', 'update']);

    await team.changes(closed);
    for (let time = 0; time < 10; time += 1) await team.changes(opened, joined(0), closed);
    await team.pass(2 * minute);
    expect(pager.calls()).toEqual(['open', 'update', 'resolve']);
  });
});

describe('a question', () => {
  it('is announced, called to mind at half time, and ends', async () => {
    const { pager, team } = await told();
    await team.changes(asked);
    await team.pass(3 * hour);
    await team.changes({ ...asked, says: 'expired' } as IncidentEntry);
    await team.pass(minute);

    expect(pager.calls().filter((call) => call !== 'update')).toEqual(['open', 'asked', 'reminded', 'expired']);
    expect(pager.got[1]?.telling).toMatchObject({
      question: { name: 'ca-orders', link: `https://pullmedic.example/api/history/${question.remediation}` },
    });
  });
});

describe('a question whose time is over', () => {
  it('is not announced again, whatever else changes', async () => {
    const { pager, team } = await told();
    await team.changes(asked);
    await team.pass(4 * hour + minute);
    await team.changes(joined(1));
    await team.pass(2 * minute);

    expect(pager.calls().filter((call) => call !== 'update')).toEqual(['open', 'asked', 'reminded']);
  });

  it('is given up where its announcement had no answer', async () => {
    const { pager, team } = await told();
    pager.fails(...Array.from({ length: 14 }, () => noAnswer));
    await team.changes(asked);
    await team.pass(4 * hour - 1);
    const before = pager.calls().filter((call) => call === 'asked').length;
    await team.pass(4 * hour);

    expect(before).toBeGreaterThan(3);
    expect(pager.calls().filter((call) => call === 'asked')).toHaveLength(before);
    expect(pager.calls().at(-1)).toBe('update');
  });

  it('is not called to mind any more where the reminder had no answer, and nothing waits for it', async () => {
    const { pager, team } = await told();
    await team.changes(asked);
    await team.pass(hour);
    pager.fails(...Array.from({ length: 40 }, () => noAnswer));
    await team.pass(8 * hour);

    expect(pager.calls().filter((call) => call === 'reminded')).toHaveLength(10);
    const row = await team.row('pager');
    expect([row.begun, row.dueAtMs]).toEqual([undefined, undefined]);
  });
});

describe('a row of the outbox', () => {
  it('stays short, however many questions there are and whatever the system answers', async () => {
    const { pager, team } = await told();
    const huge = { kind: 'told', external: { id: 'x'.repeat(50_000), url: 'y'.repeat(50_000) } } as const;
    pager.answers.push(...Array.from({ length: 3 }, () => huge));
    const { nowMs: askedAtMs } = team.running.world;
    for (let at = 0; at < 150; at += 1) {
      const remediation = remediationOf('d').replace('.1', `.${at + 1}`) as RemediationId;
      await team.changes({
        ...question,
        kind: 'question-noted',
        remediation,
        askedAtMs,
        expiresAtMs: askedAtMs + hour,
      });
    }
    await team.pass(20 * minute);

    expect(pager.calls().filter((call) => call === 'asked')).toHaveLength(100);
    const row = await team.row('pager');
    expect(Object.keys(row.asked)).toHaveLength(100);
    expect(JSON.stringify(row).length).toBeLessThan(30_000);
  });
});

describe('an end without an answer', () => {
  it('is told again as it was, where the incident came back meanwhile, and then the return', async () => {
    const { pager, team } = await told();
    pager.fails(noAnswer);
    await team.changes(closed);
    await team.deliver();
    await team.changes(opened, joined(0));
    await team.pass(5 * minute);

    expect(pager.calls()).toEqual(['open', 'resolve', 'resolve', 'reopen']);
    expect(pager.got.map(({ telling }) => telling.facts.state)).toEqual(['open', 'resolved', 'resolved', 'open']);
    expect(pager.got[2]?.telling).toMatchObject({ delivery: pager.got[1]?.telling.delivery, again: true });
  });
});

/** What happens to an incident and to its messages, in any order. */
type Happening = 'join' | 'close' | 'open' | 'ask' | 'lost' | 'down' | 'deliver' | 'die' | 'wait' | 'long';
const happenings: readonly Happening[] = [
  'join',
  'close',
  'open',
  'ask',
  'lost',
  'down',
  'deliver',
  'die',
  'wait',
  'long',
];

/** A system that deduplicates by nothing and can be searched: how many of an incident are open there at once must never be more than one. */
class Tracker extends Scripted {
  readonly items = new Map<string, 'open' | 'resolved'>();
  next: 'well' | 'lost' | 'down' = 'well';
  deliveries = 0;

  constructor() {
    super();
    const act = (call: 'open' | 'resolved' | 'same') => async (telling: { key: string }) => {
      const trouble = this.next;
      this.next = 'well';
      if (trouble === 'down') return { kind: 'failed', failure: noAnswer } as const;
      this.deliveries += 1;
      // A second item for the same key would be a second ticket.
      if (call === 'open' && this.items.has(telling.key)) this.twice += 1;
      if (call !== 'same') this.items.set(telling.key, call);
      if (trouble === 'lost') return { kind: 'failed', failure: noAnswer } as const;
      return { kind: 'told', external: { id: telling.key } } as const;
    };
    this.open = act('open');
    this.resolve = act('resolved');
    this.reopen = async (telling) => {
      this.items.delete(telling.key);
      return act('open')(telling);
    };
    this.update = act('same');
    this.ask = act('same');
    this.answered = act('same');
  }

  twice = 0;

  async find({ key }: { key: string }) {
    return this.items.has(key) ? ({ kind: 'found', external: { id: key } } as const) : ({ kind: 'nothing' } as const);
  }
}

async function happen(team: Team, tracker: Tracker, what: Happening): Promise<void> {
  const { world } = team.running;
  switch (what) {
    case 'join':
      return team.changes(joined(1));
    case 'close':
      return team.changes(closed);
    case 'open':
      return team.changes(opened, joined(0));
    case 'ask':
      return team.changes(asked);
    case 'lost':
    case 'down':
      tracker.next = what;
      return team.deliver();
    case 'deliver':
      for (let time = 0; time < 5; time += 1) await team.deliver();
      return undefined;
    case 'die': {
      let left = 1 + (world.nowMs % 4);
      world.before = (call) => {
        left -= call.startsWith('outbox') ? 1 : 0;
        if (left === 0) throw new Error('the host died');
      };
      await team.deliver().catch(() => undefined);
      world.before = () => undefined;
      return undefined;
    }
    case 'wait':
      return team.pass(minute + 7);
    case 'long':
      return team.pass(2 * hour + 1);
  }
}

describe('whatever happens', () => {
  it('no system has an incident twice, and in the end it says what the incident says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...happenings), { minLength: 1, maxLength: 25 }), async (all) => {
        const tracker = new Tracker();
        const team = new Team({ tracker });
        await team.changes(opened, joined(0));
        let open = true;
        for (const what of all) {
          await happen(team, tracker, what);
          open = what === 'close' ? false : what === 'open' ? true : open;
        }
        await team.pass(24 * hour);

        const states = [...tracker.items.values()];
        expect(tracker.twice).toBe(0);
        expect(states.filter((state) => state === 'open')).toHaveLength(open ? 1 : 0);
        expect((await team.row('tracker')).begun).toBeUndefined();
        expect((await team.running.ports.outbox.due(team.running.world.nowMs)).length).toBe(0);
      }),
      { numRuns: 150 },
    );
  });
});
