// Something that a cause may depend on was changed: remediations that wait for a person and can be waiting for it look again.

import type { IndexRow } from '../history/index-row.ts';
import { liveOf } from '../history/queries.ts';
import { tryReadTarget } from '../history/targets.ts';
import type { Clock, EventLog, Histories, Index, Queues } from '../ports/ports.ts';
import { noteUnreadable } from '../ports/unreadable-history.ts';
import type { Signal } from '../signals/signal.ts';
import { canMatter } from '../signals/wake.ts';
import { parseImageRef } from '../words/image-ref.ts';
import { loginServerOf } from '../words/registry-host.ts';

/** Wakes what waits for a person and can be waiting for this: something that a cause may depend on was changed. */
export async function wakeWaiting(ports: Waking, about: Happened): Promise<void> {
  const waiting = await ports.index.waiting();
  for (const [place, row] of waiting.entries()) {
    if (!(await concerns(ports, row, about))) continue;
    const step = { targetId: row.targetId, seq: row.seq, wake: true };
    const startMs = ports.now() + Math.max(0, place - atOnce) * spreadMs;
    for (const afterMs of looksAfterMs) await ports.queue.sendStep(step, startMs + afterMs);
    ports.log('woken', { remediation: row.remediation });
  }
}

/** The roles that waking uses. */
type Waking = Histories & Index & Queues & Clock & EventLog;

/** A change of a resource, or an image that was pushed. */
export type Happened = Extract<Signal['about'], { kind: 'change' | 'pushed' }>;

/** Whether a remediation can be waiting for what this signal says. A pushed image matters to those of its repository. */
async function concerns(ports: Waking, row: IndexRow, about: Happened): Promise<boolean> {
  const read = await tryReadTarget(ports, row.targetId);
  if (!read.read) {
    await noteUnreadable(ports, row.targetId, read.why);
    return false;
  }
  const target = liveOf(read.history)?.target;
  if (target === undefined) return false;
  if (about.kind === 'change') return canMatter(about.resource, target.registry);
  return (
    loginServerOf(target.registry) === about.registry && parseImageRef(target.image)?.repository === about.repository
  );
}

/**
 * When to look after a change: at once; soon again, because a step under way read Azure before it and lists of Azure lag behind; and
 * when the platform has surely tried the next pull (5 minutes at most) and its row can be read.
 */
const looksAfterMs = [0, 2 * 60_000, 7 * 60_000];

/** Number of remediations that are woken at once; the others follow one by one, this many milliseconds apart, to spare requests to Azure. */
const atOnce = 20;
const spreadMs = 250;
