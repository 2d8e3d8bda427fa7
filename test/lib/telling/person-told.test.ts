// An alert is acknowledged only once a system was told of the incident.
import { describe, expect, it } from 'vitest';
import { listRemediations } from '../../../src/lib/console/views.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { newRow } from '../../../src/lib/incidents/outbox.ts';
import type { Config } from '../../../src/lib/settings/config.ts';
import type { Signal } from '../../../src/lib/signals/signal.ts';
import { deliver } from '../../../src/lib/telling/deliver.ts';
import { isPersonTold } from '../../../src/lib/telling/person-told.ts';
import { known } from '../../../src/lib/words/fact.ts';
import {
  alert,
  assignment,
  config,
  dnsUnlinked,
  firedAlert,
  minute,
  nowMs,
  pulledRow,
  readyReplica,
  roleMissing,
  signal,
  unauthorizedRow,
} from '../facts.ts';
import { incidentId } from '../incidents/incident-data.ts';
import { memoryOutbox } from '../memory-outbox.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { Scripted } from './scripted.ts';

const told = { kind: 'webhook', url: 'https://unused.example', secretsFrom: ['UNUSED'] };
const settings = { alerts: { setState: true }, incidents: { systems: { people: told } } };
const telling = config({ PULLMEDIC_SETTINGS: JSON.stringify(settings), UNUSED: 'whsec_x' });
const toNobody = config({ PULLMEDIC_SETTINGS: JSON.stringify({ alerts: { setState: true } }) });
const fired: Signal = { ...signal, alert };

function started(chosen: Config, evidence: Evidence): Memory {
  const running = memory(chosen, evidence, nowMs);
  running.world.alerts.set(alert.id, known(firedAlert));
  return running;
}

const states = ({ world }: Memory): string[] => world.alertsSet.map(({ state }) => state);

describe('a person', () => {
  it.each([
    ['is told where a system has the incident', 'open', true],
    ['is not told yet', 'new', false],
    ['is told no more where it ended there', 'resolved', false],
  ] as const)('%s', async (_case, state, isTold) => {
    const outbox = memoryOutbox();
    await outbox.write({ ...newRow(incidentId, 'people'), state }, undefined);
    expect(await isPersonTold({ outbox }, { incident: incidentId })).toBe(isTold);
    expect(await isPersonTold({ outbox }, {})).toBe(false);
  });
});

describe('the alert of an incident', () => {
  it('stays new until a system was told of it', async () => {
    const running = started(telling, dnsUnlinked);
    const people = new Scripted();
    running.world.systems.set('people', people);
    await running.deliver(fired);
    expect((await listRemediations(running.ports)).at(-1)?.incident).toBeDefined();
    expect(states(running)).toEqual([]);

    people.fails({ why: 'no-answer', detail: 'HTTP 503' });
    for (const { tell } of running.world.tells.splice(0)) await deliver(running.ports, telling, tell);
    await running.pass(10 * minute);
    expect(states(running)).toEqual([]);

    for (const tell of await running.ports.outbox.due(running.world.nowMs)) await deliver(running.ports, telling, tell);
    expect(people.calls()).toEqual(['open', 'open']);
    await running.pass(60 * minute);
    expect(states(running)).toEqual(['Acknowledged']);
  });

  it('stays new where no system is told of anything', async () => {
    const running = started(toNobody, dnsUnlinked);
    await running.deliver(fired);
    await running.pass(60 * minute);

    expect(states(running)).toEqual([]);
  });
});

describe('the alert of what pullmedic repairs by itself', () => {
  it('stays new, because it may be handed over later, and is closed at the end', async () => {
    const running = started(telling, roleMissing);
    await running.deliver(fired);
    expect(running.world.granted).toHaveLength(1);
    await running.pass(2 * minute);
    expect(states(running)).toEqual([]);

    running.world.evidence = {
      ...roleMissing,
      logs: known([unauthorizedRow, { ...pulledRow, atMs: nowMs + 4 * minute }]),
      replicas: known([{ ...readyReplica, createdAtMs: nowMs + 4 * minute }]),
      roles: known([assignment(0, { createdAtMs: nowMs })]),
    };
    await running.pass(40 * minute);
    expect(states(running)).toEqual(['Closed']);
  });
});
