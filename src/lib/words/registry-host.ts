// Host names of registries.

import { isDockerHub } from './docker-hub.ts';

/** Hosts of Azure Container Registry in the public and sovereign clouds. */
export function isAzureRegistry(host: string): boolean {
  return /\.azurecr\.(?:io|cn|us)$/.test(host);
}

/** Microsoft's own registry. It needs no sign-in, and some of its images are the platform's. */
export const microsoftRegistry = 'mcr.microsoft.com';

const publicHosts =
  /^(?:mcr\.microsoft\.com|ghcr\.io|quay\.io|(?:[a-z]{2,4}\.)?gcr\.io|[a-z0-9-]+-docker\.pkg\.dev|public\.ecr\.aws|registry\.k8s\.io|registry\.gitlab\.com|nvcr\.io)$/;

/** Registries of the public Internet that exist under this name: such a host is not misspelt, and no private network answers for it. */
export function isPublicRegistry(host: string): boolean {
  return isDockerHub(host) || publicHosts.test(host);
}

/**
 * The login server behind a host. A regional endpoint (`<name>.<region>.geo.azurecr.io`) leads to the same registry, and ARM lists the
 * registry by its login server. Any other host is its own login server.
 */
export function loginServerOf(host: string): string {
  return host.replace(/^([a-z0-9-]+)\.[a-z0-9]+\.geo(\.azurecr\.(?:io|cn|us))$/, '$1$2');
}

/**
 * Whether two hosts are of one registry. A registry of Azure has several hosts, and each begins with the same label: its login server,
 * `NAME.REGION.geo.azurecr.io`, `NAME.REGION.data.azurecr.io` and their names in the private zone (Microsoft, "Dedicated data endpoints" and
 * "Regional endpoints").
 */
export function isSameRegistry(host: string, registry: string): boolean {
  if (host === registry) return true;
  return isAzureRegistry(host) && isAzureRegistry(registry) && nameAndCloud(host) === nameAndCloud(registry);
}

function nameAndCloud(host: string): string {
  return host.replace(/\..*\./, '.');
}
