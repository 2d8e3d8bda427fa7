// Where an incident would be told is for readers; a test of a system and repetitions are for operators.
import { describe, expect, it } from 'vitest';
import { registerIncidentSystems } from '../../src/functions/incident-systems.ts';
import { nowMs } from '../lib/facts.ts';
import { joined, opened, Scripted, Team } from '../lib/telling/scripted.ts';
import { type Doors, doors, operator, person, signedIn } from './doors.ts';

const body = '{}';

function open(): Doors & { readonly pager: Scripted; readonly team: Team } {
  const pager = new Scripted();
  const team = new Team({ pager });
  const made = doors(registerIncidentSystems, { ports: team.running.ports, config: team.config });
  return { ...made, pager, team };
}

describe('a test of a system', () => {
  it('opens and resolves a marked test', async () => {
    const { send, pager } = open();
    const answer = await send('system-test', { id: 'pager', body, headers: operator() });

    expect(answer).toMatchObject({
      status: 200,
      jsonBody: { opened: { kind: 'told' }, resolved: { kind: 'told' }, again: 0 },
    });
    expect(pager.calls()).toEqual(['open', 'resolve']);
  });

  it.each([
    ['without a sign-in', {}, 401],
    ['as a reader', person(['Reader']), 403],
  ])('is refused %s', async (_who, headers, status) => {
    const { send, pager } = open();
    expect((await send('system-test', { id: 'pager', body, headers })).status).toBe(status);
    expect((await send('system-again', { id: 'pager', body, headers })).status).toBe(status);
    expect(pager.calls()).toEqual([]);
  });

  it('says which systems there are where the name is none of them', async () => {
    const { send } = open();
    const answers = [
      await send('system-test', { id: 'pagr', body, headers: operator() }),
      await send('system-again', { id: 'pagr', body, headers: operator() }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(404);
      expect(JSON.stringify(answer.jsonBody)).toContain('There are: pager.');
    }
  });
});

describe('what was refused for good', () => {
  it('is sent again', async () => {
    const { send, pager, team } = open();
    pager.fails({ why: 'message-refused', detail: 'HTTP 400' });
    await team.changes(opened, joined(0));
    await team.deliver();
    team.running.world.tells.splice(0);

    expect(await send('system-again', { id: 'pager', body, headers: operator() })).toMatchObject({
      status: 202,
      jsonBody: { again: 1 },
    });
    expect(team.running.world.tells).toHaveLength(1);
  });
});

describe('the route of an incident', () => {
  const query = { cause: 'private-dns-unlinked', registry: 'acrshop.azurecr.io' };

  it('of a cause that is none is refused with the nearest one, without the text of the request', async () => {
    const { send } = open();
    const wrong = { ...query, cause: 'tag-mising' };
    const { status, jsonBody } = await send('incident-route', { query: wrong, headers: signedIn('Reader') });

    expect(status).toBe(400);
    expect(JSON.stringify(jsonBody)).toContain('The nearest is tag-missing;');
    expect(JSON.stringify(jsonBody)).not.toContain('tag-mising');
  });

  it('is told to a reader', async () => {
    const { send } = open();
    expect(await send('incident-route', { query, headers: signedIn('Reader') })).toMatchObject({
      status: 200,
      jsonBody: { to: ['pager'], because: 'no-route', mode: 'act', atMs: nowMs },
    });
  });

  it('is that of the instant that is asked for', async () => {
    const { send } = open();
    const answer = await send('incident-route', {
      query: { ...query, at: '2026-06-07T00:00:00Z' },
      headers: signedIn('Reader'),
    });
    expect(answer.jsonBody).toMatchObject({ atMs: Date.parse('2026-06-07T00:00:00Z') });
  });

  it('is not told without a sign-in, or where the question cannot be read', async () => {
    const { send } = open();
    expect((await send('incident-route', { query })).status).toBe(401);
    const answer = await send('incident-route', {
      query: { cause: 'x', severity: 'urgent' },
      headers: signedIn('Reader'),
    });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.jsonBody)).toContain('registry, severity');
  });
});
