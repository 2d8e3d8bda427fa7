// The budget of all instances: one row a bucket with optimistic concurrency, and the chunk that this instance holds.
import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { RestError, type TableClient } from '@azure/data-tables';
import { z } from 'zod';
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

import { isNoRow } from './rows.ts';

const partition = 'budget';
/** How long a request waits for its token before it is not sent, in real milliseconds. Below every time-out of a request. */
const patienceMs = 10_000;
/** How often an empty bucket is looked at again, in real milliseconds. */
const askAgainMs = 250;
/** Others write the row too; a few tries, then the budget counts as unreadable. */
const maxTries = 6;
/** A bucket from which somebody had to wait lately is scarce: what can wait is put off. Milliseconds. */
const scarceForMs = 15_000;

const row = z.object({
  tokens: z.number(),
  atMs: z.coerce.number(),
  blockedUntilMs: z.coerce.number(),
  etag: z.string(),
});

interface Held {
  tokens: number;
  untilMs: number;
  /** Requests that could not wait for a token: the next chunk pays for them. */
  overdrawn: number;
  /** What Azure last said that it has left for us. */
  remaining: number | undefined;
  waitedAtMs: number;
  /** Whoever asks waits for those who asked before. */
  last: Promise<unknown>;
}

/** Hands out tokens for requests. One for a process. */
export interface RequestBudget {
  /** Whether a request may be sent now; waits a while for its turn. False where the budget is spent or cannot be read. */
  take(key: BudgetKey): Promise<boolean>;
  /** What Azure answered about its own limits. */
  heard(key: BudgetKey, answer: { readonly waitMs?: number; readonly remaining?: number }): Promise<void>;
  /** Whether requests had to wait lately. */
  scarce(): boolean;
}

function isStatus(error: unknown, status: number): boolean {
  return error instanceof RestError && error.statusCode === status;
}

async function readBucket(table: TableClient, key: BudgetKey): Promise<z.infer<typeof row> | undefined> {
  try {
    return row.parse(await table.getEntity(partition, key));
  } catch (error) {
    if (isNoRow(error)) return undefined;
    throw error;
  }
}

async function writeBucket(
  table: TableClient,
  key: BudgetKey,
  bucket: Bucket,
  etag: string | undefined,
): Promise<boolean> {
  const times = { atMs: String(bucket.atMs), blockedUntilMs: String(bucket.blockedUntilMs) };
  // A whole number would become another type than the fractions that it otherwise is.
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

/** Changes the shared bucket. Throws where the store cannot be read or others are always faster. */
async function change<T>(
  table: TableClient,
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

/** The table that all instances share, and what this instance holds of each bucket. */
interface Till {
  readonly table: TableClient;
  readonly settings: BudgetSettings;
  readonly now: () => number;
  readonly held: Map<BudgetKey, Held>;
}

/** The budget over the table `controls`. `now` is the clock by which buckets fill; `waitMs` is how long a request waits for its token. */
export function requestBudget(
  table: TableClient,
  settings: BudgetSettings,
  now: () => number,
  waitMs = patienceMs,
): RequestBudget {
  const till: Till = { table, settings, now, held: new Map() };
  return {
    async take(key) {
      const held = heldOf(till, key);
      if (exempt.getStore() === true) {
        overdraw(held);
        return true;
      }
      const deadline = performance.now() + waitMs;
      const turn = held.last.then(() => acquire(till, key, deadline));
      held.last = turn;
      return turn;
    },
    heard: (key, answer) => noteAnswer(till, key, answer),
    scarce: () => [...till.held.values()].some((held) => now() - held.waitedAtMs < scarceForMs),
  };
}

function heldOf({ held: all }: Till, key: BudgetKey): Held {
  const nothing = { tokens: 0, untilMs: 0, overdrawn: 0, remaining: undefined, waitedAtMs: 0, last: Promise.resolve() };
  const held = all.get(key) ?? nothing;
  all.set(key, held);
  return held;
}

function overdraw(held: Held): void {
  if (held.tokens >= 1) held.tokens -= 1;
  else held.overdrawn += 1;
}

/** Waits for a token until the deadline. Fails closed: a store that cannot be read hands out nothing. */
async function acquire(till: Till, key: BudgetKey, deadline: number): Promise<boolean> {
  const held = heldOf(till, key);
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
    if (performance.now() + askAgainMs > deadline) return false;
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

/** Azure said how much is left, or asked to wait. */
async function noteAnswer(
  till: Till,
  key: BudgetKey,
  { waitMs: blockMs, remaining }: Parameters<RequestBudget['heard']>[1],
): Promise<void> {
  const { table, settings, now } = till;
  const held = heldOf(till, key);
  if (remaining !== undefined) {
    held.tokens = Math.min(held.tokens, remaining);
    // The chunk that is held here is part of it.
    held.remaining = Math.max(0, remaining - held.tokens);
  }
  if (blockMs === undefined) return;
  held.tokens = 0;
  held.waitedAtMs = now();
  const untilMs = now() + blockMs;
  // Where it cannot be written down, the next chunk cannot be had either.
  await change(table, key, allowanceOf(key, settings), now, (bucket) => ({
    bucket: blocked(bucket, untilMs),
    value: undefined,
  })).catch(() => undefined);
}

const exempt = new AsyncLocalStorage<boolean>();

/**
 * Runs a change and the reads that belong to it without waiting for tokens: their number is limited by the guards, and half a change
 * is worse than a request too many. They are paid for by the next chunk.
 */
export function overdrawing<T>(work: () => Promise<T>): Promise<T> {
  return exempt.run(true, work);
}

/** Which bucket a request is paid from; `undefined` for writes, tokens and registries, which have limits of their own. */
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
