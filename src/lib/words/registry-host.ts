// Host names of registries.

/** Hosts of Azure Container Registry in the public and sovereign clouds. */
export function isAzureRegistry(host: string): boolean {
  return /\.azurecr\.(?:io|cn|us)$/.test(host);
}

/**
 * The login server behind a host. A regional endpoint (`<name>.<region>.geo.azurecr.io`) leads to the same registry, and ARM lists the
 * registry by its login server. Any other host is its own login server.
 */
export function loginServerOf(host: string): string {
  return host.replace(/^([a-z0-9-]+)\.[a-z0-9]+\.geo(\.azurecr\.(?:io|cn|us))$/, '$1$2');
}
