// Names under which registries answer.

/** Hosts of Azure Container Registry in the public and sovereign clouds. */
export function isAzureRegistry(host: string): boolean {
  return /\.azurecr\.(?:io|cn|us)$/.test(host);
}

/**
 * The login server behind a host: regional endpoints (`<name>.<region>.geo.azurecr.io`) are other doors of one registry, and ARM knows
 * it by its login server. Any other host is its own.
 */
export function loginServerOf(host: string): string {
  return host.replace(/^([a-z0-9-]+)\.[a-z0-9]+\.geo(\.azurecr\.(?:io|cn|us))$/, '$1$2');
}
