// Reads which caller the platform has signed in. The header counts only if the platform's sign-in is on: then the platform sets the
// header itself and removes the one that a caller sent.
import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import type { App } from './app.ts';

const principal = z.object({
  claims: z.array(z.object({ typ: z.string(), val: z.string() })).max(500),
  role_typ: z.string().optional(),
});

/** The app roles of the caller. The list is empty if the caller is not signed in, or if the header cannot be read. */
export function rolesOf(
  pullmedic: Pick<App, 'signInByPlatform'>,
  request: Pick<HttpRequest, 'headers'>,
): readonly string[] {
  const header = request.headers.get('x-ms-client-principal');
  if (!pullmedic.signInByPlatform || header === null || header.length > 64_000) return [];
  try {
    const read = principal.parse(JSON.parse(Buffer.from(header, 'base64').toString('utf8')));
    const type = read.role_typ ?? 'roles';
    return read.claims.filter((claim) => claim.typ === type || claim.typ === 'roles').map((claim) => claim.val);
  } catch {
    return [];
  }
}
