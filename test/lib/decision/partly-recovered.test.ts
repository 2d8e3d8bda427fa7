// An app of which some replicas have recovered is not recovered: it is watched, and a person is asked about the rest after a while.
import { describe, expect, it } from 'vitest';
import { listIncidents, listRemediations, showRemediation } from '../../../src/lib/console/views.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { known } from '../../../src/lib/words/fact.ts';
import { pageOf, pageOfIncident } from '../console-pages.ts';
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
  stuckReplica,
  unauthorizedRow,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { decideOn } from '../situations.ts';

const day = 24 * 60 * minute;
const fresh = { ...readyReplica, createdAtMs: nowMs - 2 * minute };
const others = (ready: number) =>
  Array.from({ length: 9 }, (_, at) => ({ ...(at < ready ? fresh : stuckReplica), name: `other-${at}` }));

/** The role is there, and so many of ten replicas pulled the image. */
function ready(count: number, more: Partial<Evidence> = {}): Evidence {
  return {
    ...roleMissing,
    roles: known([assignment(day)]),
    manifest: known({ state: 'exists' }),
    replicas: known([fresh, ...others(count - 1)]),
    logs: known([unauthorizedRow, pulledRow]),
    ...more,
  };
}

const partlySince = (agoMs: number) => [{ agoMs, saw: ready(9) }];

describe('nine of ten replicas', () => {
  it('are no recovery: pullmedic watches until the tenth runs the image', () => {
    expect(decideOn(ready(9)).decision).toEqual({ do: 'wait', because: 'partly-recovered' });
    expect(decideOn(ready(10)).decision).toEqual({ do: 'wait', because: 'proving-stability' });
  });

  it('are watched for a quarter of an hour, then a person is asked', () => {
    const asked = (agoMs: number) => decideOn(ready(9), { openedAgoMs: day / 2, past: partlySince(agoMs) }).decision;

    expect(asked(15 * minute - 1)).toMatchObject({ because: 'partly-recovered' });
    expect(asked(15 * minute)).toMatchObject({ do: 'incident' });
  });

  it('do not hold back what a proved cause asks for', () => {
    expect(decideOn(ready(9, { roles: known([]) })).decision).not.toMatchObject({ because: 'partly-recovered' });
    const unlinked = { ...dnsUnlinked, replicas: ready(9).replicas, logs: ready(9).logs } as Evidence;
    expect(decideOn(unlinked).decision).toMatchObject({ do: 'incident' });
  });

  it('count anew once all had recovered', () => {
    const past = [
      { agoMs: 20 * minute, saw: ready(9) },
      { agoMs: 10 * minute, saw: ready(10) },
    ];

    expect(decideOn(ready(9), { openedAgoMs: day / 2, past }).decision).toMatchObject({ because: 'partly-recovered' });
  });
});

describe('a remediation that has partly recovered', () => {
  async function after(count: number, ms: number): Promise<Memory> {
    const running = memory(config(), roleMissing, nowMs);
    await running.deliver(signal);
    running.world.evidence = ready(count, {
      roles: known([assignment(0)]),
      replicas: known([fresh, ...others(count - 1)].map((one) => ({ ...one, createdAtMs: nowMs + minute }))),
      logs: known([unauthorizedRow, { ...pulledRow, atMs: nowMs + minute }]),
    });
    await running.pass(ms);
    return running;
  }

  it('says so on the page and in the list, and is not closed', async () => {
    const running = await after(9, 12 * minute);
    const [view] = await listRemediations(running.ports);
    const shown = await showRemediation(running.ports, view?.id ?? '');
    const page = shown === undefined ? '' : pageOf(shown.remediation, shown.entries);

    expect(view).toMatchObject({ state: 'partly-recovered', partly: { ready: 9, wanted: 10 } });
    expect(page).toContain('partly recovered: 9 of 10 replicas run the image');
    expect(page).toContain('Some of the replicas have recovered; watches until all of them have.');
  });

  it('asks a person where the last replica never recovers; the incident stays open and says how many have', async () => {
    const running = await after(9, 6 * 60 * minute);
    const [view] = await listRemediations(running.ports);
    const [incident] = await listIncidents(running.ports);
    if (view === undefined || incident === undefined) throw new Error('a remediation with an incident');
    const page = pageOfIncident(incident, [view]);

    expect(view).toMatchObject({ state: 'needs-person', partly: { ready: 9, wanted: 10 } });
    expect(incident).toMatchObject({ state: 'open', members: [view.id] });
    expect(page).toContain('partly recovered: 9 of 10 replicas run the image.');
  });

  it('is closed as recovered once all replicas run the image for long enough', async () => {
    const running = await after(10, 30 * minute);
    const [view] = await listRemediations(running.ports);

    expect(view).toMatchObject({ state: 'closed', closed: { how: 'recovered' } });
    expect(view).not.toHaveProperty('partly');
  });
});

describe('a role that works for one replica while the row of its pull is missing', () => {
  const before = {
    ...roleMissing,
    roles: known([assignment(3 * minute)]),
    manifest: known({ state: 'exists' as const }),
  };
  const rowless = ready(4, { roles: known([assignment(3 * minute)]), logs: known([unauthorizedRow]) });
  const after = (saw: Evidence, more: Partial<Evidence> = {}) =>
    decideOn({ ...rowless, ...more }, { openedAgoMs: 10 * minute, past: [{ agoMs: 2 * minute, saw }] });

  it('is watched until the others have tried again: nothing stops the pull that a person could put right', () => {
    expect(after(before)).toMatchObject({
      rule: 'partly-recovered',
      decision: { do: 'wait', because: 'partly-recovered' },
    });
  });

  it('is watched as well where the last proof was that the role is missing', () => {
    expect(after({ ...before, roles: known([]) }).rule).toBe('partly-recovered');
  });

  it('is not watched where all replicas are ready, nor where something else is suspected by now', () => {
    const all = [fresh, ...others(9)];
    const suspected = { ...unauthorizedRow, text: 'unexpected status 429' };

    expect(after(before, { replicas: known(all) }).rule).not.toBe('partly-recovered');
    expect(after(before, { logs: known([suspected]) }).rule).not.toBe('partly-recovered');
  });

  it('is not watched where no replica is ready, nor where another cause was proved', () => {
    expect(after(before, { replicas: known(others(0)) }).rule).not.toBe('partly-recovered');
    expect(after(dnsUnlinked).rule).not.toBe('partly-recovered');
  });
});
