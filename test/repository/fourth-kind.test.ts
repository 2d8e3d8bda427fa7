// A kind that the code has never heard of, described like each other one: what is about all kinds handles it without naming it.
import { beforeAll, describe, expect, it } from 'vitest';
import { readIncidentStory } from '../../src/lib/console/incident-story.ts';
import { incidentPage } from '../../src/lib/console/pages/incident.ts';
import { listIncidents, listRemediations } from '../../src/lib/console/views.ts';
import { runbookFor } from '../../src/lib/runbooks/index.ts';
import { readAlert } from '../../src/lib/signals/alert.ts';
import { known } from '../../src/lib/words/fact.ts';
import { targetOf } from '../../src/lib/words/target.ts';
import { nounFor, sayFor } from '../../src/lib/workloads/sentences.ts';
import type { Workload, WorkloadKind } from '../../src/lib/workloads/workload.ts';
import { kindOf, parseWorkloadId, workloadIn, workloadList } from '../../src/lib/workloads/workloads.ts';
import { app, arm, config, dnsUnlinked, image, nowMs, signal } from '../lib/facts.ts';
import { memory } from '../lib/memory-ports.ts';
import { alertFor, signalsOf } from '../lib/signals/payloads.ts';

const siteText =
  '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001/resourceGroups/rg-apps/providers/Microsoft.Example/shops/shop-one';

const shop: Workload = {
  kind: 'shop' as WorkloadKind,
  type: 'microsoft.example/shops',
  words: { full: 'example shop', short: 'shop', run: 'counter', instance: 'till', id: '/subscriptions/…/shops/NAME' },
  dimensions: { name: ['shopname'], run: ['countername'], prefix: 'shop/' },
  write: 'microsoft.example/shops/write',
  operations: ['microsoft.example/shops/write', 'microsoft.example/shops/delete'],
  runs: 'go-on',
  failureShows: 'in-state',
  pullProof: 'container',
  pullsAgain: 'next-run',
  runsIn: 'own-place',
  pullsFrom: 'platform',
  pullIdentities: 'user-assigned',
  changedBy: 'command',
  commands: [[/^az containerapp (.*)$/gm, 'az shop $1']],
};

// Every test file of this folder has modules of its own, so that the table has this kind here and nowhere else.
beforeAll(() => void (workloadList as Workload[]).push(shop));

describe('a fourth kind', () => {
  it('is read from its resource id, and from that of a part of it', () => {
    const id = arm(siteText);

    expect(parseWorkloadId(siteText)).toBe(id);
    expect(kindOf(id)).toBe(shop);
    expect(workloadIn(arm(`${siteText}/counters/one`))).toBe(id);
  });

  it.each([
    ['app', 'shop/Shop-One'],
    ['ShopName', 'shop-one'],
  ])('is named by the dimension %s of an alert', (name, value) => {
    expect(signalsOf(readAlert(alertFor([{ name, value }])))).toMatchObject([
      { about: { kind: 'app-name', name: 'shop-one', workload: 'shop' } },
    ]);
  });

  it('is spoken of in its own words', () => {
    expect(sayFor(arm(siteText), 'The app has no revision with a replica.')).toBe(
      'The shop has no counter with a till.',
    );
    expect([nounFor([siteText]), nounFor([siteText, app.id])]).toEqual(['shop', 'workload']);
  });

  it('gets the commands and the advice that its description asks for', () => {
    const target = targetOf(arm(siteText), image);
    const evidence = { ...dnsUnlinked, app: known({ ...app, id: target.appId }) };
    const diagnosis = { sure: 'confirmed', for: [], against: [], network: 'blocks', detail: {} } as const;
    const of = (cause: 'registry-firewall' | 'registry-not-configured') =>
      runbookFor({ target, cause, evidence, diagnosis: { ...diagnosis, causes: [cause] } });

    expect(
      of('registry-firewall')
        .commands.map(({ text }) => text)
        .join(),
    ).toContain('--allow-trusted-services true');
    const { commands, verify } = of('registry-not-configured');
    expect(commands.some(({ text }) => text.startsWith('az shop registry set '))).toBe(true);
    expect(`${commands.map(({ text }) => text).join()}${verify}`).not.toContain('az containerapp');
  });

  it('has a history, an incident and pages', async () => {
    const id = arm(siteText);
    const running = memory(config(), { ...dnsUnlinked, app: known({ ...app, id }) }, nowMs);
    await running.deliver({ ...signal, about: { kind: 'app', id } });
    const remediations = await listRemediations(running.ports);
    const [incident] = await listIncidents(running.ports);
    const story = await readIncidentStory(running.ports, incident?.id ?? '');
    if (story === undefined) throw new Error('no incident');

    expect(remediations.map(({ target }) => target.appName)).toEqual(['shop-one']);
    expect(incidentPage(story, { nowMs, address: '/api/incidents/i' })).toContain('<h2>Shops that fail or failed</h2>');
  });
});
