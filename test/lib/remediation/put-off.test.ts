// Looks that are put off while requests are scarce or spent, and an undo that another step overtakes.
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { readTarget } from '../../../src/lib/history/targets.ts';
import { handleStep } from '../../../src/lib/remediation/handle-step.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import {
  acrPull,
  assignment,
  config,
  dnsUnlinked,
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

const settings = config({ PULLMEDIC_SETTINGS: '{"undo":true}' });
const grant = { registryId, principalId: principal, roleId: acrPull };
const id = remediationIdOf(targetId, 1);
const assignmentOfOld = assignment(60 * minute);
const opened: Entry = { kind: 'opened', target, signal, mode: 'act' };
const decided = (decision: object): Entry => ({ kind: 'decided', decision, dueAtMs: nowMs, refusals: [] }) as Entry;
const incident = decided({ do: 'incident', cause: 'tag-missing', because: 'needs-a-person' });
const linked: Entry = { kind: 'incident-linked', incident: `i${'0'.repeat(24)}` as never };

async function after(...entries: Entry[]) {
  const running: Memory = memory(settings, roleMissing, nowMs);
  const lines: (readonly [string, object])[] = [];
  Object.assign(running.ports, { log: (event: string, about: object) => void lines.push([event, about]) });
  for (const [at, entry] of [opened, ...entries].entries()) await running.ports.history.append(targetId, at, entry);
  const kinds = async () => (await running.ports.history.read(targetId)).map(({ entry }) => entry.kind);
  const step = async (wake = false) => {
    const { lastSeq } = await readTarget(running.ports, targetId);
    await handleStep(running.ports, settings, { targetId, seq: lastSeq, wake }, false);
  };
  return { running, lines, kinds, step };
}

describe('a look that finds the requests spent', () => {
  it('is put off by half a minute to a minute', async () => {
    const { running, kinds, step } = await after();
    running.world.evidence = { ...roleMissing, roles: unreadable('over-budget') };
    await step();
    const byMs = (running.world.steps[0]?.dueAtMs ?? 0) - nowMs;

    expect((await kinds()).at(-1)).toBe('put-off');
    expect(byMs).toBeGreaterThanOrEqual(minute / 2);
    expect(byMs).toBeLessThanOrEqual(minute);
  });
});

describe('a look that finds the requests spent for a part of a fact', () => {
  const zone = { id: registryId, records: known({}), links: unreadable('over-budget') } as const;
  const half = { ...assignmentOfOld, permissions: unreadable('over-budget') } as const;

  it.each<[string, object]>([
    ['the links of a private zone', { zones: known([zone]) }],
    ['what a role allows', { roles: known([half]) }],
  ])('is put off whole: %s', async (_, more) => {
    const { running, kinds, step } = await after();
    running.world.evidence = { ...dnsUnlinked, ...more };
    await step();

    expect(await kinds()).toEqual(['opened', 'put-off']);
  });
});

describe('a look while requests are scarce', () => {
  async function isPutOff(...entries: Entry[]): Promise<boolean> {
    const { running, kinds, step } = await after(...entries);
    running.world.scarce = true;
    await step();
    return (await kinds()).includes('put-off');
  }
  const asked = decided({
    do: 'ask',
    grant,
    cause: 'pull-role-missing',
    because: 'needs-approval',
    expiresAtMs: nowMs + 60 * minute,
  });
  const yes: Entry = { kind: 'answered', answer: 'approved', grant, by: 'ada', question: 2 };
  const used = decided({ do: 'grant', grant, because: 'pull-role-missing', question: 2 });
  const done: Entry = { kind: 'outcome', action: 'grant', outcome: 'done' };

  it('is put off once a person was told of the trouble, and not before the incident is there', async () => {
    expect(await isPutOff(incident, linked)).toBe(true);
    expect(await isPutOff(incident)).toBe(false);
    expect(await isPutOff(linked)).toBe(false);
  });

  it('is put off while a login grows old by itself, and made while a role takes effect', async () => {
    expect(await isPutOff(decided({ do: 'wait', because: 'tokens-refresh' }))).toBe(true);
    expect(await isPutOff(decided({ do: 'wait', because: 'role-propagating' }))).toBe(false);
  });

  it('is made while a question is open, and put off again once its answer was used', async () => {
    expect(await isPutOff(asked, linked)).toBe(false);
    expect(await isPutOff(asked, yes, used, done, incident, linked)).toBe(true);
  });
});

const made = [
  decided({ do: 'grant', grant, because: 'pull-role-missing' }),
  { kind: 'outcome', action: 'grant', outcome: 'done', undo: 'its' },
  { kind: 'undo-asked', remediation: id, grant, assignment: 'its', by: 'anna' },
] as Entry[];

describe('the look right after an undo', () => {
  it('is made also while requests are scarce: the world of the remediation has changed', async () => {
    const { running, kinds, step } = await after(...made, incident, linked);
    running.world.scarce = true;
    await step();

    expect(running.world.removed).toHaveLength(1);
    expect(await kinds()).toContain('looked');
    expect(await kinds()).not.toContain('put-off');
  });
});

describe('an undo of a remediation that has ended', () => {
  it('leaves its own row closed, whichever remediations came before', async () => {
    const closed: Entry = { kind: 'closed', how: 'withdrawn', because: 'superseded' };
    const later = remediationIdOf(targetId, 2);
    const [grants, outcome] = made;
    if (grants === undefined || outcome === undefined) throw new Error('A grant was made.');
    const undo = { kind: 'undo-asked', remediation: later, grant, assignment: 'its', by: 'anna' } as Entry;
    const { running, step } = await after(closed, opened, grants, outcome, closed, undo);
    await step();

    expect(running.world.removed).toHaveLength(1);
    expect(running.rows.get(later)).toMatchObject({ closed: true });
  });
});

describe('an undo that another step overtakes', () => {
  it('removes nothing, says so in the log, and leaves the row and the next step', async () => {
    const { running, lines, step } = await after(...made);
    running.world.before = (call) => {
      if (call !== 'history.append') return;
      running.world.before = () => undefined;
      void running.histories.append(targetId, 4, { kind: 'put-off', because: 'over-budget', dueAtMs: nowMs + minute });
    };
    await step(true);

    expect(running.world.removed).toEqual([]);
    expect(lines).toEqual([['step-overtaken', { target: targetId, seq: 4 }]]);
    expect(running.rows.get(id)).toMatchObject({ seq: 5, closed: false });
    expect(running.world.steps).toHaveLength(1);
  });

  it('is another matter than a store that does not answer', async () => {
    const { running, step } = await after(...made);
    running.world.before = (call) => {
      if (call === 'killSwitch') throw new Error('the store is down');
    };

    await expect(step(true)).rejects.toThrow('the store is down');
  });
});
