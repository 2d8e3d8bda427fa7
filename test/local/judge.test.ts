// The judge of scenarios counts what each look cost, and a look that costs too much fails the scenario.
import { describe, expect, it } from 'vitest';
import { comparedActions, judgeCalls, refusedBy } from '../../local/demo/judge.ts';
import { parseScenario, type Scenario } from '../../local/scenarios/schema.ts';

const image = 'acrshop.azurecr.io/b:1';

function scenarioWith(registry: string, events = '[]'): Scenario {
  return parseScenario(
    `summary: x
world:
  environments: [{ name: cae }]
  vnets: [{ name: vnet }]
  registries: [{ name: acrshop${registry} }]
  apps: [{ name: ca, environment: cae, containers: [{ image: ${image} }] }]
events: ${events}
pullmedic: { mode: act }
expect: { remediations: [] }
`,
    'f.yaml',
  );
}

const open = scenarioWith('');
const endpoint = ', privateEndpoint: { name: pe, vnet: vnet }';
const closed = scenarioWith(endpoint);
const busy: Scenario = { ...open, world: { ...open.world, roleChangesPerHour: 44 } };
const throttled = scenarioWith('', '[{ at: 1m, do: throttle, service: logs, for: 1m }]');

type Calls = Parameters<typeof judgeCalls>[1]['mostCalls'];

function failuresOf(scenario: Scenario, calls: Partial<Calls>, host = image): string[] {
  const mostCalls = { control: 0, logs: 0, registry: 0, ...calls };
  return judgeCalls(scenario, { target: { appName: 'ca', image: host }, mostCalls }).map(
    ({ what, expected, seen }) => `${what}: ${expected}, seen ${seen}`,
  );
}

describe('actions where restarts may vary', () => {
  const grant = { action: 'grant', outcome: 'done' };
  const restart = { action: 'restart', outcome: 'done' };
  const meetsPull = { ...restart, outcome: 'withheld', because: 'pull-under-way: pulling' };
  const stopped = { ...restart, outcome: 'withheld', because: 'kill-switch: on' };

  it('are compared without restarts, and without one that was withheld because a pull was under way', () => {
    expect(comparedActions([grant, meetsPull, restart, restart], true)).toEqual(['grant: done']);
    expect(comparedActions([grant, stopped], true)).toEqual(['grant: done', 'restart: withheld']);
    expect(comparedActions([grant, meetsPull], false)).toEqual(['grant: done', 'restart: withheld']);
  });
});

describe('the budget of a look', () => {
  it.each<[string, Scenario, Partial<Calls>]>([
    ['12 control-plane calls at a public registry', open, { control: 12 }],
    ['25 at a private one', closed, { control: 25 }],
    ['9 pages of the Activity Log more where roles change all day', busy, { control: 21 }],
    ['2 log queries', open, { logs: 2 }],
    ['5 requests to the registry', open, { registry: 5 }],
    ['40 of anything where faults make retries', throttled, { control: 40, logs: 40 }],
  ])('allows %s', (_, scenario, calls) => {
    expect(failuresOf(scenario, calls)).toEqual([]);
  });

  it.each<[string, Scenario, Partial<Calls>, RegExp]>([
    ['a 13th control-plane call', open, { control: 13 }, /control-plane calls .* public registry: at most 12, seen 13/],
    ['a 22nd, however long the Activity Log is', busy, { control: 22 }, /public registry: at most 21, seen 22/],
    ['a 26th at a private registry', closed, { control: 26 }, /control-plane calls .* private registry: at most 25/],
    ['a 3rd log query', closed, { logs: 3 }, /log queries .*: at most 2, seen 3/],
    ['a 6th request to the registry', open, { registry: 6 }, /requests to the registry .*: at most 5/],
    ['a 41st call, whatever happens', throttled, { control: 41 }, /at most 40/],
  ])('fails the scenario at %s', (_, scenario, calls, sentence) => {
    expect(failuresOf(scenario, calls)).toEqual([expect.stringMatching(sentence)]);
  });

  it('is that of the registry of the image, by each of its hosts', () => {
    const labelled = scenarioWith(`${endpoint}, domainLabel: 7f3c9a2b`);
    const calls = { control: 20 };

    expect(failuresOf(closed, calls, 'acrshop.westeurope.geo.azurecr.io/b:1')).toEqual([]);
    expect(failuresOf(labelled, calls, 'acrshop-7f3c9a2b.azurecr.io/b:1')).toEqual([]);
    expect(failuresOf(closed, calls, 'acrshopping.azurecr.io/b:1')).toHaveLength(1);
    expect(failuresOf(closed, calls, 'docker.io/library/b:1')).toHaveLength(1);
  });
});

describe('the guards that refused', () => {
  it('are all of those in the history: evidence that grew old is no exception', () => {
    const seen = { refusals: ['kill-switch: on', 'evidence-too-old: minutes'] };

    expect(refusedBy(seen)).toEqual(['kill-switch', 'evidence-too-old']);
    expect(refusedBy({ refusals: [] })).toEqual([]);
  });
});
