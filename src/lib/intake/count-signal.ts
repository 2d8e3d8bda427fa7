// Counts a signal that only repeats what the history of a live remediation says, and knows it when it is delivered again.

import type { CountedSignal } from '../history/counted-signals.ts';
import { countedAs, keptSignals, withCounted } from '../history/counted-signals.ts';
import type { Remediation } from '../history/state.ts';
import type { Clock, Names, SignalCounts } from '../ports/ports.ts';
import { crowded, crowdedTries } from '../ports/steering.ts';
import type { Signal } from '../signals/signal.ts';

/** The roles that counting uses. */
export type Counting = SignalCounts & Names & Clock;

/**
 * Counts the signal once. `again`: an earlier delivery of it is among the latest that were counted. Throws `Later` in a crowd, and when
 * the store cannot be reached.
 */
export async function countSignal(ports: Counting, live: Remediation, signal: Signal): Promise<'counted' | 'again'> {
  const id = shortNameOf(ports, signal);
  for (let tries = 0; tries < crowdedTries; tries += 1) {
    const { counted, version } = await ports.counted.read(live.id);
    if (countedAs(counted, id) !== undefined) return 'again';
    const more = withCounted(counted, asCounted(id, signal, ports.now()));
    if ((await ports.counted.write(live.id, more, version)) === 'written') return 'counted';
  }
  throw crowded();
}

/** The latest signals that this remediation counted. It is not asked of a remediation that keeps all its signals. */
export async function latestCounted(ports: Counting, { id, signals }: Remediation): Promise<readonly CountedSignal[]> {
  return signals.length < keptSignals ? [] : (await ports.counted.read(id)).counted.recent;
}

/** Enough of the name to tell the latest signals of one remediation apart. */
export function shortNameOf(ports: Names, signal: Signal): string {
  return ports.hash(signal.id).slice(0, 12);
}

function asCounted(id: string, { atMs, revision, joinOnly }: Signal, countedAtMs: number): CountedSignal {
  return {
    id,
    atMs,
    countedAtMs,
    ...(revision === undefined ? {} : { revision }),
    ...(joinOnly === true ? { joinOnly } : {}),
  };
}
