// How many requests pullmedic sends to Azure, all instances together: buckets of tokens that fill up again, handed out in chunks.

import { type BudgetSettings } from '../settings/budget-settings.ts';

/** The requests that a bucket pays for: the ARM reads of one subscription, or all queries of one service. */
export type BudgetKey = `arm-${string}` | 'logs' | 'graph';

/** How one bucket fills, and in what portions it is handed out. */
export interface Allowance {
  /** Most tokens that it holds: what a burst may take. */
  readonly capacity: number;
  readonly perSecond: number;
  /** How many tokens an instance takes at once, so that not every request costs a write to the store. A crash loses at most these. */
  readonly chunk: number;
}

/** The state that all instances share. */
export interface Bucket {
  readonly tokens: number;
  /** When `tokens` was right. */
  readonly atMs: number;
  /** Azure asked to wait until then: no instance gets a token before that. */
  readonly blockedUntilMs: number;
}

/** How long a chunk may be used. Unused chunks expire, so that instances cannot save up a burst. */
export const chunkLifetimeMs = 2000;

function perMinute(key: BudgetKey, settings: BudgetSettings): number {
  if (key === 'logs') return settings.logQueriesPerMinute;
  return key === 'graph' ? settings.graphQueriesPerMinute : settings.armReadsPerMinute;
}

/**
 * A bucket holds an eighth of a minute: with it and the chunks that are out, every window stays below what Azure allows as long as
 * the settings do.
 */
export function allowanceOf(key: BudgetKey, settings: BudgetSettings): Allowance {
  const rate = perMinute(key, settings);
  const capacity = Math.max(1, rate / 8);
  return { capacity, perSecond: rate / 60, chunk: Math.max(1, Math.floor(Math.min(capacity / 4, rate / 60))) };
}

/** The bucket as it is now. A clock that runs behind another host's fills nothing and takes nothing. */
export function filled(bucket: Bucket | undefined, allowance: Allowance, nowMs: number): Bucket {
  if (bucket === undefined) return { tokens: allowance.capacity, atMs: nowMs, blockedUntilMs: 0 };
  const seconds = Math.max(0, nowMs - bucket.atMs) / 1000;
  return {
    tokens: Math.min(allowance.capacity, bucket.tokens + seconds * allowance.perSecond),
    atMs: Math.max(bucket.atMs, nowMs),
    blockedUntilMs: bucket.blockedUntilMs,
  };
}

export interface Handed {
  /** How many of the wanted tokens; none while there is less than half a chunk, so that a lack is not handed out in crumbs. */
  readonly tokens: number;
  readonly bucket: Bucket;
}

/** Takes a chunk out of the bucket, and what was overdrawn on top. */
export function hand(bucket: Bucket, allowance: Allowance, overdrawn: number, nowMs: number): Handed {
  const wanted = allowance.chunk + overdrawn;
  const least = Math.max(1, allowance.chunk / 2);
  const tokens = Math.floor(Math.min(wanted, bucket.tokens));
  if (nowMs < bucket.blockedUntilMs || tokens < least) return { tokens: 0, bucket };
  return { tokens, bucket: { ...bucket, tokens: bucket.tokens - tokens } };
}

/** Azure asked to wait: the bucket is empty and stays so until then. */
export function blocked(bucket: Bucket, untilMs: number): Bucket {
  return { ...bucket, tokens: 0, blockedUntilMs: Math.max(bucket.blockedUntilMs, untilMs) };
}

/** Azure says how many requests its own limit still allows. Our bucket never holds more. */
export function atMost(bucket: Bucket, remaining: number): Bucket {
  return { ...bucket, tokens: Math.min(bucket.tokens, Math.max(0, remaining)) };
}
