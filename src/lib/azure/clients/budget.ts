// The request budget that all instances share: one row per bucket, changed with optimistic concurrency, and the chunk of this instance.
import { AsyncLocalStorage } from 'node:async_hooks';
import * as z from 'zod';
import {
  type Allowance,
  allowanceOf,
  atMost,
  type Bucket,
  type BudgetKey,
  blocked,
  chunkLifetimeMs,
  filled,
  hand,
} from '../../evidence/budget.ts';
import { type BudgetSettings } from '../../settings/budget-settings.ts';
import type { CloudAddresses } from '../../words/cloud.ts';
import { type Latest, latest } from '../../words/latest.ts';
import { isRestError } from './rest-error.ts';
import { isNoRow } from './rows.ts';
import type { Table } from './table.ts';

const partition = 'budget';
/**
 * How long a request waits for its token before it is given up, in real milliseconds. Shorter than every time-out of a request. Resource Graph gives
 * one token a second, so that ten looks that ask it twice each wait for twenty.
 */
function patienceMs(key: BudgetKey): number {
  return key === 'graph' ? 30_000 : 10_000;
}
/** How long a request waits between two looks at an empty bucket, in real milliseconds. */
const askAgainMs = 250;
/** Other instances write the row too. After this many lost races the budget counts as unreadable. */
const maxTries = 6;
/** How long requests count as scarce after one had to wait for its token: meanwhile, work that can wait is put off. Milliseconds. */
const scarceForMs = 15_000;

const row = z.object({
  tokens: z.number(),
  atMs: z.coerce.number(),
  blockedUntilMs: z.coerce.number(),
  etag: z.string(),
});

/** Of how many buckets an instance holds tokens. There is one for each subscription that it reads; the one that was used longest ago goes first. */
const mostHeld = 500;

/** Waits by the global timer, which virtual time replaces; that of `node:timers/promises` would go on in real time. Milliseconds. */
async function pause(delayMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, delayMs);
  });
}

interface Held {
  tokens: number;
  untilMs: number;
  /** Requests that were sent without a token, because they could not wait: the next chunk pays for them. */
  overdrawn: number;
  /** How many requests Azure last said that it still allows us. */
  remaining: number | undefined;
  waitedAtMs: number;
  /** Requests that wait for their turn, in the order in which they asked. */
  readonly waiting: Waiting[];
  /** True while one of them waits for its token. */
  busy: boolean;
}

/** A request in the line. */
interface Waiting {
  readonly look: Look | undefined;
  /** Until when it waits, in real milliseconds. */
  readonly deadline: number;
  readonly answer: (mayBeSent: boolean) => void;
}

/** What the requests of one look have in common: any object, the same one for all of them. */
export type Look = object;

/** Hands out tokens for requests. A process has one. */
export interface RequestBudget {
  /**
   * Waits a while for a token. True if the request may be sent now, false if the budget is spent or cannot be read. A request of a look that
   * has sent none goes after the others: what a look has read is lost when it is put off half-way.
   */
  take(key: BudgetKey, look?: Look): Promise<boolean>;
  /** Notes what Azure answered about its own limits. */
  heard(key: BudgetKey, answer: { readonly waitMs?: number; readonly remaining?: number }): Promise<void>;
  /** True if a request had to wait for its token lately. */
  scarce(): boolean;
}

function isStatus(error: unknown, status: number): boolean {
  return isRestError(error) && error.statusCode === status;
}

async function readBucket(table: Table, key: BudgetKey): Promise<z.infer<typeof row> | undefined> {
  try {
    return row.parse(await table.getEntity(partition, key));
  } catch (error) {
    if (isNoRow(error)) return undefined;
    throw error;
  }
}

