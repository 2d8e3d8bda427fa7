// Who the platform has signed in. Its header counts only where its sign-in is on: it sets the header and strips what callers send.
import type { HttpRequest } from '@azure/functions';
import { z } from 'zod';
import type { App } from './app.ts';

const principal = z.object({
  claims: z.array(z.object({ typ: z.string(), val: z.string() })).max(500),
  role_typ: z.string().optional(),
});

/** The app roles of the caller. None where nobody is signed in, or where the header cannot be read. */
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
