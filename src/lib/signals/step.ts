// A step message, read back from the queue.
import { z } from 'zod';
import type { Step } from '../ports/ports.ts';
import { parseTargetId } from '../words/target.ts';

const step = z.object({ targetId: z.string(), seq: z.int().min(0), wake: z.boolean(), late: z.boolean().optional() });

/** Reads a step; `undefined` when the message is none. */
export function readStep(message: unknown): Step | undefined {
  const parsed = step.safeParse(message);
  const targetId = parsed.success ? parseTargetId(parsed.data.targetId) : undefined;
  if (!parsed.success || targetId === undefined) return undefined;
  const { seq, wake, late } = parsed.data;
  return { targetId, seq, wake, ...(late === undefined ? {} : { late }) };
}
