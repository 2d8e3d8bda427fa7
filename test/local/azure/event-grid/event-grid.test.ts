import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Post, retryDelay } from '../../../../local/azure/event-grid/delivery.ts';
import { subscribe } from '../../../../local/azure/event-grid/event-grid.ts';
import { happen } from '../../../../local/azure/happenings/happenings.ts';
import { minute, type Small, small, startMs } from '../registry-worlds.ts';

interface Arrived {
  readonly atSeconds: number;
  readonly attempt: number;
  readonly event: Readonly<Record<string, unknown>>;
}

type WorldOptions = NonNullable<Parameters<typeof small>[0]>;

/** A world whose events go to an endpoint that gives these answers in turn, and then always the last one. */
function subscribed(
  answers: readonly (number | undefined)[],
  world: WorldOptions = {},
): Small & { arrived: Arrived[] } {
  const made = small(world);
  const arrived: Arrived[] = [];
  const post: Post = (_url, event, attempt) => {
    arrived.push({
      atSeconds: Math.round((made.time.now() - startMs) / 1000),
      attempt,
      event: event as Arrived['event'],
    });
    return Promise.resolve(answers[Math.min(arrived.length, answers.length) - 1]);
  };
  subscribe(made.sim, 'http://127.0.0.1/events', post);
  return { ...made, arrived };
}

/** Moves the clock and lets every answer that comes meanwhile be acted on. */
async function pass({ time }: Small, ms: number, stepMs = 1000): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    time.advance(stepMs);
    await new Promise(setImmediate);
  }
}

function push(world: Small, tag = 'v3'): void {
  happen(world.sim, { at: 0, do: 'push-tag', registry: 'acrshop', repository: 'shop/orders', tag });
}

describe('what a registry tells Event Grid', () => {
  it('of a push names the tag and the digest, as CloudEvents', async () => {
    const world = subscribed([200]);
    push(world);
    await pass(world, 3000);
    const digest = world.registry.repositories.get('shop/orders')?.tags.get('v3')?.digest;

    expect(world.arrived.map((one) => one.event)).toEqual([
      {
        id: expect.any(String) as unknown,
        source: world.registry.id,
        specversion: '1.0',
        type: 'Microsoft.ContainerRegistry.ImagePushed',
        subject: 'shop/orders:v3',
        time: '2026-06-01T02:00:00.000Z',
        data: expect.objectContaining({
          action: 'push',
          target: expect.objectContaining({ digest, repository: 'shop/orders', tag: 'v3' }) as unknown,
          request: expect.objectContaining({ host: 'acrshop.azurecr.io', method: 'PUT' }) as unknown,
        }) as unknown,
      },
    ]);
  });

  it("of a deletion names the digest and no tag, in Event Grid's own schema", async () => {
    const world = subscribed([200], { eventGrid: 'event-grid-schema' });
    const digest = world.registry.repositories.get('shop/orders')?.tags.get('v1')?.digest;
    happen(world.sim, { at: 0, do: 'delete-tag', registry: 'acrshop', repository: 'shop/orders', tag: 'v1' });
    await pass(world, 3000);

    expect(world.arrived[0]?.event).toMatchObject({
      topic: world.registry.id,
      eventType: 'Microsoft.ContainerRegistry.ImageDeleted',
      subject: 'shop/orders',
      dataVersion: '1.0',
      metadataVersion: '1',
      data: {
        action: 'delete',
        target: {
          mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
          digest,
          repository: 'shop/orders',
        },
        request: { method: 'DELETE' },
      },
    });
    expect(world.arrived[0]?.event).not.toHaveProperty('data.target.tag');
  });

  it('is nothing when a tag that is not there is deleted, or when nobody subscribed', async () => {
    const world = subscribed([200]);
    happen(world.sim, { at: 0, do: 'delete-tag', registry: 'acrshop', repository: 'shop/orders', tag: 'v9' });
    const off = subscribed([200], { eventGrid: 'off' });
    push(off);
    await pass(world, 3000);
    await pass(off, 3000);

    expect([...world.arrived, ...off.arrived]).toEqual([]);
  });
});

