// What an ending proves, for whom, and what a pass says in the log.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Asked } from '../../../src/lib/history/asked.ts';
import type { Entry, OutcomeKind } from '../../../src/lib/history/entries.ts';
import { UnreadableHistory } from '../../../src/lib/history/ledger.ts';
import { readTarget } from '../../../src/lib/history/targets.ts';
import { pass } from '../../../src/lib/remediation/pass.ts';
import { beginTurn } from '../../../src/lib/remediation/turn.ts';
import type { Config } from '../../../src/lib/settings/config.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { type IncidentId, remediationIdOf } from '../../../src/lib/words/target.ts';
import {
  acrPull,
  assignment,
  config,
  dnsUnlinked,
  minute,
  nowMs,
  principal,
  pulledAgain,
  readyReplica,
  registryId,
  revision,
  roleMissing,
  signal,
  stuckReplica,
  target,
  targetId,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { listeningConfig } from '../telling/listening.ts';

const grant = { registryId, principalId: principal, roleId: acrPull };
const opened: Entry = { kind: 'opened', target, signal, mode: 'act' };
const asleep: Entry = { kind: 'closed', how: 'unproven', because: 'no-replica-asked-to-start' };
const { details: _details, ...quiet } = revision;

function granted(outcome: OutcomeKind): Entry[] {
  const decision = { do: 'grant', grant, because: 'pull-role-missing' } as const;
  return [
    { kind: 'decided', decision, dueAtMs: nowMs, refusals: [] },
    { kind: 'outcome', action: 'grant', outcome, undo: 'its' },
  ];
}

function restarted(outcome: OutcomeKind): Entry[] {
  const decision = { do: 'restart', revision: revision.name, because: 'cause-is-gone' } as const;
  return [
    { kind: 'decided', decision, dueAtMs: nowMs, refusals: [] },
    { kind: 'outcome', action: 'restart', outcome },
  ];
}

interface Run {
  readonly running: Memory;
  readonly lines: (readonly [string, object])[];
  readonly pass: (evidence: Evidence, afterMs?: number) => Promise<void>;
  readonly kinds: () => Promise<string[]>;
  readonly proven: () => Promise<(string | undefined)[]>;
}

/** A history with these entries; each pass sees what a test says. */
async function after(entries: readonly Entry[], settings: Config = config()): Promise<Run> {
  const running = memory(settings, roleMissing, nowMs);
  const lines: (readonly [string, object])[] = [];
  Object.assign(running.ports, { log: (event: string, about: object) => void lines.push([event, about]) });
  for (const [at, entry] of entries.entries()) await running.ports.history.append(targetId, at, entry);
  return {
    running,
    lines,
    pass: async (evidence, afterMs = 0) => {
      running.world.nowMs += afterMs;
      running.world.evidence = { ...evidence, atMs: running.world.nowMs };
      await pass(await beginTurn(running.ports, settings, targetId), undefined);
    },
    kinds: async () => (await running.ports.history.read(targetId)).map(({ entry }) => entry.kind),
    proven: async () =>
      (await running.ports.deployment.read('deployment')).flatMap(({ entry }) =>
        entry.kind === 'grant-proven' ? [entry.remediation] : [],
      ),
  };
}

const recovers = (run: Run) => async (): Promise<void> => {
  await run.pass(pulledAgain(roleMissing, nowMs + minute), minute);
  await run.pass(pulledAgain(roleMissing, nowMs + minute), 10 * minute);
  expect((await run.kinds()).at(-1)).toBe('closed');
};

describe('a recovery proves', () => {
  it.each<[string, Entry[], boolean]>([
    ['the grant that was made', granted('done'), true],
    ['the grant that was made, beside a restart', [...restarted('done'), ...granted('done')], true],
    ['nothing where the grant failed', granted('failed'), false],
    ['nothing where only a restart was made', restarted('done'), false],
    ['nothing where another caller had made the grant', granted('already-there'), false],
  ])('%s', async (_, entries, proves) => {
    const run = await after([opened, ...entries]);
    await recovers(run)();

    expect(await run.proven()).toEqual(proves ? [remediationIdOf(targetId, 1)] : []);
  });
});

describe('an app that is found to serve after it slept proves', () => {
  const serving: Evidence = {
    ...roleMissing,
    logs: known([]),
    revisions: known([{ ...quiet, runningState: 'Running' }]),
    roles: known([assignment(24 * 60 * minute)]),
    replicas: known([{ ...readyReplica, createdAtMs: nowMs - 40 * minute }]),
  };
  const gone: Evidence = { ...serving, app: known('gone') };

  async function proves(before: readonly Entry[], ending: Entry = asleep, evidence: Evidence = serving) {
    const run = await after([opened, ...before, ending, opened]);
    await run.pass(evidence, 10 * minute);
    expect((await run.kinds()).at(-1)).toBe('closed');
    return run.proven();
  }

  it('the grant that was made before it slept', async () => {
    expect(await proves(granted('done'))).toEqual([remediationIdOf(targetId, 1)]);
    expect(await proves([...restarted('done'), ...granted('done')])).toEqual([remediationIdOf(targetId, 1)]);
  });

  it('nothing where no grant was made', async () => {
    expect(await proves(granted('failed'))).toEqual([]);
    expect(await proves(restarted('done'))).toEqual([]);
    expect(await proves([])).toEqual([]);
  });

  it('nothing where it ended otherwise before, or does not serve now', async () => {
    expect(await proves(granted('done'), { kind: 'closed', how: 'withdrawn', because: 'superseded' })).toEqual([]);
    expect(await proves(granted('done'), asleep, gone)).toEqual([]);
  });

  it('nothing where the app failed once more and recovered: that proves what was done after it slept', async () => {
    const run = await after([opened, ...granted('done'), asleep, opened]);
    await recovers(run)();

    expect(await run.proven()).toEqual([]);
  });

  it('nothing of a remediation before the last one', async () => {
    const run = await after([
      opened,
      ...granted('done'),
      asleep,
      opened,
      { kind: 'closed', how: 'withdrawn', because: 'superseded' },
      opened,
    ]);
    await run.pass(serving, 10 * minute);

    expect((await run.kinds()).at(-1)).toBe('closed');
    expect(await run.proven()).toEqual([]);
  });
});

describe('a question about a restart', () => {
  const approving = config({ PULLMEDIC_MODE: 'approve' });
  const young: Evidence = { ...roleMissing, roles: known([assignment(32_000)]) };
  const linked: Entry = { kind: 'incident-linked', incident: `i${'3'.repeat(24)}` as IncidentId };
  const links = async (entries: readonly Entry[], evidence: Evidence): Promise<string[]> => {
    const run = await after([opened, ...entries], approving);
    await run.pass(evidence);
    expect(run.lines).toContainEqual(['decided', expect.objectContaining({ do: 'ask' })]);
    return (await run.kinds()).filter((kind) => kind === 'incident-linked');
  };

  it('stays in the incident of the trouble that the restart is to end', async () => {
    expect(await links([linked], young)).toHaveLength(1);
  });

  it('opens an incident where the remediation has none, as people have to learn of it', async () => {
    expect(await links([], young)).toHaveLength(1);
  });

  it('differs from one about a grant, which belongs to the incident of its own cause', async () => {
    expect(await links([linked], roleMissing)).toHaveLength(2);
  });
});

describe('the answer to a question', () => {
  const approving = config({ PULLMEDIC_MODE: 'approve' });
  const young: Evidence = { ...roleMissing, roles: known([assignment(32_000)]) };

  /** What the incident tells of the question after the pass that follows this answer. */
  async function toldOf(about: Asked, evidence: Evidence, answer?: 'approved' | 'rejected'): Promise<unknown[]> {
    const run = await after([opened], approving);
    await run.pass(evidence);
    const { remediations, lastSeq } = await readTarget(run.running.ports, targetId);
    const { approval, retryApproval, incident } = remediations[0] ?? {};
    const question = (approval ?? retryApproval)?.question;
    if (incident === undefined || question === undefined) throw new Error('People were asked.');
    const answered = { kind: 'answered', ...about, by: 'ada', question } as const;
    if (answer !== undefined) await run.running.ports.history.append(targetId, lastSeq, { ...answered, answer });
    await run.pass(evidence, 1000);
    const told = (await run.running.ports.incidents.read(incident)).map(({ entry }) => entry);
    return told.flatMap((entry) => (entry.kind === 'question-noted' ? [[entry.says, entry.answer, entry.by]] : []));
  }
  const asked = ['asked', undefined, undefined];

  it.each<[string, Asked, Evidence]>([
    ['a grant', { grant }, roleMissing],
    ['a restart', { restart: revision.name }, young],
  ])('about %s is told in the incident, whichever it is', async (_, about, evidence) => {
    expect(await toldOf(about, evidence, 'approved')).toEqual([asked, ['answered', 'approved', 'ada']]);
    expect(await toldOf(about, evidence, 'rejected')).toEqual([asked, ['answered', 'rejected', 'ada']]);
    expect(await toldOf(about, evidence)).toEqual([asked]);
  });
});

describe('an incident whose last member recovers', () => {
  async function closes(evidence: Evidence, before: Evidence = roleMissing): Promise<unknown> {
    const run = await after([opened], config({ PULLMEDIC_MODE: 'observe' }));
    await run.pass(before);
    await run.pass(evidence, minute);
    await run.pass(evidence, 10 * minute);
    expect((await run.kinds()).at(-1)).toBe('closed');
    const { incident } = (await readTarget(run.running.ports, targetId)).remediations[0] ?? {};
    if (incident === undefined) throw new Error('It has an incident.');
    return (await run.running.ports.incidents.read(incident)).at(-1)?.entry;
  }
  const recovered = pulledAgain(roleMissing, nowMs + minute);

  it('is resolved where its cause reads clear', async () => {
    expect(await closes(recovered)).toMatchObject({ kind: 'incident-closed', how: 'resolved' });
    expect(await closes({ ...recovered, roles: known([assignment(60 * 24 * 60 * minute)]) })).toMatchObject({
      kind: 'incident-closed',
      how: 'resolved',
    });
  });

  it('is resolved where the facts do not prove its cause any more', async () => {
    expect(await closes({ ...recovered, roles: known([]) })).toMatchObject({ how: 'resolved', because: 'recovered' });
  });

  it('is withdrawn where its cause still reads as proved: the same may happen again', async () => {
    expect(await closes(pulledAgain(dnsUnlinked, nowMs + minute), dnsUnlinked)).toMatchObject({
      kind: 'incident-closed',
      how: 'withdrawn',
      because: 'cause-not-clear',
    });
  });

  it('is resolved where another cause is proved now', async () => {
    const other = { ...pulledAgain(dnsUnlinked, nowMs + minute), roles: dnsUnlinked.roles ?? known([]) };

    expect(await closes(other, roleMissing)).toMatchObject({ how: 'resolved', because: 'recovered' });
  });
});

describe('a ledger of the deployment that fails while a remediation ends', () => {
  const failing = (run: Run, error: Error): void => {
    const { deployment } = run.running.ports;
    Object.assign(run.running.ports, {
      deployment: {
        ...deployment,
        append: async (partition: string, seq: number, entry: never) => {
          if (partition === 'deployment') throw error;
          return deployment.append(partition, seq, entry);
        },
      },
    });
  };

  it('because it cannot be read is said in the log, and the remediation ends', async () => {
    const run = await after([opened, ...granted('done')]);
    failing(run, new UnreadableHistory('newer-version', 'An entry of an unknown kind.'));
    await recovers(run)();

    expect(run.lines).toContainEqual(['history-unreadable', { ledger: 'deployment', why: 'newer-version' }]);
  });

  it('because the store does not answer keeps the remediation from ending: the queue delivers again', async () => {
    const run = await after([opened, ...granted('done')]);
    failing(run, new Error('the store is down'));

    await expect(recovers(run)()).rejects.toThrow('the store is down');
    expect(await run.kinds()).not.toContain('closed');
  });
});

describe('a system that hears of remediations', () => {
  const id = remediationIdOf(targetId, 1);
  /** The number of the entry that it is to hear of, and how many messages are on their way to it. */
  const news = async ({ running }: Run): Promise<readonly (number | undefined)[]> => {
    const [row] = await running.ports.outbox.of(id);
    return [row?.value.awaits?.seq, running.world.tells.splice(0).filter(({ tell }) => 'remediation' in tell).length];
  };
  const lastDecision = async ({ running }: Run): Promise<readonly [string, number]> => {
    const entries = await running.ports.history.read(targetId);
    return entries.reduce<readonly [string, number]>(
      (last, { entry, seq }) => (entry.kind === 'decided' ? [entry.decision.do, seq] : last),
      ['none', 0],
    );
  };

  it('has news of the first decision and of a question, by the number of their entries, and of no other decision', async () => {
    const run = await after([opened], listeningConfig(['topic'], { PULLMEDIC_MODE: 'approve' }));
    run.running.world.killSwitch = known(true);
    await run.pass(roleMissing);
    const [first, firstAt] = await lastDecision(run);
    expect([first, await news(run)]).toEqual(['incident', [firstAt, 1]]);

    await run.pass(roleMissing, minute);
    expect([(await lastDecision(run))[0], await news(run)]).toEqual(['incident', [firstAt, 0]]);

    run.running.world.killSwitch = known(false);
    await run.pass(roleMissing, minute);
    const [asks, askedAt] = await lastDecision(run);
    expect([asks, await news(run)]).toEqual(['ask', [askedAt, 1]]);
  });
});

describe('the log of a pass', () => {
  const id = remediationIdOf(targetId, 1);

  it('says what was decided, and which guards refused', async () => {
    const run = await after([opened], config({ PULLMEDIC_MODE: 'observe' }));
    run.running.world.killSwitch = known(true);
    await run.pass(roleMissing);
    const [, about] = run.lines.find(([event]) => event === 'decided') ?? [];

    expect(about).toMatchObject({ remediation: id, do: 'incident', because: 'change-refused' });
    expect(
      String((about as { refused?: string }).refused)
        .split(' ')
        .toSorted(),
    ).toEqual(['kill-switch', 'mode']);
  });

  it('says nothing of guards where none refused', async () => {
    const run = await after([opened]);
    await run.pass(roleMissing);

    expect(run.lines.filter(([event]) => event === 'decided')).toStrictEqual([
      ['decided', { remediation: id, do: 'grant', because: 'pull-role-missing' }],
    ]);
  });

  it('says how a remediation ended', async () => {
    const run = await after([opened]);
    await run.pass({ ...roleMissing, app: known('gone') });

    expect(run.lines).toContainEqual(['closed', { remediation: id, how: 'withdrawn', because: 'app-gone' }]);
  });

  it('says that a question was asked, once, and that it expired, once', async () => {
    const run = await after([opened], config({ PULLMEDIC_MODE: 'approve' }));
    await run.pass(roleMissing);
    await run.pass(roleMissing, 10 * minute);
    await run.pass(roleMissing, 240 * minute);
    const { remediations } = await readTarget(run.running.ports, targetId);
    const question = remediations[0]?.approval?.question;

    expect(run.lines.filter(([event]) => event === 'question')).toEqual([
      ['question', { remediation: id, question, says: 'asked' }],
      ['question', { remediation: id, question, says: 'asked' }],
      ['question', { remediation: id, question, says: 'expired' }],
    ]);
  });

  it('says nothing of a question where none was asked', async () => {
    const run = await after([opened], config({ PULLMEDIC_MODE: 'observe' }));
    await run.pass({ ...roleMissing, replicas: known([stuckReplica]) });

    expect(run.lines.map(([event]) => event)).toEqual(['decided', 'incident-opened']);
  });
});
