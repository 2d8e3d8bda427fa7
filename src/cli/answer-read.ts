// Reads what a deployed app answered: an app of another version may answer something else, and that is no state of the world.
import type * as z from 'zod';
import { Declined } from './declined.ts';

/** The answer as `schema` describes it; `what` names it for people. Throws {@link Declined}, so that no part of it is taken for the whole. */
export function readAs<T>(schema: z.ZodType<T>, answered: unknown, what: string): T {
  const read = schema.safeParse(answered);
  if (!read.success)
    throw new Declined(
      `The app answered something else than ${what}. It may be of another version than this command line.`,
    );
  return read.data;
}
