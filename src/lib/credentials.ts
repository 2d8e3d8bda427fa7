// What ARM tells about a user name and a secret: it never shows a password, and some of them cannot work.
import { nameOf } from './arm-id.ts';
import type { Evidence, RegistryEntry } from './evidence.ts';
import { appOf, entryFor, isAzureRegistry, registryOf } from './evidence.ts';
import type { Target } from './target.ts';

export type CredentialFault =
  /** The entry names a secret that the app does not have. */
  | { readonly fault: 'secret-missing'; readonly secret: string; readonly has: readonly string[] }
  /** The user name is that of the registry's admin user, who may not sign in. */
  | { readonly fault: 'admin-user-disabled'; readonly username: string }
  /** The password is a token of `az acr login --expose-token`: it was good for three hours. */
  | { readonly fault: 'login-token' };

/** The user name that goes with a token of the registry's own. */
const tokenUser = '00000000-0000-0000-0000-000000000000';

/** The entry that the app signs in with; `undefined` where it declares an identity or nothing. */
export function credentialEntry(target: Target, evidence: Evidence): RegistryEntry | undefined {
  const app = appOf(evidence);
  const entry = app && entryFor(target, app);
  return entry?.identity ? undefined : entry;
}

/** Whether the app signs in as the admin user of a registry that we can see. */
export function usesAdminUser(target: Target, evidence: Evidence): boolean {
  const registry = registryOf(evidence);
  const username = credentialEntry(target, evidence)?.username?.toLowerCase();
  return registry !== undefined && username === nameOf(registry.id);
}

/** What is wrong with the credential of the target's entry, as far as ARM tells; empty where nothing is known to be. */
export function credentialFaults(target: Target, evidence: Evidence): CredentialFault[] {
  const entry = credentialEntry(target, evidence);
  const has = appOf(evidence)?.secrets;
  const faults: CredentialFault[] = [];
  const secret = entry?.secret;
  const registry = registryOf(evidence);
  if (secret !== undefined && has !== undefined && !has.includes(secret))
    faults.push({ fault: 'secret-missing', secret, has });
  if (registry?.adminUser === false && usesAdminUser(target, evidence))
    faults.push({ fault: 'admin-user-disabled', username: nameOf(registry.id) });
  if (entry?.username === tokenUser && isAzureRegistry(target.registry)) faults.push({ fault: 'login-token' });
  return faults;
}

/** A token may have been renewed since; a secret that is missing and a user who may not sign in cannot work. */
export function cannotWork({ fault }: CredentialFault): boolean {
  return fault !== 'login-token';
}

/** How many letters have to change. */
function distance(a: string, b: string): number {
  let row = [0, ...Array.from(b, (_, index) => index + 1)];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[b.length] ?? 0;
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
  return (azure && registryName(host) === registryName(registry)) || distance(host, registry) <= 2;
}

/** An entry that was probably meant for the target's registry: another of its hosts, a URL, a typo. */
export function meantEntry(target: Target, entries: readonly RegistryEntry[]): RegistryEntry | undefined {
  return entries.find(({ server }) => looksMeant(server, target.registry));
}
