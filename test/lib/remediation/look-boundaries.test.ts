// What one look may rest on, and what its entry says and leaves out.
import { describe, expect, it } from 'vitest';
import { noCalls } from '../../../src/lib/evidence/calls.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { LookContext } from '../../../src/lib/evidence/reads.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { readTarget } from '../../../src/lib/history/targets.ts';
import { handleStep } from '../../../src/lib/remediation/handle-step.ts';
import { lookEntry } from '../../../src/lib/remediation/look.ts';
import { skewMs } from '../../../src/lib/remediation/told-since.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { granted } from '../decision/told.ts';
import {
  app,
  assignment,
  config,
  environmentId,
  history,
  identityId,
  minute,
  nowMs,
  principal,
  registryId,
  roleMissing,
  signal,
  unauthorizedRow,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { decisionInput } from '../situations.ts';

const observing = config({ PULLMEDIC_MODE: 'observe' });

interface Run {
  readonly running: Memory;
  /** What the probes of the next step may rest on: the same for all of them. */
  readonly contextOf: (step: () => Promise<void>) => Promise<Omit<LookContext, 'maySend' | 'once'> | undefined>;
  /** `beforeMs`: how long before the step what it is about had happened at the latest. */
  readonly step: (wake: boolean, afterMs?: number, beforeMs?: number) => Promise<void>;
}

function begin(evidence: Evidence = roleMissing): Run {
  const running = memory(observing, evidence, nowMs);
  let seen: LookContext | undefined;
  const { azure } = running.ports;
  const port: { azure: typeof azure } = running.ports;
  port.azure = {
    ...azure,
    probe: (probe, target, soFar, sinceMs, context) => {
      seen = context ?? seen;
      return azure.probe(probe, target, soFar, sinceMs, context);
    },
  };
  return {
    running,
    contextOf: async (step) => {
      seen = undefined;
      await step();
      const { maySend: _maySend, once: _once, ...rest } = seen ?? ({} as LookContext);
      return rest;
    },
    step: async (wake, afterMs = minute, beforeMs) => {
      const [row] = running.rows.values();
      if (row === undefined) throw new Error('There is no row.');
      running.world.nowMs += afterMs;
      running.world.evidence = { ...running.world.evidence, atMs: running.world.nowMs };
      const { lastSeq } = await readTarget(running.ports, row.targetId);
      const happened = beforeMs === undefined ? {} : { happenedBeforeMs: running.world.nowMs - beforeMs };
      await handleStep(running.ports, observing, { targetId: row.targetId, seq: lastSeq, wake, ...happened }, false);
    },
  };
}

describe('a look rests on', () => {
  it('what looks of other apps read in the last quarter of a minute, where it is the first one', async () => {
    const { running, contextOf } = begin();
    const context = await contextOf(() => running.deliver(signal));
    const [row] = running.rows.values();

    expect(context).toEqual({
      recall: { remediation: row?.remediation, seq: 1, since: 0 },
      sharedSinceMs: nowMs - 15_000,
      underWaySinceMs: nowMs - 60_000,
    });
  });

  it('what it read itself before, where nothing happened since', async () => {
    const { running, contextOf, step } = begin();
    await running.deliver(signal);
    const [row] = running.rows.values();

    expect(await contextOf(() => step(false))).toEqual({
      recall: { remediation: row?.remediation, seq: row?.seq, since: 0 },
      sharedSinceMs: running.world.nowMs - 15_000,
      underWaySinceMs: nowMs + 1,
    });
  });

  it('what looks of other apps read after its own last look, where it is a later one', async () => {
    const { running, contextOf, step } = begin();
    await running.deliver(signal);

    expect((await contextOf(() => step(false, 5000)))?.sharedSinceMs).toBe(nowMs + 1);
    expect((await contextOf(() => step(false, 15_001)))?.sharedSinceMs).toBe(nowMs + 5001);
    expect((await contextOf(() => step(false, 15_002)))?.sharedSinceMs).toBe(nowMs + 20_003);
  });

  it('what they read in the last minute while requests are scarce, and still on nothing from before its own last look', async () => {
    const { running, contextOf, step } = begin({ ...roleMissing, roles: unreadable('timed-out') });
    running.world.scarce = true;
    const first = await contextOf(() => running.deliver(signal));
    const later = await contextOf(() => step(false, 20_000));

    expect(first).toMatchObject({ sharedSinceMs: nowMs - 60_000, underWaySinceMs: nowMs - 60_000 });
    expect(later).toMatchObject({ sharedSinceMs: nowMs + 1, underWaySinceMs: nowMs + 1 });
  });

  it('the same where a signal joined meanwhile: it is no look of its own', async () => {
    const { running, contextOf, step } = begin();
    await running.deliver(signal);
    running.world.nowMs += 4000;
    await running.deliver({ ...signal, id: 'alert|2' });

    expect((await contextOf(() => step(false, 1000)))?.sharedSinceMs).toBe(nowMs + 1);
  });

  it('only what others read after the look was put off that was to see a change, and only then', async () => {
    const { running, contextOf, step } = begin();
    await running.deliver(signal);
    running.world.evidence = { ...roleMissing, roles: unreadable('over-budget') };
    await step(true);
    const putOffMs = running.world.nowMs;
    await step(false, 12_000);
    running.world.evidence = roleMissing;
    const seeing = await contextOf(() => step(false, 2000));
    const after = await contextOf(() => step(false, 20_000));

    expect(seeing).toMatchObject({ sharedSinceMs: putOffMs + skewMs, underWaySinceMs: putOffMs + skewMs });
    expect(seeing?.recall?.since).toBe((seeing?.recall?.seq ?? 0) + 1);
    expect(after?.recall?.since).toBe(seeing?.recall?.since);
    expect(after?.sharedSinceMs).toBe(running.world.nowMs - 15_000);
  });

  it('nothing that was read before, where something changed, and nobody knows when', async () => {
    const { running, contextOf, step } = begin();
    await running.deliver(signal);
    const [row] = running.rows.values();
    const context = await contextOf(() => step(true));
    const nextMs = running.world.nowMs + skewMs;

    expect(context).toEqual({
      recall: { remediation: row?.remediation, seq: row?.seq, since: (row?.seq ?? 0) + 1 },
      sharedSinceMs: nextMs,
      underWaySinceMs: nextMs,
    });
  });

  it('only what others read after the change that woke it, and clocks differ', async () => {
    const { running, contextOf, step } = begin();
    await running.deliver(signal);
    const context = await contextOf(() => step(true, 3 * minute, 40_000));
    const changedMs = running.world.nowMs - 40_000;

    expect(context?.recall?.since).toBe((context?.recall?.seq ?? 0) + 1);
    expect(context).toMatchObject({
      sharedSinceMs: running.world.nowMs - 15_000,
      underWaySinceMs: changedMs + skewMs,
    });
    expect(await contextOf(() => step(true, minute, 20_000))).toMatchObject({
      sharedSinceMs: running.world.nowMs - 10_000,
      underWaySinceMs: running.world.nowMs - 10_000,
    });
  });

  it('only what looks of other apps read after its last look, where it repeats that one because a fact could not be read', async () => {
    const { running, contextOf, step } = begin({ ...roleMissing, roles: unreadable('timed-out') });
    await running.deliver(signal);
    const [row] = running.rows.values();

    const context = await contextOf(() => step(false, 10_000));

    expect(context?.recall?.since).toBe((row?.seq ?? 0) + 1);
    expect(context).toMatchObject({ sharedSinceMs: nowMs + 1, underWaySinceMs: nowMs + 1 });
  });
});

type Looked = Entry & { readonly kind: 'looked' };

function entry(
  evidence: Evidence,
  more: { recalled?: readonly never[] | readonly ['roles']; woken?: boolean } = {},
): Looked {
  const past = history();
  const [remediation] = past.remediations;
  if (remediation === undefined) throw new Error('There is a remediation.');
  const look = { evidence, calls: 3, sent: noCalls, recalled: more.recalled ?? [] };
  return lookEntry(past, remediation, look, more.woken ?? false);
}

describe('the entry of a look', () => {
  it('leaves out what there is nothing to say about', () => {
    const plain = entry(roleMissing);

    for (const name of ['causeReads', 'whyUnread', 'recalled', 'woken']) expect(plain).not.toHaveProperty(name);
    expect(plain).toMatchObject({ unread: [], clouded: false, calls: 3, sent: noCalls });
    expect(plain.pulls).toEqual({ registryId, principalId: principal, environmentId });
  });

  it('says what was recalled, and that something woke it', () => {
    expect(entry(roleMissing, { recalled: ['roles'], woken: true })).toMatchObject({
      recalled: ['roles'],
      woken: true,
    });
  });

  it('names the ends of the pull that are known, and neither where neither is', () => {
    const noIdentity = known({ ...app, registries: [] });
    const noRegistry = unreadable<never>('forbidden');

    expect(entry({ ...roleMissing, app: noIdentity }).pulls).toStrictEqual({ registryId, environmentId });
    expect(entry({ ...roleMissing, registry: noRegistry }).pulls).toStrictEqual({
      principalId: principal,
      environmentId,
    });
    expect(entry({ ...roleMissing, app: unreadable('forbidden'), registry: noRegistry })).not.toHaveProperty('pulls');
  });

  it('names the registry where the text is about another one than that of the image, and not else', () => {
    const both = { ...app, registries: [...app.registries, { server: 'acrtools.azurecr.io', identity: identityId }] };
    const text =
      "Failed to construct registry secret for registry 'acrtools.azurecr.io' for ContainerApp 'ca-orders'. Ensure the managed identity 'system' has the correct permissions. Error: ACR token exchange endpoint returned error status: 401.";
    const logs = known([{ ...unauthorizedRow, reason: 'FetchingKeyVaultSecretFailed', text }]);

    expect(entry({ ...roleMissing, app: known(both), logs }).pulls).toHaveProperty('host', 'acrtools.azurecr.io');
    expect(entry({ ...roleMissing, app: known(both) }).pulls).not.toHaveProperty('host');
  });

  it('takes the reason of a row for its text where that says nothing', () => {
    const logs = known([{ ...unauthorizedRow, text: 'It failed.' }]);

    expect(entry({ ...roleMissing, logs }).suspicions).toMatchObject([{ label: 'unauthorized' }]);
  });

  it('says that a part of a fact is missing for a reason that passes, also where the requests were spent', () => {
    const half = assignment(60 * minute, { permissions: unreadable('over-budget') });

    expect(entry({ ...roleMissing, roles: known([half]) }).clouded).toBe(true);
    expect(entry({ ...roleMissing, roles: unreadable('timed-out') })).toMatchObject({
      clouded: true,
      unread: ['roles'],
      whyUnread: { roles: 'timed-out' },
    });
  });
});

describe('a grant that the directory refused, because it does not know the principal', () => {
  const { identity: _identity, ...unasked } = roleMissing;
  const causes = (because: string): readonly string[] =>
    decisionInput(unasked, { past: granted('failed', because) }).diagnosis.causes;

  it('says that nothing stands behind the identity; no other failure does', () => {
    expect(causes('principal-not-found')).toEqual(['identity-gone']);
    expect(causes('forbidden')).toEqual(['pull-role-missing']);
  });
});
