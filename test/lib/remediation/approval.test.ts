// What a person may allow, how long that is good for, and what nobody may allow.
import { describe, expect, it } from 'vitest';
import { listIncidents, listRemediations, type RemediationView } from '../../../src/lib/console/views.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { recallAccess } from '../../../src/lib/remediation/access-memory.ts';
import { answerApproval } from '../../../src/lib/remediation/approval.ts';
import type { Config } from '../../../src/lib/settings/config.ts';
import { known, unreadable, valueOf } from '../../../src/lib/words/fact.ts';
import {
  acrPull,
  appId,
  assignment,
  config,
  dnsUnlinked,
  minute,
  nowMs,
  principal,
  registryId,
  roleMissing,
  signal,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

const approve = config({ PULLMEDIC_MODE: 'approve' });

async function asked(chosen: Config = approve, evidence: Evidence = roleMissing): Promise<Memory> {
  const running = memory(chosen, evidence, nowMs);
  await running.deliver(signal);
  return running;
}

async function view(running: Memory): Promise<RemediationView> {
  const [one] = await listRemediations(running.ports);
  if (one === undefined) throw new Error('there is no remediation');
  return one;
}

async function answer(running: Memory, what: 'approved' | 'rejected' = 'approved'): Promise<string> {
  const said = await answerApproval(running.ports, (await view(running)).id, what, 'anna');
  await running.settle();
  return said;
}

describe('in approve mode', () => {
  it('a grant is asked for, as an incident too, and not made', async () => {
    const running = await asked();

    expect(await view(running)).toMatchObject({
      state: 'needs-approval',
      approval: { state: 'pending', expiresAtMs: nowMs + 240 * minute },
      refusals: ['mode: approval-needed'],
    });
    expect(await listIncidents(running.ports)).toHaveLength(1);
    expect(running.world.granted).toEqual([]);
  });

  it('the grant is made after the answer, once, and the answer is in the history', async () => {
    const running = await asked();

    expect(await answer(running)).toBe('answered');
    expect(running.world.granted).toHaveLength(1);
    expect(await answer(running)).toBe('not-pending');
    expect(running.world.granted).toHaveLength(1);
    expect((await view(running)).approval).toMatchObject({ state: 'approved', by: 'anna' });
  });

  it('the grant is not made after a no', async () => {
    const running = await asked();
    await answer(running, 'rejected');

    expect(running.world.granted).toEqual([]);
    expect(await view(running)).toMatchObject({
      state: 'needs-person',
      approval: { state: 'rejected' },
      refusals: ['mode: approval-needed', 'refused-before: rejected', 'approval: rejected'],
    });
  });

  it('the grant is not made when nobody answers in time, and an answer after that is none', async () => {
    const running = await asked();
    await running.pass(241 * minute);

    expect(await view(running)).toMatchObject({
      approval: { state: 'expired' },
      refusals: ['mode: approval-needed', 'refused-before: unanswered', 'approval: expired'],
    });
    expect(await answer(running)).toBe('not-pending');
    expect(running.world.granted).toEqual([]);
  });

  it('looking again does not give more time', async () => {
    const running = await asked();
    await running.pass(30 * minute);

    expect((await view(running)).approval?.expiresAtMs).toBe(nowMs + 240 * minute);
  });

  it('an approval is good for the grant that was asked for, and for no other', async () => {
    const running = await asked();
    // Meanwhile somebody gives the app another identity.
    const app = { ...(roleMissing.app?.read && roleMissing.app.value !== 'gone' ? roleMissing.app.value : undefined) };
    const other = principal.replace('a0', 'c0') as typeof principal;
    const changed = {
      ...roleMissing,
      app: known({ ...app, userIdentities: [{ id: app.userIdentities?.[0]?.id, principalId: other }] }),
    } as Evidence;
    running.world.evidence = changed;
    await answer(running);

    expect(running.world.granted).toEqual([]);
    expect((await view(running)).approval).toMatchObject({ state: 'pending', grant: { principalId: other } });
  });

  it('the kill switch stops an approved grant', async () => {
    const running = await asked();
    running.world.killSwitch = known(true);
    await answer(running);

    expect(running.world.granted).toEqual([]);
  });

  it.each([
    ['no id at all', 'x'],
    ['the id of nothing', `t${'0'.repeat(24)}.1`],
  ])('%s finds nothing to answer', async (_what, id) => {
    expect(await answerApproval((await asked()).ports, id, 'approved', 'anna')).toBe('not-found');
  });
});

describe('an answer', () => {
  const pair = { registryId, principalId: principal };
  const remembered = async ({ ports }: Memory) => valueOf(await recallAccess(ports, pair));

  it('that is a yes is remembered as an approval of this grant, and as no refusal', async () => {
    const running = await asked();
    const { id } = await view(running);
    await answer(running);

    expect(await remembered(running)).toMatchObject({
      approved: [{ grant: { ...pair, roleId: acrPull }, by: 'anna', remediation: id }],
      refused: [],
    });
  });

  it('that is a no is remembered for the whole deployment, and as no approval', async () => {
    const running = await asked();
    const { id } = await view(running);
    await answer(running, 'rejected');

    expect(await remembered(running)).toMatchObject({
      approved: [],
      refused: [{ grant: { ...pair, roleId: acrPull }, how: 'rejected', by: 'anna', app: appId, remediation: id }],
    });
  });

  it('wakes the remediation, and the log says what was answered', async () => {
    const running = await asked();
    const { id } = await view(running);
    running.world.steps.length = 0;
    const logged: unknown[] = [];
    const log = (name: string, facts: unknown): void => void logged.push([name, facts]);
    await answerApproval({ ...running.ports, log }, id, 'approved', 'anna');

    expect(running.world.steps).toMatchObject([{ step: { wake: true }, dueAtMs: nowMs }]);
    expect(logged).toEqual([['answered', { remediation: id, answer: 'approved' }]]);
  });

  it('is not taken where another step wrote to the history at the same time', async () => {
    const running = await asked();
    const { id } = await view(running);
    const { history } = running.ports;
    const overtaken: typeof history = { ...history, append: async () => 'taken' };

    expect(await answerApproval({ ...running.ports, history: overtaken }, id, 'approved', 'anna')).toBe('moved');
    expect((await view(running)).approval).toMatchObject({ state: 'pending' });
    expect((await remembered(running))?.approved).toEqual([]);
  });

  it('that is a no holds for the deployment even where this history cannot take it', async () => {
    const running = await asked();
    const { id } = await view(running);
    const { history } = running.ports;
    const overtaken: typeof history = { ...history, append: async () => 'taken' };

    expect(await answerApproval({ ...running.ports, history: overtaken }, id, 'rejected', 'anna')).toBe('moved');
    expect((await remembered(running))?.refused).toMatchObject([{ how: 'rejected', by: 'anna' }]);
  });

  it('is not taken where the remediation ended, although its question has not expired', async () => {
    const running = await asked();
    const { id } = await view(running);
    running.world.evidence = { ...roleMissing, app: known('gone') };
    await running.pass(30 * minute);

    expect((await view(running)).state).toBe('closed');
    expect(await answerApproval(running.ports, id, 'approved', 'anna')).toBe('not-pending');
  });
});

describe('in act mode a person is asked', () => {
  it('before a role is given back that somebody took away', async () => {
    const removal = { atMs: nowMs - minute, by: 'mallory', scope: registryId, principalId: principal };
    const running = await asked(config(), { ...roleMissing, removals: known([removal]) });

    expect(await view(running)).toMatchObject({ causes: ['pull-role-removed'], state: 'needs-approval' });
    expect((await listIncidents(running.ports))[0]?.advice).toContain('removed by mallory');
    await answer(running);
    expect(running.world.granted).toHaveLength(1);
  });

  it.each<[string, Evidence, string]>([
    [
      'when the Activity Log cannot be read',
      { ...roleMissing, removals: unreadable('forbidden') },
      'role-removed: unreadable',
    ],
    [
      'when a removal does not say whose role it was',
      { ...roleMissing, removals: known([{ atMs: nowMs, by: 'x', scope: registryId }]) },
      'role-removed: cannot-tell-whose',
    ],
    [
      'when nobody can tell whether the network allows the pull',
      { ...dnsUnlinked, roles: known([]), removals: known([]), zones: unreadable('forbidden') },
      'network: cannot-tell',
    ],
  ])('%s', async (_what, evidence, refusal) => {
    expect(await view(await asked(config(), evidence))).toMatchObject({ state: 'needs-approval', refusals: [refusal] });
  });
});

describe('nobody is asked', () => {
  it.each<[string, Config, Evidence]>([
    ['in observe mode', config({ PULLMEDIC_MODE: 'observe' }), roleMissing],
    [
      'for an app that the registry does not list',
      config({ PULLMEDIC_MODE: 'approve', PULLMEDIC_REGISTRIES: JSON.stringify([{ id: registryId, consumers: [] }]) }),
      roleMissing,
    ],
    ['while the network blocks the pull', approve, { ...dnsUnlinked, roles: known([]), removals: known([]) }],
  ])('%s: approving would not be enough', async (_what, chosen, evidence) => {
    const running = await asked(chosen, evidence);

    expect((await view(running)).state).toBe('needs-person');
    expect(await answer(running)).toBe('not-pending');
    expect(running.world.granted).toEqual([]);
  });
});

describe('a restart', () => {
  it('is covered by the approval of the grant', async () => {
    const running = await asked();
    await answer(running);
    running.world.evidence = { ...running.world.evidence, roles: known([assignment(0, { createdAtMs: nowMs })]) };
    await running.pass(8 * minute);

    expect(running.world.restarted.length).toBeGreaterThan(0);
  });
});
