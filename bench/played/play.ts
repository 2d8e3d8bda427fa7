// Plays scenarios in a thread of their own.
import { answersTo } from '../thread/orders.ts';
import type { Order, Played } from './played.ts';

/**
 * Plays them one after the other. Throws where one cannot be played. A short scenario is played before, and does not count: it loads the
 * code that loads when it is needed, while virtual time goes on.
 */
export async function playAll(orders: readonly Order[]): Promise<Played[]> {
  const first: Order = { file: builtIn('tag-missing'), answersMs: 80 };
  const thread = new URL('./thread.ts', import.meta.url);
  const all = await answersTo<Order, Played>(thread, [first, ...orders], ({ file }) => file);
  return all.slice(1);
}

/** The file of a built-in scenario. */
export function builtIn(name: string): string {
  return `local/scenarios/${name}.yaml`;
}
