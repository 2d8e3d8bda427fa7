// The version of this copy of pullmedic, as its package says it.
import { readFileSync } from 'node:fs';
import * as z from 'zod';

const named = z.object({ version: z.string() });

/** The version of the command line, such as `0.2.0`. The deployed app may have another one. */
export function version(): string {
  return named.parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version;
}
