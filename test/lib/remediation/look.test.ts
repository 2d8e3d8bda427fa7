// What a look records: the entry as it is stored, and what it adds up to when the history is read again.
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { Remediation } from '../../../src/lib/history/state.ts';
import { readTarget } from '../../../src/lib/history/targets.ts';
import { known, unreadable, valueOf } from '../../../src/lib/words/fact.ts';
import {
  assignment,
  config,
  dnsUnlinked,
  minute,
  nowMs,
  pulledRow,
  readyReplica,
  roleMissing,
  signal,
  unauthorizedRow,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';

type Looked = Entry & { readonly kind: 'looked' };

const observing = (evidence: Evidence): Memory => memory(config({ PULLMEDIC_MODE: 'observe' }), evidence, nowMs);

/** Every look that is stored, as the store returns it. */
async function looks({ ports, rows }: Memory): Promise<readonly Looked[]> {
  const targets = [...new Set([...rows.values()].map(({ targetId }) => targetId))];
  const stored = await Promise.all(targets.map((targetId) => ports.history.read(targetId)));
  return stored.flat().flatMap(({ entry }) => (entry.kind === 'looked' ? [entry] : []));
}

async function onlyLook(running: Memory): Promise<Looked> {
  const [entry, ...others] = await looks(running);
  if (entry === undefined || others.length > 0) throw new Error(`There are ${others.length} looks more than one.`);
  return entry;
}

/** The remediation as it follows from what is stored. */
async function remediation({ ports, rows }: Memory): Promise<Remediation> {
  const [row] = rows.values();
  const found = row && (await readTarget(ports, row.targetId)).remediations[0];
  if (found === undefined) throw new Error('There is no remediation.');
  return found;
}

/** The app pulls and serves, and its role is `ageMs` old. */
const serving = (ageMs: number): Evidence => ({
  ...roleMissing,
  replicas: known([readyReplica]),
  roles: known([assignment(ageMs)]),
});

describe('a look at an app that serves', () => {
  it('is stored with that, and with the cause that reads clear once the role is there', async () => {
    const running = observing(roleMissing);
    await running.deliver(signal);
    running.world.evidence = { ...serving(0), atMs: nowMs };

    await running.pass(10 * minute);

    const [first, last] = [(await looks(running))[0], (await looks(running)).at(-1)];
    expect(first?.diagnosis.serves).toBeUndefined();
    expect(first).not.toHaveProperty('causeReads');
    expect(last?.diagnosis.serves).toBe(true);
    expect(last?.causeReads).toBe('clear');
    expect((await remediation(running)).look).toMatchObject({ causeReads: 'clear', diagnosis: { serves: true } });
    expect((await remediation(running)).bestDiagnosis?.diagnosis.causes).toEqual(['pull-role-missing']);
  });

  it('is stored with a cause that cannot be told where its facts could not be read', async () => {
    const running = observing(roleMissing);
    await running.deliver(signal);
    running.world.evidence = { ...serving(0), roles: unreadable('forbidden') };

    await running.pass(10 * minute);

    expect((await looks(running)).at(-1)).toMatchObject({ causeReads: 'cannot-tell', diagnosis: { serves: true } });
  });

  it('is stored with a cause that is true where the role is still missing', async () => {
    const running = observing({ ...serving(0), roles: known([]) });

    await running.deliver(signal);

    expect((await looks(running))[0]).toMatchObject({ causeReads: 'true', diagnosis: { serves: true } });
  });
});

describe('the entry of a look', () => {
  it('names each fact that was asked for, each one that could not be read, and why', async () => {
    const running = observing({ ...dnsUnlinked, zones: unreadable('forbidden') });

    await running.deliver(signal);

    const entry = await onlyLook(running);
    expect(entry.unread).toContain('zones');
    expect(entry.whyUnread).toMatchObject({ zones: 'forbidden' });
    expect(entry.asked).toEqual(expect.arrayContaining(['app', 'roles', 'zones']));
    expect(entry.asked).not.toContain('atMs');
  });

  it('records who wrote the app last when it first sees that, and says where Azure does not', async () => {
    const app = valueOf(roleMissing.app);
    if (app === undefined || app === 'gone') throw new Error('no app');
    const lastWrite = { by: 'ada@contoso.example', kind: 'User', atMs: nowMs - minute };
    const running = observing({ ...roleMissing, app: known({ ...app, lastWrite }) });
    const silent = observing(roleMissing);

    await running.deliver(signal);
    await silent.deliver(signal);
    running.world.evidence = { ...roleMissing, app: unreadable('forbidden') };
    await running.pass(10 * minute);

    const [first, ...later] = await looks(running);
    expect(first?.lastWrite).toEqual(lastWrite);
    expect(later.length).toBeGreaterThan(0);
    expect(later.filter((entry) => 'lastWrite' in entry)).toEqual([]);
    expect((await remediation(running)).writes).toEqual({ first: lastWrite });
    expect((await onlyLook(silent)).lastWrite).toBe('not-said');
  });

  it.each([
    ['throttled', true],
    ['timed-out', true],
    ['unavailable', true],
    ['forbidden', false],
    ['unexpected-answer', false],
  ] as const)('says whether a fact is missing for a reason that passes: %s', async (why, passes) => {
    const running = observing({ ...roleMissing, denials: unreadable(why) });

    await running.deliver(signal);

    expect((await onlyLook(running)).clouded).toBe(passes);
  });

  it('sees a reason that passes inside a fact that was read: the actions of one role', async () => {
    const halfRead = assignment(60 * minute, { permissions: unreadable('throttled') });
    const running = observing({ ...roleMissing, roles: known([halfRead]) });

    await running.deliver(signal);

    expect(await onlyLook(running)).toMatchObject({ clouded: true });
  });
});

describe('a look', () => {
  it('that finds the requests spent records nothing, and comes back', async () => {
    const running = observing({ ...roleMissing, roles: unreadable('over-budget') });

    await running.deliver(signal);

    expect(await looks(running)).toEqual([]);
    expect((await remediation(running)).putOffUntilMs).toBeGreaterThan(nowMs);
    expect(running.world.steps).toHaveLength(1);
  });

  it('reads logs from half an hour before the opening, and after a closing only what came since', async () => {
    const running = observing(roleMissing);
    const since: number[] = [];
    const { azure } = running.ports;
    const port: { azure: typeof azure } = running.ports;
    port.azure = {
      ...azure,
      probe: (probe, target, soFar, logsSinceMs, context) => {
        if (probe === 'logs' && context !== undefined) since.push(logsSinceMs);
        return azure.probe(probe, target, soFar, logsSinceMs, context);
      },
    };
    await running.deliver(signal);
    running.world.evidence = {
      ...serving(0),
      logs: known([unauthorizedRow, { ...pulledRow, atMs: nowMs + minute }]),
    };
    await running.pass(30 * minute);
    const closedAtMs = (await remediation(running)).closed?.atMs;
    running.world.evidence = { ...roleMissing, atMs: running.world.nowMs };
    await running.deliver({ ...signal, id: 'alert|2', atMs: running.world.nowMs });

    expect(since[0]).toBe(nowMs - 30 * minute);
    expect(closedAtMs).toBeDefined();
    expect(since.at(-1)).toBe(closedAtMs);
  });
});
