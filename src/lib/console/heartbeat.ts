// The heartbeat of each registry: a box a day, with the worst that happened that day to the apps that pull from it.

import type { Figures } from '../history/figures.ts';
import { type Outcome, outcomeOf } from './outcomes.ts';
import { dayMs, dayStartOf } from './weeks.ts';

export interface Heartbeat {
  /** Host of the registry. */
  readonly registry: string;
  /** Remediations that were open on one of the days. */
  readonly remediations: number;
  /** The oldest day first. */
  readonly days: readonly HeartbeatDay[];
}

export interface HeartbeatDay {
  /** 00:00 UTC. */
  readonly startMs: number;
  readonly worst: Beat;
  /** Remediations that were open on this day. */
  readonly remediations: number;
  /** The days under which History has them all, as the start of each: it orders what ended by its end, and what goes on by its opening. */
  readonly found?: { readonly firstMs: number; readonly lastMs: number };
}

/**
 * `failing`: it goes on now. `quiet`: pullmedic was awake, and no pull failed. `not-known`: pullmedic was not awake all day, or keeps no
 * figures of that day.
 */
export type Beat = 'failing' | 'asked' | 'unproven' | 'recovered' | 'stood-down' | 'quiet' | 'not-known';

/** From the worst to the least. */
export const beats: readonly Beat[] = ['failing', 'asked', 'unproven', 'recovered', 'stood-down', 'quiet', 'not-known'];

/** A row for each registry that any remediation is about, the one with the most remediations first. */
export function heartbeatsOf(
  figures: readonly Figures[],
  window: { readonly days: number; readonly fromMs: number; readonly nowMs: number },
  awakeSinceMs: number | undefined,
): Heartbeat[] {
  const spans = figures.map((one) => spanOf(one, window.nowMs));
  const firstMs = dayStartOf(window.nowMs) - (window.days - 1) * dayMs;
  const seen = spans.filter(({ toMs }) => toMs >= firstMs);
  const quietFromMs = awakeSinceMs === undefined ? Number.POSITIVE_INFINITY : Math.max(awakeSinceMs, window.fromMs);
  return [...new Set(seen.map(({ registry }) => registry))]
    .map((registry) => {
      const ofRegistry = seen.filter((span) => span.registry === registry);
      const days = daysOf(ofRegistry, firstMs, window.days, quietFromMs);
      return { registry, remediations: ofRegistry.length, days };
    })
    .sort((a, b) => b.remediations - a.remediations || (a.registry < b.registry ? -1 : 1));
}

interface Span {
  readonly registry: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly beat: Beat;
  /** The day under which History has it. */
  readonly foundMs: number;
}

function spanOf(one: Figures, nowMs: number): Span {
  const beat = one.closed === undefined ? 'failing' : beatOf[outcomeOf(one)];
  const { registry, openedAtMs, closed } = one;
  return {
    registry,
    fromMs: openedAtMs,
    toMs: closed?.atMs ?? nowMs,
    beat,
    foundMs: dayStartOf(closed?.atMs ?? openedAtMs),
  };
}

const beatOf: Readonly<Record<Outcome, Beat>> = {
  repaired: 'recovered',
  'recovered-by-itself': 'recovered',
  asked: 'asked',
  unproven: 'unproven',
  'stood-down': 'stood-down',
  open: 'failing',
};

function daysOf(spans: readonly Span[], firstMs: number, count: number, quietFromMs: number): HeartbeatDay[] {
  return Array.from({ length: count }, (_, index) => {
    const startMs = firstMs + index * dayMs;
    const of = spans.filter(({ fromMs, toMs }) => fromMs < startMs + dayMs && toMs >= startMs);
    const without: Beat = startMs >= quietFromMs ? 'quiet' : 'not-known';
    const worst = beats.find((beat) => of.some((span) => span.beat === beat)) ?? without;
    const found = of.map(({ foundMs }) => foundMs);
    return {
      startMs,
      worst,
      remediations: of.length,
      ...(of.length === 0 ? {} : { found: { firstMs: Math.min(...found), lastMs: Math.max(...found) } }),
    };
  });
}
