// The version of this copy of pullmedic, as its package says it.
import { readFileSync } from 'node:fs';

/** The version of the command line, such as `0.2.0`. The deployed app may have another one. */
export function version(): string {
  const own: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  if (typeof own !== 'object' || own === null || !('version' in own) || typeof own.version !== 'string')
    throw new Error('package.json says no version.');
  return own.version;
}