describe('a delivery', () => {
  it.each([200, 201, 202, 204])('is over with %i', async (status) => {
    const world = subscribed([status]);
    push(world);
    await pass(world, 10 * minute);

    expect(world.arrived).toHaveLength(1);
  });

  it.each([500, 429, undefined])('that ends in %s comes again after 10 s, 30 s, 1 min and 5 min', async (status) => {
    const world = subscribed([status]);
    push(world);
    await pass(world, 8 * minute);

    expect(world.arrived.map((one) => [one.atSeconds, one.attempt])).toEqual([
      [2, 0],
      [12, 1],
      [42, 2],
      [102, 3],
      [402, 4],
    ]);
  });

  it('is the same event every time, and ends when it is taken', async () => {
    const world = subscribed([503, undefined, 200]);
    push(world);
    await pass(world, 30 * minute);

    expect(new Set(world.arrived.map((one) => one.event['id'])).size).toBe(1);
    expect(world.arrived.map((one) => one.atSeconds)).toEqual([2, 32, 62]);
  });

  it.each([400, 413])('that ends in %i is dropped at once, and the timeline says so', async (status) => {
    const world = subscribed([status]);
    push(world);
    await pass(world, 30 * minute);

    expect(world.arrived).toHaveLength(1);
    expect(world.sim.timeline.map((one) => one.text)).toContain(
      `Event Grid dropped an event after 1 attempt(s): ${status}`,
    );
  });

  it.each([
    [401, 300],
    [403, 300],
    [404, 300],
    [408, 120],
    [503, 30],
  ])('that ends in %i waits at least %i s', (status, seconds) => {
    expect(retryDelay(status, 0, 0)).toBe(seconds * 1000);
  });

  it('is given up after a day', async () => {
    const world = subscribed([500]);
    push(world);
    await pass(world, 50 * 60 * minute, 10 * minute);

    expect(Math.max(...world.arrived.map((one) => one.atSeconds))).toBeLessThanOrEqual(24 * 3600 + 2);
    expect(world.arrived.length).toBeGreaterThan(9);
    expect(world.sim.timeline.some((one) => one.text.startsWith('Event Grid dropped an event'))).toBe(true);
  });

  it('never waits less than the schedule says, whatever the status', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.integer({ min: 0, max: 40 }), (status, attempt) => {
        const plain = retryDelay(500, attempt, 0);
        const delay = retryDelay(status, attempt, 0);
        expect(delay === undefined || (plain !== undefined && delay >= plain)).toBe(true);
      }),
    );
  });
});

describe('events', () => {
  function pushes(world: Small, count: number): void {
    for (let index = 0; index < count; index += 1) {
      push(world, `v${index + 10}`);
      world.time.advance(100);
    }
  }

  it('come once and in order unless the world says otherwise', async () => {
    const world = subscribed([200]);
    pushes(world, 20);
    await pass(world, minute);
    const subjects = world.arrived.map((one) => one.event['subject']);

    expect(subjects).toEqual(Array.from({ length: 20 }, (_, index) => `shop/orders:v${index + 10}`));
  });

  it('come twice as often as the world says', async () => {
    const all = subscribed([200], { eventGridDuplicates: 1 });
    const some = subscribed([200], { eventGridDuplicates: 0.3 });
    for (const world of [all, some]) {
      pushes(world, 40);
      await pass(world, minute);
    }

    expect(all.arrived).toHaveLength(80);
    expect(some.arrived.length).toBeGreaterThan(42);
    expect(some.arrived.length).toBeLessThan(65);
  });

  it('overtake each other where the world lets them be late, in the same way in every run', async () => {
    const runs = [0, 1].map(() => subscribed([200], { eventGridJitter: '30s' }));
    for (const world of runs) {
      pushes(world, 20);
      await pass(world, minute);
    }
    const [first = [], second] = runs.map((world) => world.arrived.map((one) => String(one.event['subject'])));

    expect(first).toHaveLength(20);
    expect(first).not.toEqual(first.toSorted((a, b) => a.localeCompare(b)));
    expect(first).toEqual(second);
  });
});
