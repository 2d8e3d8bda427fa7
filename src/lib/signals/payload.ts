// What every body that arrives has in common: limits that are checked before it is read, and how a mistake in it is told.

import * as z from 'zod';
import type { Read } from './signal.ts';

/** Bodies above this are refused before they are parsed. Azure Monitor caps its own at 256 KB. */
export const maxBodyBytes = 256 * 1024;
/** Alerts and events nest eight levels; a body that nests deeper than this is refused. */
const maxDepth = 24;

/** Whether a parsed body nests deeper than any payload that we read. Stops at the limit, so that its cost is bounded. */
export function isTooDeep(value: unknown, left = maxDepth): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return left === 0 || Object.values(value).some((member) => isTooDeep(member, left - 1));
}

/** The answer to a body that nests too deep. */
export const tooDeep: Extract<Read, { ok: false }> = { ok: false, problem: `nests deeper than ${maxDepth} levels` };

/** The first mistake that a schema found, with its place; at most 200 characters. */
export function problemOf(error: z.ZodError): string {
  const [first] = error.issues;
  return first === undefined ? 'unreadable' : `${first.path.join('.') || 'body'}: ${first.message}`.slice(0, 200);
}

/** A name of an app, an environment or a revision. */
export const appName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,61}$/i);
