// How Event Grid delivers: at least once, in no order, again on its schedule in simulated time until a day is over.

import { chance } from '../model/ids.ts';
import { note, type Sim } from '../model/sim.ts';

/** Sends one event. Returns the status of the answer, or `undefined` if no answer came. */
export type Post = (url: string, event: unknown, attempt: number) => Promise<number | undefined>;

const seconds = 1000;

const minutes = 60 * seconds;

const hours = 60 * minutes;

/** The documented retry schedule; after its last entry every twelve hours. */
const schedule = [
  10 * seconds,
  30 * seconds,
  minutes,
  5 * minutes,
  10 * minutes,
  30 * minutes,
  hours,
  3 * hours,
  6 * hours,
];

const everAfter = 12 * hours;

const timeToLive = 24 * hours;

const maxAttempts = 30;

/** The event is at fault: it is not tried again. */
const final = new Set([400, 413]);

/** The least that Event Grid waits after these. */
const least: Readonly<Record<number, number>> = {
  401: 5 * minutes,
  403: 5 * minutes,
  404: 5 * minutes,
  408: 2 * minutes,
  503: 30 * seconds,
};

/** Events take a moment to arrive. */
const latencyMs = 2 * seconds;

function isDelivered(status: number | undefined): boolean {
  return status !== undefined && status >= 200 && status <= 204;
}

/** How long to wait after a failed attempt, the first one being 0; `undefined`: the event is dropped. */
export function retryDelay(status: number | undefined, attempt: number, ageMs: number): number | undefined {
  if (final.has(status ?? 0) || attempt + 1 >= maxAttempts) return undefined;
  const delay = Math.max(schedule[attempt] ?? everAfter, least[status ?? 0] ?? 0);
  return ageMs + delay > timeToLive ? undefined : delay;
}

interface Delivery {
  readonly sim: Sim;
  readonly url: string;
  readonly event: unknown;
  readonly publishedMs: number;
  readonly post: Post;
}

function attemptAt(delivery: Delivery, instantMs: number, attempt: number): void {
  const { sim, url, event, publishedMs, post } = delivery;
  const { scheduler } = sim;
  scheduler.at(instantMs, () => {
    void post(url, event, attempt).then((status) => {
      if (isDelivered(status)) return;
      const delay = retryDelay(status, attempt, scheduler.now() - publishedMs);
      if (delay === undefined)
        note(sim, `Event Grid dropped an event after ${attempt + 1} attempt(s): ${status ?? 'no answer'}`);
      else attemptAt(delivery, scheduler.now() + delay, attempt + 1);
    });
  });
}

/** Hands an event to a subscriber. How late it comes, and whether it comes twice, follows from the seed and the event's number. */
export function deliver(sim: Sim, url: string, event: unknown, number: number, post: Post): void {
  const publishedMs = sim.scheduler.now();
  const delivery = { sim, url, event, publishedMs, post };
  const late = (copy: string): number => chance(`${sim.seed}|${copy}|${number}`) * sim.world.eventGridJitter;
  attemptAt(delivery, publishedMs + latencyMs + late('first'), 0);
  if (chance(`${sim.seed}|twice|${number}`) < sim.world.eventGridDuplicates)
    attemptAt(delivery, publishedMs + latencyMs + late('second'), 0);
}
