// For every order of signals, new revisions, readiness, deaths of the host and passing time: no revision that serves is restarted, none more
// than six times a day, and none twice on one rung of the ladder, whichever of its images cannot be pulled.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedRungs } from '../../../src/lib/decision/ladder.ts';
import type { ReplicaFacts, RevisionFacts } from '../../../src/lib/evidence/app-facts.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { LastCheck } from '../../../src/lib/ports/ports.ts';
import { known } from '../../../src/lib/words/fact.ts';
import type { Target } from '../../../src/lib/words/target.ts';
import {
  app,
  assignment,
  config,
  minute,
  nowMs,
  revision,
  roleMissing,
  signal,
  stuckReplica,
  unauthorizedRow,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { MortalHost } from './mortal-host.ts';
import '../same-cases.ts';

const images = ['orders', 'proxy', 'cache'].map((name) => `acrshop.azurecr.io/shop/${name}:v1`);
/** The role is there since so long before. A rung is due so many seconds after. */
const roleSinceMs = nowMs - 6 * minute;
const rungsS = fixedRungs.map((rung) => rung / 1000);

/** What happens in Azure, or to the host. */
type Happening =
  | { readonly do: 'signal' | 'new-revision' }
  /** A revision becomes ready, or stops being so; or it becomes ready while pullmedic reads the app for the last time. */
  | { readonly do: 'ready' | 'stuck' | 'ready-at-last-look'; readonly place: number }
  /** The host dies at one of the next calls of a port. */
  | { readonly do: 'die'; readonly after: number }
  | { readonly do: 'wait'; readonly ms: number };

const place = fc.nat({ max: 4 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('signal' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('new-revision' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('ready' as const, 'stuck' as const, 'ready-at-last-look' as const),
      place,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('die' as const), after: fc.nat({ max: 40 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(minute, 3 * minute, 8 * minute) }),
  },
);

/** A revision of the simulated app. */
interface Simulated {
  readonly facts: RevisionFacts;
  ready: boolean;
}

/** One restart, and what was true of its revision at that moment. */
interface Restarted {
  readonly revision: string;
  readonly atMs: number;
  readonly served: boolean;
}

class World {
  readonly running: Memory;
  readonly restarted: Restarted[] = [];
  readonly #revisions: Simulated[] = [];
  #signals = 0;
  readonly #host = new MortalHost();
  #becomesReady: number | undefined;

  constructor() {
    const settings = JSON.stringify({ limits: { restartsPerAppPerDay: 20 } });
    const chosen = config({ PULLMEDIC_MODE: 'act', PULLMEDIC_SETTINGS: settings });
    this.running = memory(chosen, roleMissing, nowMs);
    this.#deploy();
    this.running.world.before = () => this.#host.called();
    Object.assign(this.running.ports.azure, {
      probe: async (probe: keyof Evidence, ...[target, , , look]: readonly [Target, ...unknown[]]) => {
        this.#host.called();
        const fact = this.#evidence()[probe];
        // Of a target whose image is known, only the last look reads the app by itself; the revision becomes ready right after.
        if (probe === 'app' && look === undefined && target.image !== '' && this.#becomesReady !== undefined) {
          this.#set(this.#becomesReady, true);
          this.#becomesReady = undefined;
        }
        return { facts: { [probe]: fact }, calls: 1 };
      },
    });
    Object.assign(this.running.ports.actions, {
      restart: async (_app: unknown, name: string, lastCheck: LastCheck) => {
        const refused = await lastCheck();
        if (refused !== undefined) return { outcome: 'withheld', because: 'kill-switch' };
        const served = this.#revisions.find(({ facts }) => facts.name === name)?.ready ?? false;
        this.restarted.push({ revision: name, atMs: this.#nowMs, served });
        this.#host.called();
        return { outcome: 'done' };
      },
    });
  }

  async happens(one: Happening): Promise<void> {
    await this.#host.survives(this.running, () => this.#happens(one));
  }

  async #happens(one: Happening): Promise<void> {
    switch (one.do) {
      case 'signal':
        this.#signals += 1;
        return this.running.deliver({ ...signal, id: `alert|${this.#signals}`, atMs: this.#nowMs });
      case 'new-revision':
        this.#deploy();
        return;
      case 'ready':
      case 'stuck':
        this.#set(one.place, one.do === 'ready');
        return;
      case 'ready-at-last-look':
        this.#becomesReady = one.place;
        return;
      case 'die':
        this.#host.diesAtCall(one.after + 1);
        return;
      case 'wait':
        return this.running.pass(one.ms);
    }
  }

  get #nowMs(): number {
    return this.running.world.nowMs;
  }

  #deploy(): void {
    if (this.#revisions.length > 4) return;
    const name = `ca-orders--000000${this.#revisions.length + 1}`;
    const imageOf = Object.fromEntries(images.map((image, at) => [`c${at}`, image]));
    const facts = { ...revision, name, images, imageOf, createdAtMs: this.#nowMs - 5 * minute };
    this.#revisions.push({ facts, ready: false });
  }

  #set(at: number, ready: boolean): void {
    const one = this.#revisions[at % this.#revisions.length];
    if (one !== undefined) one.ready = ready;
  }

  #evidence(): Evidence {
    return {
      ...roleMissing,
      atMs: this.#nowMs,
      app: known({ ...app, images, latestRevision: this.#revisions.at(-1)?.facts.name ?? '' }),
      revisions: known(this.#revisions.map(({ facts }) => facts)),
      replicas: known(this.#revisions.map(replicaOf)),
      roles: known([assignment(nowMs - roleSinceMs)]),
      logs: known(
        images.map((image) => ({
          ...unauthorizedRow,
          atMs: this.#nowMs - minute,
          revision: this.#revisions.at(-1)?.facts.name ?? '',
          text: `Container pull image failed with unauthorized error: ${image}`,
        })),
      ),
    };
  }
}

function replicaOf({ facts, ready }: Simulated): ReplicaFacts {
  const containers = stuckReplica.containers.flatMap((container) =>
    images.map((image, at) => ({
      ...container,
      name: `c${at}`,
      image,
      ...(ready ? { ready, state: 'Running', details: '' } : {}),
    })),
  );
  return { ...stuckReplica, name: `${facts.name}-a`, revision: facts.name, containers };
}

/** How often the generated histories came to a restart: else the property would say nothing. */
const seen = { restarts: 0, apps: 0 };

describe('for every order of events', () => {
  it('no revision that serves is restarted, none more than six times, and none twice on one rung', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 14 }), async (happenings) => {
        const world = new World();
        await world.happens({ do: 'signal' });
        for (const one of happenings) await world.happens(one);
        seen.restarts += world.restarted.length;
        seen.apps += world.restarted.length > 0 ? 1 : 0;

        expect(world.restarted.filter(({ served }) => served)).toEqual([]);
        const perRevision = Map.groupBy(world.restarted, (one) => one.revision);
        for (const restarts of perRevision.values()) {
          expect(restarts.length).toBeLessThanOrEqual(6);
          const rungs = restarts.map(({ atMs }) => rungsS.filter((rung) => rung * 1000 <= atMs - roleSinceMs).length);
          expect(new Set(rungs).size).toBe(rungs.length);
        }
      }),
      { numRuns: 40 },
    );
    expect(seen.restarts).toBeGreaterThan(10);
    expect(seen.apps).toBeGreaterThan(5);
  });
});
