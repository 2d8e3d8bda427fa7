import { describe, expect, it } from 'vitest';
import { withCopies } from '../../../local/scenarios/copies.ts';
import { parseScenario } from '../../../local/scenarios/schema.ts';

describe('an app with copies', () => {
  it('is so many apps of numbered names, and so many expectations', () => {
    const apps = [{ name: 'ca-shop', copies: 3 }, { name: 'ca-other' }];
    const expected = { remediations: [{ app: 'ca-shop', copies: 2, ended: 'open' }] };
    const { world, expect: all } = withCopies({ world: { apps }, expect: expected });
    expect(world.apps.map(({ name }) => name)).toEqual(['ca-shop-1', 'ca-shop-2', 'ca-shop-3', 'ca-other']);
    expect(all.remediations).toMatchObject([
      { app: 'ca-shop-1', ended: 'open' },
      { app: 'ca-shop-2', ended: 'open' },
    ]);
  });
});

describe('an incident system that a scenario does not have', () => {
  const file = (more: string) => `summary: s
world:
  environments: [{ name: cae-shop }]
  registries: [{ name: acrshop, repositories: { shop: [v1] } }]
  apps: [{ name: ca-shop, environment: cae-shop, containers: [{ image: acrshop.azurecr.io/shop:v1 }] }]
pullmedic: { mode: act, incidentSystems: { chat: slack } }
${more}`;

  it('is named with its line, in an expectation and where a person answers', () => {
    expect(() => parseScenario(file('expect: { remediations: [], told: { chta: [open] } }'), 'f.yaml')).toThrow(
      'f.yaml:7: chta is not among the incidentSystems',
    );
    const events = 'events: [{ at: 1m, do: approve, app: ca-shop, from: pager }]\nexpect: { remediations: [] }';
    expect(() => parseScenario(file(events), 'f.yaml')).toThrow('f.yaml:7: pager is not among');
  });

  it('is no mistake where it has it', () => {
    expect(parseScenario(file('expect: { remediations: [], told: { chat: [open] } }'), 'f.yaml').expect.told).toEqual({
      chat: ['open'],
    });
  });
});
