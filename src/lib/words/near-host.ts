// Hosts that are nearly those of a public registry.

import { distance } from './distance.ts';
import { isHubWebsite } from './docker-hub.ts';
import { isAzureRegistry, isPublicRegistry } from './registry-host.ts';

/** The hosts that people type. */
const typed = [
  'docker.io',
  'ghcr.io',
  'quay.io',
  'gcr.io',
  'mcr.microsoft.com',
  'registry.gitlab.com',
  'public.ecr.aws',
];

/**
 * The public registry whose host was probably meant by this one: one letter is wrong, missing or too many, or two neighbours changed places. Where `declared`
 * names that registry, two letters may differ. `undefined` for a host that is itself one of them, or of Azure, or near to none.
 */
export function nearPublicHost(host: string, declared: readonly string[] = []): string | undefined {
  if (isHubWebsite(host)) return 'docker.io';
  if (isPublicRegistry(host) || isAzureRegistry(host) || declared.includes(host)) return undefined;
  return typed.find((known) => distance(host, known) <= (declared.includes(known) ? 2 : 1) || isSwapped(host, known));
}

/** Whether two neighbouring letters changed places. */
function isSwapped(host: string, known: string): boolean {
  if (host.length !== known.length) return false;
  const at = Array.from(host).findIndex((letter, index) => letter !== known[index]);
  return at >= 0 && host.slice(0, at) + (host[at + 1] ?? '') + (host[at] ?? '') + host.slice(at + 2) === known;
}