async function writeBucket(table: Table, key: BudgetKey, bucket: Bucket, etag: string | undefined): Promise<boolean> {
  const times = { atMs: String(bucket.atMs), blockedUntilMs: String(bucket.blockedUntilMs) };
  // Storage would store a whole number as an integer, and a fraction as a double. The type keeps both doubles.
  const entity = { partitionKey: partition, rowKey: key, tokens: { type: 'Double', value: bucket.tokens }, ...times };
  try {
    if (etag === undefined) await table.createEntity(entity);
    else await table.updateEntity(entity, 'Replace', { etag });
    return true;
  } catch (error) {
    if (isStatus(error, 409) || isStatus(error, 412)) return false;
    throw error;
  }
}

/** Changes the shared bucket. Throws if the store cannot be read, or if other instances win every race for the row. */
async function change<T>(
  table: Table,
  key: BudgetKey,
  allowance: Allowance,
  now: () => number,
  edit: (bucket: Bucket) => { readonly bucket: Bucket; readonly value: T },
): Promise<T> {
  for (let attempt = 0; attempt < maxTries; attempt += 1) {
    const read = await readBucket(table, key);
    const before = filled(read, allowance, now());
    const { bucket, value } = edit(before);
    if (bucket === before || (await writeBucket(table, key, bucket, read?.etag))) return value;
    await pause(Math.random() * 20 * (attempt + 1));
  }
  throw new Error('The budget is too busy.');
}

/** The table that all instances share, and the tokens of each bucket that this instance holds. */
interface Till {
  readonly table: Table;
  readonly settings: BudgetSettings;
  readonly now: () => number;
  readonly held: Latest<BudgetKey, Held>;
  /** Looks that have sent a request. */
  readonly begun: WeakSet<Look>;
}

/** The budget over the table `controls`. `now` is the clock by which buckets fill; `waitMs` is how long a request waits for its token. */
export function requestBudget(
  table: Table,
  settings: BudgetSettings,
  now: () => number,
  waitMs: (key: BudgetKey) => number = patienceMs,
): RequestBudget {
  const till: Till = { table, settings, now, held: latest(mostHeld), begun: new WeakSet() };
  return {
    async take(key, look) {
      const held = heldOf(till, key);
      if (exempt.getStore() === true) {
        overdraw(held);
        return true;
      }
      const deadline = performance.now() + waitMs(key);
      return new Promise<boolean>((answer) => {
        held.waiting.push({ look, deadline, answer });
        void serve(till, key, held);
      });
    },
    heard: (key, answer) => noteAnswer(till, key, answer),
    scarce: () => till.held.values().some((held) => now() - held.waitedAtMs < scarceForMs),
  };
}

function heldOf({ held: all }: Till, key: BudgetKey): Held {
  const held = all.get(key) ?? {
    tokens: 0,
    untilMs: 0,
    overdrawn: 0,
    remaining: undefined,
    waitedAtMs: 0,
    waiting: [],
    busy: false,
  };
  all.put(key, held);
  return held;
}

/** Serves the line until nobody waits in it: one request at a time. */
async function serve(till: Till, key: BudgetKey, held: Held): Promise<void> {
  if (held.busy) return;
  held.busy = true;
  for (let next = nextIn(till, held); next !== undefined; next = nextIn(till, held)) {
    const taken = await acquire(till, key, held, next.deadline);
    if (taken && next.look !== undefined) till.begun.add(next.look);
    next.answer(taken);
  }
  held.busy = false;
}

/** What belongs to no look, as the reads for a signal, does not wait for looks either. */
function nextIn(till: Till, held: Held): Waiting | undefined {
  const { waiting } = held;
  const first = waiting.findIndex(({ look }) => look === undefined || till.begun.has(look));
  const [next] = waiting.splice(Math.max(first, 0), 1);
  giveUp(till, held, Math.max(first, 0));
  return next;
}

/**
 * Gives up for those of the first `places` in the line that have waited as long as they may. While others go first, they would wait past the
 * time-out of their request: their look would not be put off, it would seem to have read in vain.
 */
