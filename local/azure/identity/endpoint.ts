// The managed identity endpoint of App Service, and the tokens that it hands out. A token is good for one audience. The room is about who
// an identity is.
// Not here: what an identity may do (`authorization/`).
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { Answer } from '../wire/answers.ts';
import { closed, listening } from '../wire/listening.ts';
import { claimsOf, makeToken } from './tokens.ts';

/** The tokens of one managed identity. */
export interface IdentityTokens {
  /** A token for a resource, in the wire shape of the endpoint. It lasts for a day of the process's clock. */
  issue(resource: string): { readonly access_token: string; readonly expires_on: string };
  /** Whether the bearer token is ours and made for this audience. */
  accepts(authorization: string | undefined, audience: string): boolean;
}

/** An endpoint that runs. */
export interface IdentityEndpoint extends Pick<IdentityTokens, 'accepts'> {
  readonly url: string;
  readonly header: string;
  stop(): Promise<void>;
}

const tokenSeconds = 24 * 3600;

function withoutSlash(audience: string): string {
  return audience.replace(/\/$/, '').toLowerCase();
}

/** Makes the tokens of one identity, and knows them again. */
export function identityTokens(clientId: string): IdentityTokens {
  const secret = randomBytes(32);
  return {
    issue(resource) {
      const expires = Math.floor(Date.now() / 1000) + tokenSeconds;
      return {
        access_token: makeToken({ aud: resource, appid: clientId, exp: expires }, secret),
        expires_on: String(expires),
      };
    },
    accepts(authorization, audience) {
      const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
      const held = token === undefined ? undefined : claimsOf(token, secret)?.['aud'];
      return typeof held === 'string' && withoutSlash(held) === withoutSlash(audience);
    },
  };
}

/** Starts the endpoint for one identity. A fault is what it answers instead of a token. */
export async function startIdentity(clientId: string, fault: () => Answer | undefined): Promise<IdentityEndpoint> {
  const tokens = identityTokens(clientId);
  const header = randomBytes(16).toString('hex');
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const resource = url.searchParams.get('resource');
    const asked = url.searchParams.get('client_id');
    if (request.headers['x-identity-header'] !== header) return void response.writeHead(401).end();
    if (resource === null || (asked !== null && asked.toLowerCase() !== clientId))
      return void response.writeHead(400).end();
    const failure = fault();
    if (failure !== undefined)
      return void response
        .writeHead(failure.status, { 'content-type': 'application/json', ...failure.headers })
        .end(JSON.stringify(failure.body));
    const body = { ...tokens.issue(resource), resource, token_type: 'Bearer', client_id: clientId };
    return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}/msi/token`,
    header,
    accepts: (authorization, audience) => tokens.accepts(authorization, audience),
    stop: () => closed(server),
  };
}
