// Alerts name apps; how many questions it takes to find their ids.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { appFinder } from '../../../../src/lib/azure/facts/app-finder.ts';
import type { GraphApp } from '../../../../src/lib/azure/facts/apps.ts';
import type { FoundApps } from '../../../../src/lib/evidence/reads.ts';
import { type Fact, known, unreadable } from '../../../../src/lib/words/fact.ts';
import { arm } from '../../facts.ts';

const minute = 60_000;

/** The first label of a default domain, as captured in `EnvironmentName_s` (Azure Container Apps practical guide, managed-identity lab). */
const domainLabel = 'victoriousmushroom-d79e9f76';

function graphApp(name: string, environment = 'cae-shop'): GraphApp {
  const group = '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-apps';
  return {
    id: arm(`${group}/providers/Microsoft.App/containerApps/${name}`),
    environments: [environment, domainLabel],
  };
}

interface Searched {
  readonly asked: (readonly string[] | 'all')[];
  find(name: string, environment?: string): Promise<Fact<FoundApps>>;
  findAll(names: readonly string[]): Promise<Fact<FoundApps>[]>;
}

function searched(
  apps: () => readonly GraphApp[],
  list: 'answers' | 'is-cut' = 'answers',
  odd: readonly string[] = [],
): Searched {
  const asked: (readonly string[] | 'all')[] = [];
  const finder = appFinder(async (names) => {
    asked.push(names);
    if (names === 'all')
      return list === 'answers' ? known({ apps: apps(), unreadable: odd }) : unreadable('unexpected-answer');
    const found = apps().filter(({ id }) => names.some((name) => id.endsWith(`/${name}`)));
    return known({ apps: found, unreadable: odd.filter((name) => names.includes(name)) });
  }, Date.now);
  const find = async (name: string, environment?: string): Promise<Fact<FoundApps>> => {
    const found = finder(name, environment);
    await vi.advanceTimersByTimeAsync(100);
    return found;
  };
  const findAll = async (names: readonly string[]): Promise<Fact<FoundApps>[]> => {
    const found = Promise.all(names.map((name) => finder(name, undefined)));
    await vi.advanceTimersByTimeAsync(100);
    return found;
  };
  return { asked, find, findAll };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `ca-${index}`);

describe('the apps of alerts', () => {
  it('are asked for together, and remembered for a minute', async () => {
    const world = searched(() => names(10).map((name) => graphApp(name)));

    const found = await world.findAll(names(10));
    await world.findAll(names(10));

    expect(found.map((one) => one.read && one.value.ids.length)).toEqual(names(10).map(() => 1));
    expect(world.asked).toEqual([names(10)]);

    await vi.advanceTimersByTimeAsync(minute);
    await world.find('ca-3');
    expect(world.asked).toEqual([names(10), ['ca-3']]);
  });

  it('are listed at once where many are asked for: a thousand take no more than three questions', async () => {
    const world = searched(() => names(1000).map((name) => graphApp(name)));

    for (const name of names(1000).filter((_, index) => index % 12 === 0))
      await world.findAll(names(1000).slice(Number(name.slice(3)), Number(name.slice(3)) + 12));

    expect(world.asked.filter((one) => one === 'all')).toHaveLength(1);
    expect(world.asked.length).toBeLessThanOrEqual(7);
  });

  it('that are not on the list are asked for by name, for they may be new', async () => {
    let apps = names(100).map((name) => graphApp(name));
    const world = searched(() => apps);
    await world.findAll(names(70));
    apps = [...apps, graphApp('ca-new')];

    expect(await world.find('ca-new')).toEqual(known({ ids: [graphApp('ca-new').id], fits: 'name' }));
    expect(world.asked.at(-1)).toEqual(['ca-new']);
  });

  it('are asked for by name where the list cannot be had', async () => {
    const world = searched(() => names(100).map((name) => graphApp(name)), 'is-cut');

    const found = await world.findAll(names(100));

    expect(found.every((one) => one.read && one.value.ids.length === 1)).toBe(true);
  });

  it.each([3, 100])(
    'of one name, one of which has an id that cannot be read, are unreadable, and no other name is: %i',
    async (count) => {
      const world = searched(() => names(count).map((name) => graphApp(name)), 'answers', ['ca-1']);

      const found = await world.findAll(names(count));

      expect(found[1]).toEqual(unreadable('unexpected-answer'));
      expect(found.filter((one) => one.read && one.value.ids.length === 1)).toHaveLength(count - 1);
      expect(await world.find('ca-1')).toEqual(unreadable('unexpected-answer'));
    },
  );

  it.each(['cae-shop', domainLabel])(
    'are found by the environment %s: its name, or the label of its domain',
    async (named) => {
      const elsewhere = {
        id: arm(graphApp('ca-3').id.replace('rg-apps', 'rg-two')),
        environments: ['cae-two', 'calmbay-1a2b3c4d'],
      };
      const world = searched(() => [...names(100).map((name) => graphApp(name)), elsewhere]);

      expect(await world.find('ca-3', named)).toEqual(known({ ids: [graphApp('ca-3').id], fits: 'environment' }));
      expect(await world.find('ca-3', 'calmbay-1a2b3c4d')).toEqual(known({ ids: [elsewhere.id], fits: 'environment' }));
    },
  );

  it('are all returned where the environment fits none of them, listed or not, and looked up once more', async () => {
    const world = searched(() => names(100).map((name) => graphApp(name)));
    await world.findAll(names(100));
    const asked = world.asked.length;

    expect(await world.find('ca-3', 'proudbay-99999999')).toEqual(known({ ids: [graphApp('ca-3').id], fits: 'name' }));
    expect(world.asked.length).toBe(asked);
    expect(await world.find('ca-none', 'cae-shop')).toEqual(known({ ids: [], fits: 'name' }));
  });

  it('whose environment is not known may be in the one that was named', async () => {
    const unknown = { id: arm(graphApp('ca-3').id.replace('rg-apps', 'rg-two')), environments: [] };
    const world = searched(() => [graphApp('ca-3'), unknown]);

    expect(await world.find('ca-3', domainLabel)).toEqual(
      known({ ids: [graphApp('ca-3').id, unknown.id], fits: 'name' }),
    );
  });
});
