// The keys of the host: where they come from, and which routes each of them opens.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';

const keySchema = z.object({ function: z.string().min(16), master: z.string().min(16), eventgrid: z.string().min(16) });

/** `function`: any function; `master`: everything; `eventgrid`: the system key `eventgrid_extension`. */
export type Keys = z.infer<typeof keySchema>;

function parsed(text: string): Keys {
  try {
    return keySchema.parse(JSON.parse(text));
  } catch {
    // The parser's own message quotes the text that it could not read, and that text may be a key.
    throw new Error('PULLMEDIC_HOST_KEYS is not JSON with function, master and eventgrid of 16 characters or more.');
  }
}

/** Reads the keys from the environment. If there are none, it makes random ones, so that no route is ever open by accident. */
export function readKeys(text: string | undefined): Keys {
  if (text !== undefined) return parsed(text);
  const key = (): string => randomBytes(24).toString('base64url');
  return { function: key(), master: key(), eventgrid: key() };
}

/** A request, whose headers may hold the caller's key. */
type Headed = Pick<IncomingMessage, 'headers'>;

function same(given: string, key: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(key)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** True if the request holds one of the keys, as `?code=` or as a header. */
export function showsKey(request: Headed, url: URL, accepted: readonly string[]): boolean {
  const header = request.headers['x-functions-key'];
  const given = url.searchParams.get('code') ?? (typeof header === 'string' ? header : undefined);
  return given !== undefined && accepted.some((key) => same(given, key));
}

/** True if the caller may use a route of this level. Azure's own local tools check no keys; this host checks them, as Azure does. */
export function mayCall(level: string, request: Headed, url: URL, keys: Keys): boolean {
  if (level === 'anonymous') return true;
  return showsKey(request, url, level === 'function' ? [keys.function, keys.master] : [keys.master]);
}
