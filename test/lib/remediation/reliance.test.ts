// Who else relies on an assignment: other resources with the identity, other remediations with the same grant, and what cannot be read.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { undoableGrant } from '../../../src/lib/history/queries.ts';
import type { Reliance } from '../../../src/lib/history/reliance.ts';
import { readTarget } from '../../../src/lib/history/targets.ts';
import { rowOf } from '../../../src/lib/remediation/index-row.ts';
import { whoRelies } from '../../../src/lib/remediation/reliance.ts';
import { askUndo } from '../../../src/lib/remediation/undo.ts';
import { type Fact, known, unreadable } from '../../../src/lib/words/fact.ts';
import { remediationIdOf, type TargetId, targetOf } from '../../../src/lib/words/target.ts';
import {
  acrPull,
  app,
  appId,
  arm,
  config,
  environmentId,
  nowMs,
  principal,
  principalId,
  registryId,
  roleMissing,
  signal,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

const allowed = config({ PULLMEDIC_SETTINGS: JSON.stringify({ undo: true }) });
const grant = { registryId, principalId: principal, roleId: acrPull };
const otherApp = arm(appId.replace('ca-orders', 'ca-other'));
const nobody = known({ remediations: [], resources: [] });

/** An app whose remediation made the grant. */
async function granted(): Promise<Memory> {
  const running = memory(allowed, roleMissing, nowMs);
  await running.deliver(signal);
  expect(running.world.granted).toHaveLength(1);
  return running;
}

async function relies(running: Memory): Promise<Fact<Reliance>> {
  const [row] = running.rows.values();
  if (row === undefined) throw new Error('there is no remediation');
  const [remediation] = (await readTarget(running.ports, row.targetId)).remediations;
  const made = remediation && undoableGrant(remediation);
  if (remediation === undefined || made === undefined) throw new Error('nothing was granted');
  return whoRelies(running.ports, remediation, made.grant);
}

function heldBy(running: Memory, ...ids: (typeof appId)[]): void {
  const resources = [appId, ...ids].map((id) => ({ id }));
  running.world.evidence = { ...running.world.evidence, holders: known({ resources, tenant: 'same' }) };
}

/** Another remediation, of another image of this app unless said otherwise, that decided this grant with this outcome. */
async function another(running: Memory, outcome: Entry & { kind: 'outcome' }, more = {}, of = appId): Promise<string> {
  const targetId = `t${'9'.repeat(24)}` as TargetId;
  const entries: Entry[] = [
    { kind: 'opened', target: targetOf(of, 'acrshop.azurecr.io/shop/other:v1'), signal, mode: 'act' },
    {
      kind: 'decided',
      decision: { do: 'grant', grant: { ...grant, ...more }, because: 'pull-role-missing' },
      dueAtMs: nowMs,
      refusals: [],
    },
    outcome,
  ];
  for (const [at, entry] of entries.entries()) await running.ports.history.append(targetId, at, entry);
  const [remediation] = (await readTarget(running.ports, targetId)).remediations;
  if (remediation === undefined) throw new Error('no remediation');
  await running.ports.index.put(rowOf(remediation, 3, nowMs));
  return remediationIdOf(targetId, 1);
}

const done = { kind: 'outcome', action: 'grant', outcome: 'done', undo: 'y' } as const;
const found = { kind: 'outcome', action: 'grant', outcome: 'already-there' } as const;

describe('an assignment', () => {
  it('that only this remediation needs has no other who relies on it', async () => {
    expect(await relies(await granted())).toEqual(nobody);
  });

  it('is relied on by every other resource that holds the identity', async () => {
    const running = await granted();
    heldBy(running, otherApp, environmentId);

    expect(await relies(running)).toEqual(known({ remediations: [], resources: [otherApp, environmentId] }));
  });

  it('is relied on by a holder that cannot be named, so who relies on it cannot be read', async () => {
    const running = await granted();
    const unnamed = [{ within: arm(appId.slice(0, appId.indexOf('/providers'))) }];
    running.world.evidence = {
      ...running.world.evidence,
      holders: known({ resources: [{ id: appId }], unnamed, tenant: 'same' }),
    };

    expect(await relies(running)).toEqual(unreadable('unexpected-answer'));
  });

  it.each([
    ['made', done],
    ['found made', found],
  ])('is relied on by a remediation of another image that %s the same grant', async (_, outcome) => {
    const running = await granted();
    const id = await another(running, outcome);

    expect(await relies(running)).toEqual(known({ remediations: [id], resources: [] }));
  });

  it.each([
    ['made another grant', done, { principalId: principalId('d0000000-0000-4000-8000-00000000000d') }, appId],
    ['failed to make it', { kind: 'outcome', action: 'grant', outcome: 'failed' } as const, {}, appId],
    ['made it for an app that holds the identity no more', done, {}, otherApp],
  ])('is not relied on by a remediation that %s', async (_, outcome, more, of) => {
    const running = await granted();
    await another(running, outcome, more, of);

    expect(await relies(running)).toEqual(nobody);
  });

  it.each<[string, Partial<Evidence>]>([
    ['the holders', { holders: unreadable('forbidden') }],
    ['the app', { app: unreadable('throttled') }],
    ['the app, which is gone', { app: known('gone') }],
    [
      'the identity, because the app pulls with another one by now',
      {
        app: known({
          ...app,
          userIdentities: [
            {
              id: app.userIdentities[0]?.id ?? appId,
              principalId: principalId('d0000000-0000-4000-8000-00000000000d'),
            },
          ],
        }),
      },
    ],
  ])('may be relied on where this cannot be read: %s', async (_, evidence) => {
    const running = await granted();
    running.world.evidence = { ...running.world.evidence, ...evidence };

    expect((await relies(running)).read).toBe(false);
  });
});

describe('an undo of an assignment on which others rely', () => {
  async function undo(anyway: boolean, arrange: (running: Memory) => void) {
    const running = await granted();
    arrange(running);
    const [row] = running.rows.values();
    expect(await askUndo(running.ports, allowed, row?.remediation ?? '', { by: 'anna', anyway })).toBe('asked');
    await running.settle();
    const entries = (await running.ports.history.read(row?.targetId ?? '')).map(({ entry }) => entry);
    const decided = entries.findLast((entry) => entry.kind === 'undo-decided');
    return { removed: running.world.removed.length, decided, asked: entries.find((one) => one.kind === 'undo-asked') };
  }

  it('is refused, and the history names them', async () => {
    const { removed, decided, asked } = await undo(false, (running) => heldBy(running, otherApp));

    expect(removed).toBe(0);
    expect(asked).not.toHaveProperty('anyway');
    expect(decided).toMatchObject({
      refusals: [{ guard: 'undo', why: 'others-rely' }],
      reliedOnBy: [otherApp],
    });
  });

  it('is refused where that cannot be read', async () => {
    const { removed, decided } = await undo(false, (running) => {
      running.world.evidence = { ...running.world.evidence, holders: unreadable('forbidden') };
    });

    expect(removed).toBe(0);
    expect(decided).toMatchObject({ refusals: [{ guard: 'undo', why: 'reliance-unreadable' }] });
  });

  it('is made where the person asked for it anyway, and the history says both', async () => {
    const { removed, decided, asked } = await undo(true, (running) => heldBy(running, otherApp));

    expect(removed).toBe(1);
    expect(asked).toMatchObject({ by: 'anna', anyway: true });
    expect(decided).toMatchObject({ refusals: [], reliedOnBy: [otherApp] });
  });

  it('is made without more where no other relies on it', async () => {
    const { removed, decided } = await undo(false, () => undefined);

    expect(removed).toBe(1);
    expect(decided).not.toHaveProperty('reliedOnBy');
  });
});
