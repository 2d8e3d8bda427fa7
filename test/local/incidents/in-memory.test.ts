import { describe, expect, it } from 'vitest';
import { memoryNetwork } from '../../../local/incidents/in-memory.ts';
import { kinds } from '../../../local/incidents/kinds.ts';
import { startPlayed } from '../../../local/incidents/played.ts';
import type { Behaviour } from '../../../local/incidents/server.ts';
import { incidentSettings } from '../../../src/lib/settings/incident-settings.ts';

const behaviour: Behaviour = {
  answer: ({ method, url, body }) => ({ status: method === 'DELETE' ? 204 : 201, body: { method, url, body } }),
  seen: () => [],
  reset: () => undefined,
};

describe('incident systems without sockets', () => {
  it('answer at their own address as a server would', async () => {
    const network = memoryNetwork(7100);
    const system = await network.start(behaviour);
    const answer = await network.answer(new URL(`${system.url}/a?b=1`), { method: 'POST', body: 'c' });
    expect([answer?.status, await answer?.json()]).toEqual([201, { method: 'POST', url: '/a?b=1', body: 'c' }]);
    expect((await network.answer(new URL(system.url), { method: 'DELETE' }))?.status).toBe(204);
    expect(network.answer(new URL('http://127.0.0.1:7101/'), {})).toBeUndefined();
  });

  it('break the connection as fetch says it', async () => {
    const network = memoryNetwork(7100);
    const system = await network.start(behaviour);
    system.strike('answer-lost');
    await expect(network.answer(new URL(system.url), { method: 'POST' })).rejects.toThrow('fetch failed');
    expect(system.changes()).toBe(1);
  });
});

describe('the systems of a scenario', () => {
  it('have settings that pullmedic takes, of every kind', async () => {
    const chosen = Object.fromEntries(kinds.map((kind) => [`the-${kind}`, kind]));
    const played = await startPlayed(chosen, memoryNetwork(7100).start, () => 0);
    const { systems } = incidentSettings.parse({ systems: played.settings });
    expect(Object.values(systems).map(({ kind }) => kind)).toEqual([...kinds]);
    // Those in Azure know pullmedic's own identity.
    const withSecret = kinds.filter((kind) => !['azure-monitor-issue', 'eventgrid'].includes(kind));
    expect(Object.keys(played.env)).toEqual(withSecret.map((kind) => `THE_${kind.toUpperCase()}_SECRET`));
    expect(played.inAzure).toHaveLength(2);
    expect(Object.values(played.seen())).toEqual(kinds.map(() => []));
  });
});
