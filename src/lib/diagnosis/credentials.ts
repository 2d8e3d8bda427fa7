// Faults of a user name and secret that ARM shows. ARM never shows a password, but some passwords cannot work.

import type { RegistryEntry } from '../evidence/app-facts.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { appOf, entryFor, registryOf } from '../evidence/evidence.ts';
import type { TokenFacts } from '../evidence/registry-facts.ts';
import { sayAgo } from '../words/ago.ts';
import { isGuid, nameOf } from '../words/arm-id.ts';
import { distance } from '../words/distance.ts';
import { isDockerHub, isHubWebsite } from '../words/docker-hub.ts';
import { valueOf } from '../words/fact.ts';
import { nearPublicHost } from '../words/near-host.ts';
import { isAzureRegistry } from '../words/registry-host.ts';
import type { Target } from '../words/target.ts';

export type CredentialFault =
  /** The entry names a secret that the app does not have. */
  | { readonly fault: 'secret-missing'; readonly secret: string; readonly has: readonly string[] }
  /** The user name is that of the registry's admin user, who may not sign in. */
  | { readonly fault: 'admin-user-disabled'; readonly username: string }
  /** The password is a token of `az acr login --expose-token`: it was good for three hours. */
  | { readonly fault: 'login-token' }
  /** The user name is that of a token of the registry, which is switched off. */
  | { readonly fault: 'token-disabled'; readonly token: string }
  /** No password of the token is good any more; `expired` names them, and is empty where it never had one. */
  | { readonly fault: 'token-expired'; readonly token: string; readonly expired: readonly ExpiredPassword[] }
  /** One of two passwords expired. It cannot be read which one the app has. */
  | { readonly fault: 'token-password-expired'; readonly token: string; readonly expired: readonly ExpiredPassword[] }
  /** The registry has no token of this name: it was deleted, or the name is wrong. */
  | { readonly fault: 'token-unknown'; readonly username: string }
  /** An application of Entra, where the end of its secret is kept: we do not look there. */
  | { readonly fault: 'service-principal'; readonly application: string };

export interface ExpiredPassword {
  readonly name: string;
  /** How long ago, as people say it. */
  readonly ago: string;
}

/** The kind of account that a user name stands for at an Azure registry. */
export type SignsInAs =
  | { readonly as: 'admin'; readonly username: string }
  | { readonly as: 'login-token' }
  | { readonly as: 'service-principal'; readonly application: string }
  | { readonly as: 'token'; readonly token: string }
  | { readonly as: 'unknown-account' };

/** The user name that goes with a token of the registry's own. */
const tokenUser = '00000000-0000-0000-0000-000000000000';
/** The names that a token can have (REST specification of registries/tokens). */
const tokenName = /^[A-Za-z0-9-]{5,50}$/;

/** The entry that the app signs in with; `undefined` where it declares an identity or nothing. */
export function credentialEntry(target: Target, evidence: Evidence): RegistryEntry | undefined {
  const app = appOf(evidence);
  const entry = app && entryFor(target, app);
  return entry?.identity ? undefined : entry;
}

/** Whom the app signs in as; `undefined` where it has no user name, or the registry is not one of Azure. */
export function signsInAs(target: Target, evidence: Evidence): SignsInAs | undefined {
  const username = credentialEntry(target, evidence)?.username;
  if (username === undefined || !isAzureRegistry(target.registry)) return undefined;
  const registry = registryOf(evidence);
  if (registry !== undefined && username.toLowerCase() === nameOf(registry.id)) return { as: 'admin', username };
  if (username === tokenUser) return { as: 'login-token' };
  if (isGuid(username)) return { as: 'service-principal', application: username };
  return tokenName.test(username) ? { as: 'token', token: username } : { as: 'unknown-account' };
}

/** Whether the app signs in as the admin user of a registry that we can see. */
export function usesAdminUser(target: Target, evidence: Evidence): boolean {
  return signsInAs(target, evidence)?.as === 'admin';
}

