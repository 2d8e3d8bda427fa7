// A registry's own tokens: an Entra token buys a refresh token, and that one buys access tokens for one scope at a time.

import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { claimsOf, makeToken } from '../identity/tokens.ts';
import { guidFor } from '../model/ids.ts';
import type { Registry } from '../model/registries.ts';
import type { Sim } from '../model/sim.ts';
import type { Answer } from '../wire/answers.ts';

/** Registry logins are valid for three hours; access tokens for 75 minutes. */
const refreshSeconds = 3 * 3600;

const accessSeconds = 75 * 60;

/** What an access token allows on one repository or on the catalog. */
export interface Scope {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/** Checks an Entra token for an audience; the identity endpoint made it. */
export type Entra = (token: string, audience: string) => boolean;

const accessClaims = z.object({
  grant_type: z.literal('access_token'),
  aud: z.string(),
  exp: z.number(),
  access: z.array(z.object({ type: z.string(), name: z.string(), actions: z.array(z.string()) })),
});

const refreshClaims = z.object({ grant_type: z.literal('refresh_token'), aud: z.string(), exp: z.number() });

/** Tokens of one registry of one world: no other one accepts them. */
function secretOf(sim: Sim, registry: Registry): Buffer {
  return createHmac('sha256', sim.seed).update(registry.id.toLowerCase()).digest();
}

function seconds(sim: Sim): number {
  return Math.floor(sim.scheduler.now() / 1000);
}

function issue(sim: Sim, registry: Registry, lifetime: number, claims: Readonly<Record<string, unknown>>): string {
  const nowSeconds = seconds(sim);
  const content = {
    jti: guidFor(`token|${sim.seed}|${sim.calls.length}`),
    sub: sim.self.clientId,
    nbf: nowSeconds,
    iat: nowSeconds,
    exp: nowSeconds + lifetime,
    iss: 'Azure Container Registry',
    aud: registry.loginServer,
    version: '1.0',
    ...claims,
  };
  return makeToken(content, secretOf(sim, registry));
}

function notModelled(what: string): Answer {
  return {
    status: 501,
    refused: `${what} is not modelled`,
    body: { errors: [{ code: 'NOT_MODELLED', message: `The simulation does not model this: ${what}.` }] },
  };
}

/** The answer to a client whom the registry does not know, or whom it does not permit this. */
export function unauthorized(scope?: Scope): Answer {
  const detail = scope?.actions.map((Action) => ({ Type: scope.type, Name: scope.name, Action })) ?? null;
  const message = 'authentication required, visit https://aka.ms/acr/authorization for more information.';
  return { status: 401, body: { errors: [{ code: 'UNAUTHORIZED', message, detail }] } };
}

/** The members of a form; an `Answer` where the form is not one that is modelled. */
function formOf(body: unknown, known: readonly string[], needed: readonly string[]): Map<string, string> | Answer {
  const form = new Map(new URLSearchParams(typeof body === 'string' ? body : ''));
  const unknown = [...form.keys()].find((key) => !known.includes(key));
  if (unknown !== undefined) return notModelled(`the field ${unknown} of a token request`);
  const missing = needed.find((key) => !form.has(key));
  return missing === undefined ? form : notModelled(`a token request without ${missing}`);
}

/** What a registry says that its caller has left (as recorded). */
const callsLeft = { 'x-ms-ratelimit-remaining-calls-per-second': '166.65' };

/** `POST /oauth2/exchange`: an Entra token for a refresh token. */
export function exchange(sim: Sim, registry: Registry, body: unknown, entra: Entra): Answer {
  const form = formOf(
    body,
    ['grant_type', 'service', 'tenant', 'access_token'],
    ['grant_type', 'service', 'access_token'],
  );
  if (!(form instanceof Map)) return form;
  if (form.get('grant_type') !== 'access_token') return notModelled(`the grant type ${form.get('grant_type')}`);
  if (form.get('service') !== registry.loginServer)
    return notModelled(`a token for the service ${form.get('service')}`);
  const audiences = ['https://containerregistry.azure.net'];
  if (registry.armAudience === 'enabled') audiences.push('https://management.azure.com');
  const token = form.get('access_token') ?? '';
  const tenant = form.get('tenant') ?? sim.world.tenant;
  if (!audiences.some((audience) => entra(token, audience)) || tenant.toLowerCase() !== sim.world.tenant)
    return unauthorized();
  const refresh = issue(sim, registry, refreshSeconds, { grant_type: 'refresh_token', tenant: sim.world.tenant });
  return { status: 200, body: { refresh_token: refresh }, headers: callsLeft };
}

/** What pullmedic's own role lets it do: AcrPull lists the catalog too, Repository Reader does not. */
function mayAct(registry: Registry, scope: Scope): boolean {
  if (!registry.readableByPullmedic) return false;
  return scope.type === 'repository' || registry.roleMode === 'LegacyRegistryPermissions';
}

function scopeOf(text: string): Scope | undefined {
  const [, type = '', name = '', actions = ''] = /^(repository|registry):([^:]+):([a-z_,*]+)$/.exec(text) ?? [];
  const scope = { type, name, actions: actions.split(',') };
  const known = type === 'repository' ? ['pull', 'metadata_read'] : name === 'catalog' ? ['*'] : [];
  return scope.actions.every((action) => known.includes(action)) ? scope : undefined;
}

/** `POST /oauth2/token`: a refresh token for an access token. */
export function accessToken(sim: Sim, registry: Registry, body: unknown): Answer {
  const fields = ['grant_type', 'service', 'scope', 'refresh_token'];
  const form = formOf(body, fields, fields);
  if (!(form instanceof Map)) return form;
  if (form.get('grant_type') !== 'refresh_token') return notModelled(`the grant type ${form.get('grant_type')}`);
  if (form.get('service') !== registry.loginServer)
    return notModelled(`a token for the service ${form.get('service')}`);
  const refresh = refreshClaims.safeParse(claimsOf(form.get('refresh_token') ?? '', secretOf(sim, registry)));
  if (!refresh.success || refresh.data.exp <= seconds(sim)) return unauthorized();
  const access: Scope[] = [];
  for (const text of (form.get('scope') ?? '').split(' ')) {
    const scope = scopeOf(text);
    if (scope === undefined) return notModelled(`the scope "${text}" of a token`);
    if (!mayAct(registry, scope)) return unauthorized(scope);
    access.push(scope);
  }
  const token = issue(sim, registry, accessSeconds, { grant_type: 'access_token', access });
  return { status: 200, body: { access_token: token }, headers: callsLeft };
}

/** Whether the bearer token is valid here and, where a scope is given, covers it. */
export function tokenCovers(sim: Sim, registry: Registry, authorization: string | undefined, scope?: Scope): boolean {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
  const claims = accessClaims.safeParse(claimsOf(token, secretOf(sim, registry)));
  if (!claims.success || claims.data.exp <= seconds(sim)) return false;
  return (
    scope === undefined ||
    claims.data.access.some(
      (held) =>
        held.type === scope.type &&
        held.name === scope.name &&
        scope.actions.every((action) => held.actions.includes(action)),
    )
  );
}
