// What joining, leaving, asking and comparing write into an incident, and what happens beside another step or a history that cannot be read.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { UnreadableHistory } from '../../../src/lib/history/ledger.ts';
import type { Refusal } from '../../../src/lib/history/refusals.ts';
import { readTarget } from '../../../src/lib/history/targets.ts';
import { type IncidentEntry, incidentKey } from '../../../src/lib/incidents/incident.ts';
import { appendTries, Busy } from '../../../src/lib/ports/steering.ts';
import { joinIncident, leaveIncident, noteQuestion } from '../../../src/lib/remediation/membership.ts';
import { beginTurn } from '../../../src/lib/remediation/turn.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { type IncidentId, remediationIdOf } from '../../../src/lib/words/target.ts';
import {
  acrPull,
  appId,
  arm,
  config,
  dnsUnlinked,
  environmentId,
  minute,
  nowMs,
  principal,
  registryId,
  signal,
  target,
  targetId,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { decisionInput } from '../situations.ts';

const id = remediationIdOf(targetId, 1);
const grant = { registryId, principalId: principal, roleId: acrPull };
const opened: Entry = { kind: 'opened', target, signal, mode: 'observe' };
const closed: Entry = { kind: 'closed', how: 'withdrawn', because: 'superseded' };
const { diagnosis } = decisionInput(dnsUnlinked);
const cause = 'private-dns-unlinked';
const key = incidentKey(target, cause, diagnosis, dnsUnlinked);
const ready = (name: string, of = environmentId) => ({
  id: arm(appId.replace('ca-orders', name)),
  provisioningState: 'Succeeded',
  ready: { environmentId: of, registries: [target.registry] },
});

interface Run {
  readonly running: Memory;
  readonly lines: (readonly [string, object])[];
  readonly listed: (number | undefined)[];
  readonly first: IncidentId;
  readonly join: (evidence?: Evidence) => Promise<void>;
  readonly entries: (of?: IncidentId) => Promise<IncidentEntry[]>;
  readonly kinds: () => Promise<string[]>;
}

async function after(...entries: Entry[]): Promise<Run> {
  const running = memory(config(), dnsUnlinked, nowMs);
  const lines: (readonly [string, object])[] = [];
  const listed: (number | undefined)[] = [];
  const { azure } = running.ports;
  Object.assign(running.ports, {
    log: (event: string, about: object) => void lines.push([event, about]),
    azure: {
      ...azure,
      listApps: async (sinceMs?: number) => {
        listed.push(sinceMs);
        return known({ apps: [ready('ca-basket'), ready('ca-stock', arm(`${environmentId}-two`))], skipped: 0 });
      },
    },
  });
  for (const [at, entry] of [opened, ...entries].entries()) await running.ports.history.append(targetId, at, entry);
  const first = `i${running.ports.hash(key)}` as IncidentId;
  return {
    running,
    lines,
    listed,
    first,
    join: async (evidence = dnsUnlinked) =>
      joinIncident(await beginTurn(running.ports, config(), targetId), cause, { diagnosis, evidence }),
    entries: async (of = first) =>
      (await running.ports.incidents.read(of)).map(({ entry }) => entry as unknown as IncidentEntry),
    kinds: async () => (await running.ports.history.read(targetId)).map(({ entry }) => entry.kind),
  };
}

/** These incidents cannot be read. */
function spoil({ running }: Run, ...ids: IncidentId[]): void {
  const { incidents } = running.ports;
  const read = async (partition: string) => {
    if (ids.includes(partition as IncidentId)) throw new UnreadableHistory('newer-version', 'An unknown kind.');
    return incidents.read(partition);
  };
  Object.assign(running.ports, { incidents: { ...incidents, read } });
}

const place = ({ running }: Run, at: number): IncidentId =>
  `i${running.ports.hash(`${key}|in place of ${at}`)}` as IncidentId;

describe('the advice of an incident', () => {
  /** The advice of an incident that opens beside these refusals. */
  async function adviceBeside(...refusals: readonly Refusal[]): Promise<unknown> {
    const run = await after();
    const turn = await beginTurn(run.running.ports, config(), targetId);
    await joinIncident(turn, cause, { diagnosis, evidence: dnsUnlinked }, { refusals });
    const [opening] = await run.entries();
    return opening?.kind === 'incident-opened' ? opening.runbook : undefined;
  }
  const about = { target, cause, diagnosis, evidence: dnsUnlinked, grant: undefined } as const;
  const modeObserve: Refusal = { guard: 'mode', why: 'observe' };

  it('is about the pull that hangs, where that is what stopped a restart', async () => {
    const hangs = runbookFor({ ...about, pullHangs: true });

    expect(hangs).not.toEqual(runbookFor(about));
    expect(await adviceBeside(modeObserve, { guard: 'pull-under-way', why: 'too-long' })).toEqual(hangs);
  });

  it('is about the cause, where a pull goes on for no longer than others, or something else stopped a restart', async () => {
    const usual = runbookFor(about);

    expect(await adviceBeside({ guard: 'pull-under-way', why: 'pulling' })).toEqual(usual);
    expect(await adviceBeside(modeObserve)).toEqual(usual);
    expect(await adviceBeside()).toEqual(usual);
  });
});

describe('a remediation that joins an incident', () => {
  it('is a member of the one of its key, which is compared with other apps, those of the same environment first', async () => {
    const run = await after();
    await run.join();

    expect(await run.entries()).toMatchObject([
      { kind: 'incident-opened', key, cause, sure: 'confirmed', registry: target.registry, environment: environmentId },
      { kind: 'member-joined', remediation: id, app: appId },
      {
        kind: 'compared',
        ready: [
          { app: ready('ca-basket').id, sameEnvironment: true },
          { app: ready('ca-stock').id, sameEnvironment: false },
        ],
      },
    ]);
    expect(run.listed).toEqual([nowMs - 5 * minute]);
    expect((await readTarget(run.running.ports, targetId)).remediations[0]?.incident).toBe(run.first);
  });

  it('of which the app cannot be read is compared with all apps alike', async () => {
    const run = await after();
    await run.join({ ...dnsUnlinked, app: unreadable('forbidden') });
    const { incident = run.first } = (await readTarget(run.running.ports, targetId)).remediations[0] ?? {};

    expect((await run.entries(incident)).at(-1)).toMatchObject({
      kind: 'compared',
      ready: [{ sameEnvironment: false }, { sameEnvironment: false }],
    });
    expect((await run.entries(incident))[0]).not.toHaveProperty('environment');
  });

  it('joins once, is linked once, and is compared once', async () => {
    const run = await after();
    await run.join();
    const before = await run.entries();
    await run.join();

    expect(await run.entries()).toEqual(before);
    expect(await run.kinds()).toEqual(['opened', 'incident-linked']);
    expect(run.listed).toHaveLength(1);
  });

  it('is said in the log when it opens, for the alert that mails it, and not when a member joins', async () => {
    const run = await after();
    await run.join();
    const [opening] = await run.entries();
    if (opening?.kind !== 'incident-opened') throw new Error('It opens first.');

    expect(run.lines.filter(([event]) => event.startsWith('incident'))).toEqual([
      ['incident-opened', { incident: run.first, cause, owner: opening.runbook.owner }],
    ]);
  });

  it('is in no comparison where the apps cannot be listed', async () => {
    const run = await after();
    Object.assign(run.running.ports, {
      azure: { ...run.running.ports.azure, listApps: async () => unreadable('forbidden') },
    });
    await run.join();

    expect((await run.entries()).map(({ kind }) => kind)).toEqual(['incident-opened', 'member-joined']);
  });

  it('leaves the incident of its earlier diagnosis, whose cause is not clear', async () => {
    const other = `i${'1'.repeat(24)}` as IncidentId;
    const run = await after({ kind: 'incident-linked', incident: other });
    const opening = { kind: 'incident-opened', key: 'k', cause, sure: 'confirmed', registry: 'r', runbook: {} };
    await run.running.ports.incidents.append(other, 0, opening as never);
    await run.running.ports.incidents.append(other, 1, { kind: 'member-joined', remediation: id, app: appId });
    await run.join();

    expect((await run.entries(other)).slice(2)).toEqual([
      { kind: 'member-left', remediation: id, how: 'another-diagnosis', clear: false },
      { kind: 'incident-closed', how: 'withdrawn', because: 'no-members' },
    ]);
    expect(await run.kinds()).toEqual(['opened', 'incident-linked', 'incident-linked']);
  });

  it('leaves it again where another step closed the remediation meanwhile', async () => {
    const run = await after();
    const turn = await beginTurn(run.running.ports, config(), targetId);
    await run.running.ports.history.append(targetId, 1, closed);
    await joinIncident(turn, cause, { diagnosis, evidence: dnsUnlinked });

    expect((await run.entries()).slice(2)).toEqual([
      { kind: 'member-left', remediation: id, how: 'withdrawn', clear: true },
      { kind: 'incident-closed', how: 'withdrawn', because: 'no-members' },
    ]);
    // The mail about the end reads this line.
    const ended = run.lines.filter(([event]) => event === 'incident-closed');
    expect(ended).toMatchObject([['incident-closed', { cause, owner: 'network team', how: 'withdrawn' }]]);
  });

  it('leaves it again also where it is not the first remediation of its target', async () => {
    const run = await after(closed, opened);
    const turn = await beginTurn(run.running.ports, config(), targetId);
    await run.running.ports.history.append(targetId, 3, closed);
    await joinIncident(turn, cause, { diagnosis, evidence: dnsUnlinked });

    expect((await run.entries())[2]).toMatchObject({ kind: 'member-left', remediation: remediationIdOf(targetId, 2) });
  });

  it('does not leave it where only another remediation of the target has ended', async () => {
    const run = await after(closed, opened);
    await run.join();

    expect((await run.entries()).map(({ kind }) => kind)).toEqual(['incident-opened', 'member-joined', 'compared']);
  });
});

describe('an incident that cannot be read', () => {
  it('is said in the log, and another one takes its place', async () => {
    const run = await after();
    spoil(run, run.first);
    await run.join();

    expect((await run.entries(place(run, 1))).map(({ kind }) => kind)).toContain('member-joined');
    expect(run.lines).toContainEqual(['history-unreadable', { incident: run.first, why: 'newer-version' }]);
    expect((await readTarget(run.running.ports, targetId)).remediations[0]?.incident).toBe(place(run, 1));
  });

  it('stops the remediation only where the three in its place cannot be read either', async () => {
    const three = await after();
    spoil(three, three.first, place(three, 1), place(three, 2));
    await three.join();
    expect((await three.entries(place(three, 3))).map(({ kind }) => kind)).toContain('member-joined');
    const four = await after();
    spoil(four, four.first, place(four, 1), place(four, 2), place(four, 3));
    const error = await four.join().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(UnreadableHistory);
    expect(error).toMatchObject({ why: 'broken' });
    expect(String(error)).toContain('The incident cannot be read, nor those in its place.');
  });

  it('is another matter than a store that does not answer', async () => {
    const run = await after();
    run.running.world.before = (call) => {
      if (call === 'incidents.read') throw new Error('the store is down');
    };

    await expect(run.join()).rejects.toThrow('the store is down');
  });
});

describe('an incident that others move all the time', () => {
  it('is given up after a bounded number of tries', async () => {
    const run = await after();
    let tries = 0;
    const append = async () => {
      tries += 1;
      return 'taken' as const;
    };
    Object.assign(run.running.ports, { incidents: { ...run.running.ports.incidents, append } });
    const error = await run.join().catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(Busy);
    expect(String(error)).toContain('The incident is too busy.');
    expect(tries).toBe(appendTries);
    expect(run.lines.map(([event]) => event)).not.toContain('incident-opened');
  });
});

describe('a remediation without an incident', () => {
  it('leaves none', async () => {
    const { running } = await after();
    const [remediation] = (await readTarget(running.ports, targetId)).remediations;
    const calls: string[] = [];
    running.world.before = (call) => void calls.push(call);
    if (remediation !== undefined)
      await leaveIncident({ ports: running.ports, config: config() }, remediation, { how: 'withdrawn', clear: true });

    expect(calls).toEqual([]);
  });
});

describe('a question', () => {
  const asking = (about: object, afterMs = minute): Entry =>
    ({
      kind: 'decided',
      decision: { do: 'ask', cause, because: 'needs-approval', expiresAtMs: nowMs + afterMs, ...about },
      dueAtMs: nowMs,
      refusals: [],
    }) as unknown as Entry;
  const forGrant = asking({ grant });
  const forRestart = asking({ restart: 'ca-orders--0000001' });
  const yes: Entry = { kind: 'answered', answer: 'approved', grant, by: 'ada', question: 3 };

  /** What an incident is told of the last question of a remediation that is its member. */
  async function told(entries: readonly Entry[], afterMs = 0, linked = true) {
    const run = await after();
    await run.join();
    const anew: Entry[] = linked ? [] : [closed, opened];
    for (const entry of [...anew, ...entries]) {
      const { lastSeq } = await readTarget(run.running.ports, targetId);
      await run.running.ports.history.append(targetId, lastSeq, entry);
    }
    run.running.world.nowMs += afterMs;
    run.lines.length = 0;
    await noteQuestion(await beginTurn(run.running.ports, config(), targetId));
    const noted = (await run.entries()).filter(({ kind }) => kind === 'question-noted');
    return { noted, lines: run.lines };
  }

  it('is told when it is asked, and when it expires', async () => {
    const about = {
      remediation: id,
      app: appId,
      question: 3,
      askedAtMs: nowMs,
      expiresAtMs: nowMs + minute,
      about: { grant },
      cause,
      doubts: [],
    };

    expect(await told([forGrant])).toEqual({
      noted: [{ kind: 'question-noted', ...about, says: 'asked' }],
      lines: [['question', { remediation: id, question: 3, says: 'asked' }]],
    });
    expect(await told([forGrant], minute)).toMatchObject({ noted: [{ ...about, says: 'expired' }] });
  });

  it('is the last one, whether it is about a grant or about a restart', async () => {
    const expired = asking({ grant }, -1);
    const restartExpired = asking({ restart: 'ca-orders--0000001' }, -1);

    expect((await told([expired, forRestart])).noted).toMatchObject([{ question: 4 }]);
    expect((await told([restartExpired, forGrant])).noted).toMatchObject([{ question: 4 }]);
    expect((await told([forRestart])).noted).toMatchObject([{ question: 3 }]);
  });

  it('is told when it is answered, where people had heard of it', async () => {
    const run = await after();
    await run.join();
    const add = async (entry: Entry): Promise<void> => {
      const { lastSeq } = await readTarget(run.running.ports, targetId);
      await run.running.ports.history.append(targetId, lastSeq, entry);
      await noteQuestion(await beginTurn(run.running.ports, config(), targetId));
    };
    await add(forGrant);
    await add(yes);

    expect((await run.entries()).filter(({ kind }) => kind === 'question-noted')).toMatchObject([
      { says: 'asked' },
      { says: 'answered', answer: 'approved', by: 'ada' },
    ]);
  });

  it('is not told where people never heard of it, where there is none, or where there is no incident', async () => {
    expect(await told([forGrant, yes])).toEqual({ noted: [], lines: [] });
    expect(await told([])).toEqual({ noted: [], lines: [] });
    expect(await told([forGrant], 0, false)).toEqual({ noted: [], lines: [] });
  });
});
