// Reads which caller the platform has signed in. The header counts only if the platform's sign-in is on: then the platform sets the
// header itself and removes the one that a caller sent.
import type { HttpRequest } from '@azure/functions';
import * as z from 'zod';
import type { Viewer } from '../lib/console/viewer.ts';
import type { App } from './app.ts';

/** The app role of people who answer, undo, switch and send again. Names of app roles are compared with their case, as Entra keeps them. */
export const operatorRole = 'Operator';

const principal = z.object({
  claims: z.array(z.object({ typ: z.string(), val: z.string() })).max(500),
  role_typ: z.string().optional(),
  name_typ: z.string().optional(),
});

type Principal = z.infer<typeof principal>;
type Behind = Pick<App, 'callers'>;
type Headed = Pick<HttpRequest, 'headers'>;

/** The app roles of the caller. The list is empty if the caller is not signed in, or if the header cannot be read. */
export function rolesOf(pullmedic: Behind, request: Headed): readonly string[] {
  const read = principalOf(pullmedic, request);
  if (read === undefined) return [];
  const type = read.role_typ ?? 'roles';
  return read.claims.filter((claim) => claim.typ === type || claim.typ === 'roles').map((claim) => claim.val);
}

const readerRoles = ['Reader', operatorRole];

/** True if the platform has signed in a person with a role that may read histories. */
export function mayRead(pullmedic: Behind, request: Headed): boolean {
  return rolesOf(pullmedic, request).some((role) => readerRoles.includes(role));
}

/** The person who looks at a page; `undefined` where the caller may not read. */
export function viewerOf(pullmedic: Behind, request: Headed): Viewer | undefined {
  if (!mayRead(pullmedic, request)) return undefined;
  const person = personOf(pullmedic, request);
  const name = person?.name ?? 'a person without an object id';
  if (!rolesOf(pullmedic, request).includes(operatorRole)) return { mayAnswer: false, name, because: 'no-role' };
  return person === undefined ? { mayAnswer: false, name, because: 'no-id' } : { mayAnswer: true, ...person };
}

/** How histories name a person. */
export function asRecorded({ name, id }: Person): string {
  return `${name} (${id})`;
}

/** A person whom the platform has signed in. */
export interface Person {
  /** What the directory calls the person. People can choose it, so it is only shown; what tells people apart is the id. */
  readonly name: string;
  /** The object id in Entra, lower case. */
  readonly id: string;
}

/** Types of the claim with the object id. Source: Microsoft Learn, App Service, "Work with user identities", and the v2.0 token claim `oid`. */
const idClaims = ['http://schemas.microsoft.com/identity/claims/objectidentifier', 'oid'];
const nameClaims = ['preferred_username', 'name'];
const longestName = 100;

/** The person who calls; `undefined` if no caller is signed in, or if the sign-in names no object id. */
export function personOf(pullmedic: Behind, request: Headed): Person | undefined {
  const read = principalOf(pullmedic, request);
  const id = z.guid().safeParse(read && claimOf(read, idClaims));
  if (read === undefined || !id.success) return undefined;
  const named = claimOf(read, [...(read.name_typ === undefined ? [] : [read.name_typ]), ...nameClaims]);
  // A line break or a control character in a name could make one line of a page or a log look like two.
  const name = (named ?? '').replaceAll(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return { name: name.slice(0, longestName) || 'a person without a name', id: id.data.toLowerCase() };
}

/** True if the platform has signed a caller in, person or program. */
export function isSignedIn(pullmedic: Behind, request: Headed): boolean {
  return principalOf(pullmedic, request) !== undefined;
}

/** The value of the first of these claims that the caller has exactly once: two values would leave open which one counts. */
function claimOf({ claims }: Principal, types: readonly string[]): string | undefined {
  for (const type of types) {
    const values = new Set(claims.filter((claim) => claim.typ === type).map((claim) => claim.val));
    if (values.size === 1) return [...values][0];
  }
  return undefined;
}

function principalOf(pullmedic: Behind, request: Headed): Principal | undefined {
  const header = request.headers.get('x-ms-client-principal');
  if (pullmedic.callers.state === 'off' || header === null || header.length > 64_000) return undefined;
  try {
    return principal.parse(JSON.parse(Buffer.from(header, 'base64').toString('utf8')));
  } catch {
    return undefined;
  }
}
