// The pages and lists of the history: only behind the platform's own sign-in, and never with a script.
import { describe, expect, it } from 'vitest';
import { registerConsole } from '../../src/functions/console.ts';
import { listIncidents } from '../../src/lib/console/views.ts';
import { deliver } from '../../src/lib/telling/deliver.ts';
import { subscriptionOf } from '../../src/lib/words/arm-id.ts';
import type { IncidentId } from '../../src/lib/words/target.ts';
import { appId, dnsUnlinked, signal } from '../lib/facts.ts';
import { incidentId } from '../lib/incidents/incident-data.ts';
import { appSignal, spoil } from '../lib/spoiled-histories.ts';
import { Scripted, Team } from '../lib/telling/scripted.ts';
import { doors, signedIn } from './doors.ts';

const reader = signedIn('Reader');
const every = [
  'now',
  'history',
  'history-one',
  'remediations',
  'remediations-one',
  'incidents',
  'incidents-one',
  'dead-letters',
];

describe('the history', () => {
  it('is eight reads and no write', () => {
    const { names, options } = doors(registerConsole);

    expect(names).toEqual(every);
    for (const name of names) expect(options(name)).toMatchObject({ methods: ['GET'] });
  });

  it.each(every)('is refused without a sign-in: %s', async (name) => {
    const { send } = doors(registerConsole);

    expect((await send(name)).status).toBe(401);
    expect((await send(name, { headers: signedIn('ActionGroupsSecureWebhook') })).status).toBe(401);
  });

  it.each(every)('is refused where the platform signs no caller in, whatever the header says: %s', async (name) => {
    const { send } = doors(registerConsole, { callers: { state: 'off' } });

    expect((await send(name, { headers: reader })).status).toBe(401);
  });

  it('is shown to readers and operators, as a page and as a list', async () => {
    const { send, running } = doors(registerConsole);
    await running.deliver(signal);
    const [row] = running.rows.values();
    const id = row?.remediation ?? '';

    expect((await send('history', { headers: signedIn('Operator') })).body).toContain(id);
    expect((await send('history-one', { id, headers: reader })).body).toContain('ca-orders');
    expect((await send('remediations', { headers: reader })).jsonBody).toMatchObject({ remediations: [{ id }] });
    const one = (await send('remediations-one', { id, headers: reader })).jsonBody as { entries: unknown[] };
    expect(one).toMatchObject({ remediation: { id } });
    expect(one.entries[0]).toMatchObject({ seq: 1, kind: 'opened', says: expect.stringContaining('Opened') as string });
    // What the command line prints.
    expect(one.entries).toContainEqual(
      expect.objectContaining({ kind: 'decided', says: expect.stringMatching(/: .+ \(confirmed\)\./) as string }),
    );
  });

  it('gives back a search for a person as it was written, and no password of an image', async () => {
    const { send } = doors(registerConsole);
    const search = async (q: string): Promise<unknown> =>
      (await send('history', { headers: reader, query: { as: 'json', q } })).jsonBody;

    expect(await search('by:ada@contoso.example')).toMatchObject({
      search: 'by:ada@contoso.example',
      query: { by: 'ada@contoso.example' },
    });
    expect(await search('app:robot:hunter2@acr.example')).toMatchObject({ query: { app: '[secret]@acr.example' } });
  });

  it('names the subscription of an app and of an incident, and shows the id where the name cannot be read', async () => {
    const { send, running } = doors(registerConsole);
    running.world.evidence = dnsUnlinked;
    await running.deliver(signal);
    const [row] = running.rows.values();
    const [incident] = await listIncidents(running.ports);
    const shown = async (): Promise<readonly unknown[]> => [
      (await send('history-one', { id: row?.remediation ?? '', headers: reader })).body,
      (await send('incidents-one', { id: incident?.id ?? '', headers: reader })).body,
    ];
    const subscription = subscriptionOf(appId);

    for (const page of await shown()) expect(page).toMatch(new RegExp(`ubscription(?: |</dt><dd>)${subscription}<`));
    running.world.subscriptionNames.set(subscription, 'Shop <production>');
    for (const page of await shown())
      expect(page).toContain(`<span title="${subscription}">Shop &lt;production&gt;</span>`);
  });

  it('says of its list of incidents how many it left out', async () => {
    const { send, running } = doors(registerConsole);
    const list = async () => (await send('incidents', { headers: reader })).jsonBody;

    expect(await list()).toEqual({ incidents: [], skipped: 0 });
    await running.ports.index.noteIncident(`i${'a'.repeat(24)}` as IncidentId);
    expect(await list()).toEqual({ incidents: [], skipped: 1 });
  });

  it.each(['history-one', 'remediations-one', 'incidents-one'])('of no remediation answers 404: %s', async (name) => {
    const { send } = doors(registerConsole);

    for (const id of ['', '<script>', `t${'0'.repeat(24)}.1`])
      expect((await send(name, { id, headers: reader })).status).toBe(404);
  });
});

describe('the list of incidents', () => {
  it('says of an open one where it was sent', async () => {
    const pager = new Scripted();
    const team = new Team({ pager });
    team.running.world.evidence = dnsUnlinked;
    const { send } = doors(registerConsole, { ports: team.running.ports, config: team.config });
    await team.running.deliver(signal);
    const [id] = await team.running.ports.index.incidents();
    await deliver(team.running.ports, team.config, { incident: id ?? incidentId, system: 'pager' });

    expect((await send('incidents', { headers: reader })).jsonBody).toMatchObject({
      incidents: [{ state: 'open', sentTo: [{ system: 'pager', state: 'open' }] }],
    });
  });
});

describe('a history that a newer version wrote', () => {
  it('is shown with that sentence in the page and the list, beside the others, and answers 409 by itself', async () => {
    const { send, running } = doors(registerConsole);
    for (const app of ['ca-0', 'ca-1']) await running.deliver(appSignal(app));
    const [bad, good] = [...running.rows.values()];
    if (bad === undefined || good === undefined) throw new Error('two remediations are missing');
    await spoil(running, bad.targetId, 'newer-version');
    const says = 'history cannot be read: written by a newer version';

    expect((await send('now', { headers: reader })).body).toContain(says);
    const { body } = await send('history', { headers: reader });
    expect(body).toContain(`/api/history/${bad.remediation}`);
    expect(body).toContain(`/api/history/${good.remediation}`);
    expect((await send('remediations', { headers: reader })).jsonBody).toMatchObject({
      remediations: [{ id: good.remediation }],
      unreadable: [{ id: bad.remediation, why: 'newer-version', says }],
      skipped: 0,
    });
    for (const name of ['history-one', 'remediations-one'])
      expect(await send(name, { id: bad.remediation, headers: reader })).toMatchObject({ status: 409 });
  });
});
