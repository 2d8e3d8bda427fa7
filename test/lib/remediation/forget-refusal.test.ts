// A person has a refusal forgotten: recorded with who and why, for the whole deployment, and only where there is one.
import { describe, expect, it } from 'vitest';
import { listIncidents, listRemediations, showRemediation } from '../../../src/lib/console/views.ts';
import { sayWithheld } from '../../../src/lib/console/words.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { recallAccess, remember } from '../../../src/lib/remediation/access-memory.ts';
import { forgetRefusal, readRefusal } from '../../../src/lib/remediation/forget-refusal.ts';
import { valueOf } from '../../../src/lib/words/fact.ts';
import { type RemediationId, remediationIdOf } from '../../../src/lib/words/target.ts';
import { pageOf, pageOfIncident } from '../console-pages.ts';
import {
  acrPull,
  appId,
  arm,
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
const another = `t${'1'.repeat(24)}.1` as RemediationId;
const other = arm(appId.replace('ca-orders', 'ca-basket'));

/** An app whose grant was rejected for another app that uses the same identity. */
async function bound(): Promise<Memory> {
  const running = memory(config(), roleMissing, nowMs);
  const no = { kind: 'grant-refused', grant, how: 'rejected', by: '"Ada"', remediation: another, app: other } as const;
  await remember(running.ports, grant, no);
  await running.deliver(signal);
  return running;
}

async function idOf({ ports }: Memory): Promise<string> {
  return (await listRemediations(ports))[0]?.id ?? '';
}

describe('a refusal that binds', () => {
  it('is said on the page, in the list, in the incident and to the command line', async () => {
    const running = await bound();
    const [view] = await listRemediations(running.ports);
    const shown = await showRemediation(running.ports, view?.id ?? '');
    const incidents = await listIncidents(running.ports);
    const sentence = 'this grant was rejected for ca-basket by "Ada"';
    const page = shown === undefined ? '' : pageOf(shown.remediation, shown.entries);
    const list = incidents.map((incident) => pageOfIncident(incident)).join('');

    expect(view).toMatchObject({
      state: 'needs-person',
      bound: { how: 'rejected', by: '"Ada"', app: other, atMs: nowMs },
    });
    for (const html of [page, list]) expect(html).toContain(sentence.replaceAll('"', '&quot;'));
    expect(incidents[0]?.advice).toContain(sentence);
    expect((shown?.entries ?? []).flatMap(({ entry }) => sayWithheld(entry)).join(' ')).toContain(
      `pullmedic forget-refusal ${another}`,
    );
    expect(running.world.granted).toEqual([]);
  });

  it('is forgotten while a look is under way that still knew it: another look sees that nothing binds any more', async () => {
    const running = await bound();
    const id = await idOf(running);
    const { history } = running.ports;
    let forgotten: string | undefined;
    const append: typeof history.append = async (target, after, entry) => {
      if (entry.kind === 'looked') forgotten ??= await forgetRefusal(running.ports, id, { by: 'bob', why: 'reviewed' });
      return history.append(target, after, entry);
    };
    Object.assign(running.ports, { history: { ...history, append } });
    await running.pass(2 * minute);

    expect(forgotten).toBe('forgotten');
    expect(running.world.granted).toHaveLength(1);
  });

  it('is forgotten with who and why on record, and the grant is decided anew at once', async () => {
    const running = await bound();
    const id = await idOf(running);

    expect(await forgetRefusal(running.ports, id, { by: '"Bob"', why: 'the app was reviewed' })).toBe('forgotten');
    await running.settle();

    const partitions = await running.ports.deployment.read(
      `access-${running.ports.hash(`access|${registryId}|${principal}`)}`,
    );
    expect(partitions.map(({ entry }) => entry)).toContainEqual({
      kind: 'refusal-forgotten',
      registryId,
      principalId: principal,
      by: '"Bob"',
      why: 'the app was reviewed',
    });
    expect(running.world.granted).toEqual([grant]);
  });

  it('is not forgotten where it is not the one that the person saw: a later no binds on', async () => {
    const running = await bound();
    const id = await idOf(running);
    const forget = (refusedAtMs: number) =>
      forgetRefusal(running.ports, id, { by: 'bob', why: 'reviewed', refusedAtMs });

    expect(await forget(nowMs - 1)).toBe('another');
    await running.settle();
    expect(running.world.granted).toEqual([]);
    expect(valueOf(await recallAccess(running.ports, grant))?.refused).toHaveLength(1);
    expect(await forget(nowMs)).toBe('forgotten');
  });

  it('is found by the last grant that was tried, also where a restart came after it', async () => {
    const running = memory(config(), roleMissing, nowMs);
    const entries: Entry[] = [
      { kind: 'opened', target, signal, mode: 'act' },
      { kind: 'decided', decision: { do: 'grant', grant, because: 'pull-role-missing' }, dueAtMs: nowMs, refusals: [] },
      { kind: 'outcome', action: 'grant', outcome: 'done' },
      {
        kind: 'decided',
        decision: { do: 'restart', revision: 'r', because: 'role-should-work' },
        dueAtMs: nowMs,
        refusals: [],
      },
      { kind: 'outcome', action: 'restart', outcome: 'done' },
    ];
    for (const [at, entry] of entries.entries()) await running.ports.history.append(targetId, at, entry);
    const no = { kind: 'grant-refused', grant, how: 'rejected', by: 'ada', remediation: another, app: other } as const;
    await remember(running.ports, grant, no);

    expect(await readRefusal(running.ports, remediationIdOf(targetId, 1))).toMatchObject({ kind: 'found', grant });
  });

  it('is forgotten once', async () => {
    const running = await bound();
    const id = await idOf(running);
    await forgetRefusal(running.ports, id, { by: 'bob', why: 'reviewed' });

    expect(await forgetRefusal(running.ports, id, { by: 'bob', why: 'reviewed' })).toBe('no-refusal');
  });
});

describe('there is nothing to forget', () => {
  it('where no refusal binds, where there is no remediation, and where the memory cannot be read', async () => {
    const running = memory(config({ PULLMEDIC_MODE: 'observe' }), roleMissing, nowMs);
    await running.deliver(signal);
    const id = await idOf(running);

    expect(await forgetRefusal(running.ports, id, { by: 'bob', why: 'x' })).toBe('no-refusal');
    expect(await forgetRefusal(running.ports, another, { by: 'bob', why: 'x' })).toBe('not-found');
    expect(await forgetRefusal(running.ports, 'nonsense', { by: 'bob', why: 'x' })).toBe('not-found');
    Object.assign(running.ports.deployment, { read: () => Promise.reject(new Error('down')) });
    expect(await forgetRefusal(running.ports, id, { by: 'bob', why: 'x' })).toBe('unreadable');
    expect(valueOf(await recallAccess(running.ports, grant))).toBeUndefined();
  });
});