function expiredOf({ passwords }: TokenFacts, nowMs: number): ExpiredPassword[] {
  return passwords.flatMap(({ name, expiresAtMs }) =>
    expiresAtMs === undefined || expiresAtMs > nowMs ? [] : [{ name, ago: sayAgo(nowMs - expiresAtMs) }],
  );
}

function tokenFaults(token: string, evidence: Evidence): CredentialFault[] {
  const facts = valueOf(evidence.token);
  if (facts === undefined) return [];
  if (facts === 'none') return [{ fault: 'token-unknown', username: token }];
  if (!facts.enabled) return [{ fault: 'token-disabled', token }];
  const expired = expiredOf(facts, evidence.atMs);
  if (expired.length === facts.passwords.length) return [{ fault: 'token-expired', token, expired }];
  return expired.length > 0 ? [{ fault: 'token-password-expired', token, expired }] : [];
}

function faultsOf(target: Target, evidence: Evidence): CredentialFault[] {
  const who = signsInAs(target, evidence);
  switch (who?.as) {
    case 'admin':
      return registryOf(evidence)?.adminUser === false
        ? [{ fault: 'admin-user-disabled', username: who.username }]
        : [];
    case 'login-token':
      return [{ fault: 'login-token' }];
    case 'service-principal':
      return [{ fault: 'service-principal', application: who.application }];
    case 'token':
      return tokenFaults(who.token, evidence);
    case 'unknown-account':
    case undefined:
      return [];
  }
}

/** What is wrong with the credential of the target's entry, as far as ARM tells; empty where nothing is known to be. */
export function credentialFaults(target: Target, evidence: Evidence): CredentialFault[] {
  const { secret } = credentialEntry(target, evidence) ?? {};
  const has = appOf(evidence)?.secrets;
  const missing: CredentialFault[] =
    secret !== undefined && has !== undefined && !has.includes(secret)
      ? [{ fault: 'secret-missing', secret, has }]
      : [];
  return [...missing, ...faultsOf(target, evidence)];
}

/** A login token may have been renewed since, and a password that is good may be the one that the app has. These cannot work. */
export function cannotWork({ fault }: CredentialFault): boolean {
  switch (fault) {
    case 'secret-missing':
    case 'admin-user-disabled':
    case 'token-disabled':
    case 'token-expired':
      return true;
    case 'login-token':
    case 'token-password-expired':
    case 'token-unknown':
    case 'service-principal':
      return false;
  }
}

/** Whether ARM shows that the credential of the target's entry cannot work. */
export function isBroken(target: Target, evidence: Evidence): boolean {
  return credentialFaults(target, evidence).some(cannotWork);
}

/** A registry's name without the parts that its regional and its hashed hosts add. */
function registryName(host: string): string {
  return host.replace(/[.-].*/, '');
}

function looksMeant(server: string, registry: string): boolean {
  const host = server
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/[/:].*/, '');
  const azure = isAzureRegistry(host) && isAzureRegistry(registry);
  if (isHubWebsite(host)) return isDockerHub(registry);
  return (azure && registryName(host) === registryName(registry)) || distance(host, registry) <= 2;
}

/**
 * An entry that was probably meant for the target's registry: another of its hosts, a URL, a typo. None where the host of the image is the typo: an
 * entry for that host would hand the password to strangers.
 */
export function meantEntry(target: Target, entries: readonly RegistryEntry[]): RegistryEntry | undefined {
  if (mistypedHost(target, entries) !== undefined) return undefined;
  return entries.find(({ server }) => looksMeant(server, target.registry));
}

/**
 * The public registry that the image was probably meant to come from, where the host of the image is nearly, and not quite, that of one. An entry of
 * the app for that registry allows for two letters, because it shows what was meant. Hosts so near to a public one can belong to strangers who collect
 * passwords.
 */
export function mistypedHost({ registry }: Target, entries: readonly RegistryEntry[]): string | undefined {
  const servers = entries.map(({ server }) => server.toLowerCase());
  return nearPublicHost(registry, servers);
}
