// A step message, read back from the queue.

import * as z from 'zod';
import type { TargetId } from '../words/target.ts';

import { parseTargetId } from '../words/target.ts';

const step = z.object({
  targetId: z.string(),
  seq: z.int().min(0),
  wake: z.boolean(),
  happenedBeforeMs: z.int().min(0).optional(),
  late: z.boolean().optional(),
});

/** Reads a step; `undefined` if the message is not a step. */
export function readStep(message: unknown): Step | undefined {
  const parsed = step.safeParse(message);
  const targetId = parsed.success ? parseTargetId(parsed.data.targetId) : undefined;
  if (!parsed.success || targetId === undefined) return undefined;
  const { seq, wake, happenedBeforeMs, late } = parsed.data;
  return {
    targetId,
    seq,
    wake,
    ...(happenedBeforeMs === undefined ? {} : { happenedBeforeMs }),
    ...(late === undefined ? {} : { late }),
  };
}

/** A message that says: look at this target, I was sent for this entry. */
export interface Step {
  readonly targetId: TargetId;
  /** The entry it was sent for; a later one makes it stale. */
  readonly seq: number;
  /** Look even though the step is not the latest or not due: something may have changed. */
  readonly wake: boolean;
  /** What a step that wakes is about happened before this instant, in milliseconds. Steps of older versions do not say. */
  readonly happenedBeforeMs?: number;
  /** Sent because the step seemed lost. Nothing changed, so pullmedic looks only if a look is due. */
  readonly late?: boolean;
}
