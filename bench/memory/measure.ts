// Measures what pullmedic holds in memory: after a start and a first alert, after quiet hours, and after hours with failures all the time.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersTo } from '../thread/orders.ts';
import type { Held, Order } from './held.ts';
import { type Soak, soakScenario } from './world.ts';

export interface MemoryFigures {
  /** Failures of each of the seven streams in an hour. */
  readonly anHour: number;
  /** Hours in which nothing fails. */
  readonly quiet: Held;
  /** The same beginning, played for longer each time. */
  readonly soaks: readonly Held[];
  /** How much the app's part grows in an hour, after the first one, in bytes. */
  readonly growthAnHour: number;
}

/**
 * What stays in memory is a few rows of each cache, which some hours fill. Four hundred kilobytes an hour would be ten megabytes a day, and an
 * instance that is always ready is started anew more often than it would fill its two gigabytes.
 */
export const mostGrowthAnHour = 400_000;
/** The whole of what the app keeps beside its code. */
export const mostHeld = 5_000_000;

/** Failures of each kind in an hour of a soak. */
const anHour = 10;

/** Plays quiet hours and then soaks of each length, each from the beginning: only at its end can a soak tell the app from its world. */
export async function measureMemory(lengths: readonly number[]): Promise<MemoryFigures> {
  const quiet = { hours: 1, anHour: 0 };
  const [idle, ...soaks] = await playEach([quiet, ...lengths.map((hours) => ({ hours, anHour }))]);
  if (idle === undefined) throw new Error('the quiet hours were not played');
  for (const soak of soaks) checkSoak(soak);
  return { anHour, quiet: idle, soaks, growthAnHour: growthOf(soaks) };
}

/** The growth of the app's part from the first length to the last, in bytes an hour. */
export function growthOf(soaks: readonly Held[]): number {
  const [first, last] = [soaks[0], soaks.at(-1)];
  if (first === undefined || last === undefined || first === last) return Number.NaN;
  return (last.appBytes - first.appBytes) / (last.hours - first.hours);
}

/** Throws where a soak was none: nothing failed, or what failed did not end. What began in the last half hour is still under way. */
export function checkSoak({ hours, opened, ended }: Held): void {
  if (opened === 0) throw new Error('nothing failed in the soak, so its figures say nothing');
  const late = opened * (0.5 / hours);
  if (ended < opened - late)
    throw new Error(`of ${opened} remediations only ${ended} ended in ${hours} hours, so the soak was none`);
}

async function playEach(soaks: readonly Soak[]): Promise<Held[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pullmedic-memory-'));
  try {
    // The first one loads all code, which stays: it does not count.
    const orders = [{ hours: 0.5, anHour: 2 }, ...soaks].map((soak, at) => orderOf(soak, join(folder, String(at))));
    const thread = new URL('./thread.ts', import.meta.url);
    const all = await answersTo<Order, Held>(thread, orders, ({ hours }) => `a soak of ${hours} hours`);
    return all.slice(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes the scenario of the soak into a folder of its own. */
function orderOf(soak: Soak, folder: string): Order {
  mkdirSync(folder);
  const file = join(folder, 'soak.yaml');
  writeFileSync(file, soakScenario(soak));
  return { file, hours: soak.hours };
}
