import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ServiceNow, startServiceNow } from '../../../../local/incidents/servicenow.ts';
import { outside } from '../../../../src/lib/azure/clients/outside.ts';
import { basicAuth } from '../../../../src/lib/incidents/basic-auth.ts';
import type { External, IncidentSystem } from '../../../../src/lib/incidents/system.ts';
import { type ServiceNowOptions, serviceNow } from '../../../../src/lib/incidents/systems/servicenow.ts';
import { Secret } from '../../../../src/lib/words/secret.ts';
import { incidentContract } from '../incident-contract.ts';
import { asking, factsOf, incidentId, openedIn, openIncident, resolving, telling } from '../incident-data.ts';

const password = new Secret('p:ässword');
const optionsFor = (url: string): ServiceNowOptions => ({
  url,
  user: 'pullmedic',
  password,
  closeCode: 'Solution provided',
  fields: { assignment_group: 'Network', caller_id: 'pullmedic' },
});
const start = () => startServiceNow(basicAuth('pullmedic', password));

incidentContract({
  name: 'ServiceNow',
  start,
  make: (server, network) => serviceNow(optionsFor(server.url), network),
  afterReturn: 1,
});

describe('ServiceNow', () => {
  let server: ServiceNow;
  let system: IncidentSystem;
  beforeAll(async () => {
    server = await start();
    system = serviceNow(
      optionsFor(server.url),
      outside(async () => 'token'),
    );
  });
  afterAll(() => server.stop());
  beforeEach(() => server.reset());
  const opened = (): Promise<External> => openedIn(system);

  it('opens a record with the fields of the settings, and says where people find it', async () => {
    const external = await opened();

    expect(server.records()[0]).toMatchObject({
      assignment_group: 'Network',
      caller_id: 'pullmedic',
      correlation_id: telling.key,
      impact: '2',
      urgency: '1',
    });
    expect(external).toMatchObject({
      url: expect.stringContaining(external.id) as string,
      more: { number: 'INC0000001' },
    });
  });

  it('resolves with a code and a reason, which the instance asks for', async () => {
    const external = await opened();
    expect(await system.resolve(resolving, external)).toEqual({ kind: 'told' });

    expect(server.records()[0]).toMatchObject({
      state: '6',
      close_code: 'Solution provided',
      close_notes: 'All its apps recovered, and the cause was not proved again.',
    });
  });

  it('leaves the words of a person who resolved it first', async () => {
    const external = await opened();
    server.personSets(0, { state: '6', close_code: 'Resolved by caller', close_notes: 'I linked the zone.' });
    await system.resolve(resolving, external);

    expect(server.records()[0]).toMatchObject({ close_notes: 'I linked the zone.' });
  });

  it('changes nothing in a record that people closed or cancelled, and opens another one when it comes back', async () => {
    const external = await opened();
    for (const state of ['7', '8']) {
      server.personSets(0, { state });
      const before = server.changes();
      expect(await system.update(telling, external)).toEqual({ kind: 'told' });
      expect(await system.resolve(resolving, external)).toEqual({ kind: 'told' });
      expect(server.changes()).toBe(before);
      expect(await system.reopen(telling, external)).toMatchObject({ failure: { why: 'gone' } });
    }
  });

  it('says that a deleted record is gone', async () => {
    const external = await opened();
    server.personDeletes(0);
    expect(await system.update(telling, external)).toMatchObject({ failure: { why: 'gone' } });
  });

  it('writes a question once into the notes, although it is sent again', async () => {
    const external = await opened();
    const delivery = `${telling.key}.asked.4`;
    await system.ask({ ...asking, delivery }, external);
    await system.ask({ ...asking, delivery, again: true }, external);
    await system.ask({ ...asking, delivery: delivery.slice(0, -1) }, external);

    const { work_notes: notes = '' } = server.records()[0] as Readonly<Record<string, string>>;
    expect(notes.split(`(${delivery})`)).toHaveLength(2);
    expect(notes.split(`(${delivery.slice(0, -1)})`)).toHaveLength(2);
  });

  it('lets no value write HTML into the notes, and stays within the columns', async () => {
    const advice = `[code]<img src=x>[/CODE] ${'x'.repeat(9000)}`;
    await system.open({
      ...telling,
      facts: factsOf({ runbook: { ...openIncident.runbook, title: '[code]<b>'.repeat(100), advice } }),
    });
    const { short_description: title = '', description = '' } = server.records().at(-1) as Readonly<
      Record<string, string>
    >;

    expect(description).not.toMatch(/\[\/?code\]/i);
    expect(title.length).toBeLessThanOrEqual(160);
    expect(title.endsWith('…')).toBe(true);
    expect(description).toContain('https://pullmedic.example');
  });

  it('knows a rule of the instance that refuses one record from a user without rights', async () => {
    server.strike('message-refused');
    expect(await system.open(telling)).toMatchObject({ failure: { why: 'message-refused' } });
    const other = serviceNow(
      { ...optionsFor(server.url), user: 'other' },
      outside(async () => 'token'),
    );
    expect(await other.open(telling)).toMatchObject({ failure: { why: 'key-refused' } });
  });

  it('finds the record of this opening, not that of another', async () => {
    const external = await opened();
    expect(await system.find?.(telling)).toEqual({ kind: 'found', external });
    expect(await system.find?.({ ...telling, key: `pullmedic-${incidentId}-2` })).toEqual({ kind: 'nothing' });
  });
});
