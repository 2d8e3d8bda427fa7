// Since when this deployment has been awake: after its first start, and after a long silence, it begins slowly.

import { type Pulse } from '../ports/controls.ts';
import type { Clock, Heartbeat } from '../ports/ports.ts';
import type { Fact } from '../words/fact.ts';
import { mapFact } from '../words/fact.ts';

/** Since when pullmedic is awake. While this cannot be read, the slow start refuses grants. */
export async function awakeSince(ports: Heartbeat & Clock): Promise<Fact<number>> {
  return mapFact(await ports.pulse.read(), (pulse) => sinceOf(pulse, ports.now()));
}

/** One beat. It does not write over a row that it could not read: that could turn a long wake into a fresh start, or the reverse. */
export async function beat(ports: Heartbeat & Clock): Promise<void> {
  const read = await ports.pulse.read();
  if (read.read) await ports.pulse.write({ sinceMs: sinceOf(read.value, ports.now()), lastMs: ports.now() });
}

/** A deployment that has never beaten, or fell silent, is awake since now. */
function sinceOf(pulse: Pulse | undefined, nowMs: number): number {
  return pulse === undefined || nowMs - pulse.lastMs > silenceMs ? nowMs : pulse.sinceMs;
}

/** The timer beats every minute. After this long without a beat, a backlog may have grown. */
const silenceMs = 30 * 60_000;
