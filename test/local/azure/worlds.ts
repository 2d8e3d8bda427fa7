// Small worlds for tests: a scenario's world in a few lines, a clock that is advanced by hand, and requests to ARM.

import { firstAssignments } from '../../../local/azure/authorization/role-assignments.ts';
import { happen } from '../../../local/azure/happenings/happenings.ts';
import { answerArm } from '../../../local/azure/management/arm.ts';
import type { App } from '../../../local/azure/model/apps.ts';
import { createSim } from '../../../local/azure/model/create.ts';
import { type ManualScheduler, manualScheduler } from '../../../local/azure/model/scheduler.ts';
import type { Sim } from '../../../local/azure/model/sim.ts';
import type { Answer } from '../../../local/azure/wire/answers.ts';
import { eventSchema } from '../../../local/azure/world/events.ts';
import { worldSchema } from '../../../local/azure/world/world.ts';

export const minute = 60_000;

export const startMs = Date.parse('2026-06-01T02:00:00Z');

export interface Small {
  readonly sim: Sim;
  readonly time: ManualScheduler;
  readonly app: App;
  /** Asks ARM as pullmedic would. */
  readonly arm: (method: string, path: string, query?: Record<string, string>, body?: unknown) => Answer;
  /** Lets an event of a scenario file happen now. */
  readonly now: (event: Record<string, unknown>) => void;
}

const shop = {
  environments: [{ name: 'cae-shop' }],
  registries: [{ name: 'acrshop', repositories: { 'shop/orders': ['v1', 'v2'] } }],
  identities: [{ name: 'id-orders' }],
};

export const orders = {
  name: 'ca-orders',
  environment: 'cae-shop',
  pullIdentity: 'id-orders',
  containers: [{ image: 'acrshop.azurecr.io/shop/orders:v1' }],
};

/** A shop with one registry and, by default, one app that nobody has deployed yet. */
export function small(more: Record<string, unknown> = {}): Small {
  const world = worldSchema.parse({ ...shop, apps: [{ ...orders, deployed: 'later' }], ...more });
  const time = manualScheduler(startMs);
  const sim = createSim(world, time, 1, 'test');
  sim.assignments = firstAssignments(sim);
  const [app] = sim.apps.values();
  if (app === undefined) throw new Error('a world has an app');
  return {
    sim,
    time,
    app,
    arm: (method, path, query = {}, body?: unknown) =>
      answerArm(sim, {
        method,
        path,
        query: new URLSearchParams({ 'api-version': '2026-07-01', ...query }),
        body,
      }),
    now: (event) => happen(sim, eventSchema.parse({ at: '0s', ...event })),
  };
}

/** A member of an answer by its path; `undefined` where there is none. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = new Map(Object.entries(found)).get(String(step));
  }
  return found;
}

export function list(value: unknown, ...path: (string | number)[]): unknown[] {
  const found = at(value, ...path);
  if (!Array.isArray(found)) throw new Error(`no list at ${path.join('.')}`);
  return found;
}
