// Who else relies on a grant: what other remediations of the same apps did with it decides.
import { describe, expect, it } from 'vitest';
import type { Entry, OutcomeKind, UndoOutcome } from '../../../src/lib/history/entries.ts';
import type { Grant } from '../../../src/lib/history/grant.ts';
import { readTarget } from '../../../src/lib/history/targets.ts';
import { whoRelies } from '../../../src/lib/remediation/reliance.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { remediationIdOf, type TargetId } from '../../../src/lib/words/target.ts';
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
  target,
  targetId,
} from '../facts.ts';
import { indexRow } from '../index-rows.ts';
import { type Memory, memory } from '../memory-ports.ts';

const grant: Grant = { registryId, principalId: principal, roleId: acrPull };
const other = `t${'2'.repeat(24)}` as TargetId;
const otherId = remediationIdOf(other, 1);
const opened: Entry = { kind: 'opened', target, signal, mode: 'act' };

function granted(outcome?: OutcomeKind, of: Grant = grant): Entry[] {
  const decision = { do: 'grant', grant: of, because: 'pull-role-missing' } as const;
  const decided: Entry = { kind: 'decided', decision, dueAtMs: nowMs, refusals: [] };
  return outcome === undefined ? [decided] : [decided, { kind: 'outcome', action: 'grant', outcome, undo: 'its' }];
}

const restarted: Entry = {
  kind: 'decided',
  decision: { do: 'restart', revision: 'r', because: 'cause-is-gone' },
  dueAtMs: nowMs,
  refusals: [],
};

function undone(outcome: UndoOutcome): Entry[] {
  return [
    { kind: 'undo-asked', remediation: otherId, grant, assignment: 'its', by: 'anna' },
    { kind: 'undo-decided', remediation: otherId, refusals: [] },
    { kind: 'undo-outcome', remediation: otherId, outcome },
  ];
}

/** A target whose grant is to be taken back, and another one of this app with these entries. */
async function withOther(entries: readonly Entry[], of = appId): Promise<Memory> {
  const running = memory(config(), roleMissing, nowMs);
  await running.ports.history.append(targetId, 0, opened);
  for (const [at, entry] of [opened, ...entries].entries()) await running.ports.history.append(other, at, entry);
  const row = indexRow({ targetId: other, appId: of, closed: true });
  await running.ports.index.put(row);
  await running.ports.index.put({ ...row, targetId, appId, remediation: remediationIdOf(targetId, 1) });
  return running;
}

async function relies(running: Memory) {
  const [remediation] = (await readTarget(running.ports, targetId)).remediations;
  if (remediation === undefined) throw new Error('There is a remediation.');
  return whoRelies(running.ports, remediation, grant);
}

const others = async (entries: readonly Entry[]) => relies(await withOther(entries));
const relying = known({ remediations: [otherId], resources: [] });
const nobody = known({ remediations: [], resources: [] });

describe('another remediation', () => {
  it.each([['done'], ['already-there'], ['unknown'], [undefined]] as const)(
    'relies on a grant whose outcome was %s',
    async (outcome) => {
      expect(await others(granted(outcome))).toEqual(relying);
    },
  );

  it.each([['failed'], ['withheld']] as const)('does not rely on a grant that %s', async (outcome) => {
    expect(await others(granted(outcome))).toEqual(nobody);
  });

  it('relies on it also where it did something else as well', async () => {
    expect(await others([restarted, ...granted('done')])).toEqual(relying);
    expect(await others([restarted])).toEqual(nobody);
  });

  it('does not rely on another grant', async () => {
    expect(await others(granted('done', { ...grant, repository: 'shop/other' }))).toEqual(nobody);
  });

  it('does not rely on it once its own undo took it back, and still does where that failed', async () => {
    expect(await others([...granted('done'), ...undone('removed')])).toEqual(nobody);
    expect(await others([...granted('done'), ...undone('already-gone')])).toEqual(nobody);
    expect(await others([...granted('done'), ...undone('failed')])).toEqual(relying);
  });

  it('of an app without the identity does not count', async () => {
    expect(await relies(await withOther(granted('done'), arm(`${appId}-two`)))).toEqual(nobody);
  });

  it('that cannot be read may rely on it', async () => {
    const running = await withOther(granted('done'));
    const rows = running.histories.all.get(other) ?? [];
    running.histories.all.set(other, rows.slice(1));

    expect(await relies(running)).toEqual(unreadable('unavailable'));
  });
});

describe('another resource', () => {
  it('with the identity relies on it; the app itself is not another one', async () => {
    const two = arm(`${appId}-two`);
    const running = await withOther([]);
    const resources = [appId, two].map((id) => ({ id, environmentId }));
    running.world.evidence = { ...roleMissing, holders: known({ resources, tenant: 'same' }) };

    expect(await relies(running)).toEqual(known({ remediations: [], resources: [two] }));
  });

  it.each<[string, object, string]>([
    ['the app is gone', { app: known('gone') }, 'not-asked'],
    ['the app cannot be read', { app: unreadable('forbidden') }, 'not-asked'],
    ['the app pulls with another identity now', { app: known({ ...app, registries: [] }) }, 'not-asked'],
    ['the holders cannot be read', { holders: unreadable('throttled') }, 'throttled'],
    [
      'a holder has no name',
      { holders: known({ resources: [], tenant: 'same', unnamed: [{ within: registryId }] }) },
      'unexpected-answer',
    ],
  ])('is not known where %s', async (_, more, why) => {
    const running = await withOther([]);
    running.world.evidence = { ...roleMissing, ...more };

    expect(await relies(running)).toEqual({ read: false, why });
  });

  it('is not known where the app has another principal by now', async () => {
    const running = await withOther([]);
    const stranger = principalId('c0000000-0000-4000-8000-00000000000c');
    const userIdentities = app.userIdentities.map((one) => ({ ...one, principalId: stranger }));
    running.world.evidence = { ...roleMissing, app: known({ ...app, userIdentities }) };

    expect(await relies(running)).toEqual(unreadable('not-asked'));
  });
});
