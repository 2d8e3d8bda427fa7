// A step message, read back from the queue.
import { z } from 'zod';
import type { Step } from './ports.ts';
import { parseTargetId } from './target.ts';

const step = z.object({ targetId: z.string(), seq: z.int().min(0), wake: z.boolean() });

/** Reads a step; `undefined` when the message is none. */
export function readStep(message: unknown): Step | undefined {
  const parsed = step.safeParse(message);
  const targetId = parsed.success ? parseTargetId(parsed.data.targetId) : undefined;
  return parsed.success && targetId !== undefined ? { ...parsed.data, targetId } : undefined;
}
