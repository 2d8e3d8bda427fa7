// Plays loads in a thread of their own.
import { answersTo } from '../thread/orders.ts';
import type { Load, Rates } from './figures.ts';

/** Measures one load after the other. Throws where an alert was refused or lost: then the rates say nothing. */
export async function measureThroughput(loads: readonly Load[]): Promise<Rates[]> {
  const thread = new URL('./thread.ts', import.meta.url);
  return answersTo<Load, Rates>(thread, loads, ({ instances }) => `${instances} instances`);
}