function giveUp({ now }: Till, held: Held, places = held.waiting.length): void {
  const late = held.waiting.slice(0, places).filter(({ deadline }) => isOver(deadline));
  for (const one of late) {
    held.waiting.splice(held.waiting.indexOf(one), 1);
    one.answer(false);
  }
  if (late.length > 0) held.waitedAtMs = now();
}

/** Before the deadline there is no time for another look at the bucket. */
function isOver(deadline: number): boolean {
  return performance.now() + askAgainMs > deadline;
}

function overdraw(held: Held): void {
  if (held.tokens >= 1) held.tokens -= 1;
  else held.overdrawn += 1;
}

/** Waits for a token until the deadline. Fails closed: while the store cannot be read, it gives no tokens. */
async function acquire(till: Till, key: BudgetKey, held: Held, deadline: number): Promise<boolean> {
  for (;;) {
    if (held.tokens >= 1 && till.now() < held.untilMs) {
      held.tokens -= 1;
      return true;
    }
    held.tokens = 0;
    try {
      await refill(till, key, held);
    } catch {
      held.waitedAtMs = till.now();
      return false;
    }
    if (held.tokens >= 1) continue;
    held.waitedAtMs = till.now();
    if (isOver(deadline)) return false;
    giveUp(till, held);
    await pause(askAgainMs);
  }
}

async function refill({ table, settings, now }: Till, key: BudgetKey, held: Held): Promise<void> {
  const allowance = allowanceOf(key, settings);
  const { overdrawn, remaining } = held;
  const tokens = await change(table, key, allowance, now, (bucket) => {
    const known = remaining === undefined || remaining >= bucket.tokens ? bucket : atMost(bucket, remaining);
    const handed = hand(known, allowance, overdrawn, now());
    return { bucket: handed.bucket, value: handed.tokens };
  });
  held.remaining = undefined;
  const paid = Math.min(overdrawn, tokens);
  held.overdrawn -= paid;
  held.tokens = tokens - paid;
  held.untilMs = now() + chunkLifetimeMs;
}

/** Notes an answer in which Azure says how many requests are left, or asks to wait. */
async function noteAnswer(
  till: Till,
  key: BudgetKey,
  { waitMs: blockMs, remaining }: Parameters<RequestBudget['heard']>[1],
): Promise<void> {
  const { table, settings, now } = till;
  const held = heldOf(till, key);
  if (remaining !== undefined) {
    held.tokens = Math.min(held.tokens, remaining);
    // Azure's figure includes the tokens that this instance holds already.
    held.remaining = Math.max(0, remaining - held.tokens);
  }
  if (blockMs === undefined) return;
  held.tokens = 0;
  held.waitedAtMs = now();
  const untilMs = now() + blockMs;
  // A failure to write is ignored: while the table cannot be written, no instance gets a new chunk either.
  await change(table, key, allowanceOf(key, settings), now, (bucket) => ({
    bucket: blocked(bucket, untilMs),
    value: undefined,
  })).catch(() => undefined);
}

const exempt = new AsyncLocalStorage<boolean>();

/**
 * Runs a change and the reads that belong to it without waiting for tokens. The guards limit their number, and a change that stops
 * half-way is worse than a request too many. The next chunk pays for them.
 */
export function overdrawing<T>(work: () => Promise<T>): Promise<T> {
  return exempt.run(true, work);
}

/** The bucket that pays for a request; `undefined` for writes, tokens and registries, which have limits of their own. */
export function budgetKeyOf(
  request: { readonly url: string; readonly method: string },
  cloud: CloudAddresses,
): BudgetKey | undefined {
  if (request.url.startsWith(`${cloud.logs}/`)) return 'logs';
  if (!request.url.startsWith(`${cloud.arm}/`)) return undefined;
  if (/\/providers\/microsoft\.resourcegraph\//i.test(request.url)) return 'graph';
  const subscription = /\/subscriptions\/([0-9a-f-]{36})(?:[/?]|$)/i.exec(request.url)?.[1];
  return request.method === 'GET' ? `arm-${subscription?.toLowerCase() ?? 'tenant'}` : undefined;
}
