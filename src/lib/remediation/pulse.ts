// Since when this deployment has been awake: after its first start, and after a long silence, it begins slowly.

import { type Pulse } from '../ports/controls.ts';
import type { Clock, Heartbeat } from '../ports/ports.ts';
import type { Fact } from '../words/fact.ts';
import { known } from '../words/fact.ts';

/** Since when it is awake. Unreadable is no answer: the slow start refuses then. */
export async function awakeSince(ports: Heartbeat & Clock): Promise<Fact<number>> {
  const read = await ports.pulse.read();
  return read.read ? known(sinceOf(read.value, ports.now())) : read;
}

/** One beat. What could not be read is not written over: it might make a fresh start of a long wake, or the other way round. */
export async function beat(ports: Heartbeat & Clock): Promise<void> {
  const read = await ports.pulse.read();
  if (read.read) await ports.pulse.write({ sinceMs: sinceOf(read.value, ports.now()), lastMs: ports.now() });
}

/** A deployment that has never beaten, or fell silent, is awake since now. */
function sinceOf(pulse: Pulse | undefined, nowMs: number): number {
  return pulse === undefined || nowMs - pulse.lastMs > silenceMs ? nowMs : pulse.sinceMs;
}

/** It beats every minute; after so long without a beat, a backlog may have grown. */
const silenceMs = 30 * 60_000;
