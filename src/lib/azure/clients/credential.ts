// Signs in to Azure. The sign-in library is large, so it loads when the first token is asked for.
import type { TokenCredential } from '@azure/identity';

/** The managed identity of the function app: the one with this client id, or the app's own. */
export function managedIdentity(clientId: string | undefined): TokenCredential {
  return whenNeeded(async () => {
    const { ManagedIdentityCredential } = await import('./managed-identity.ts');
    return clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
  });
}

/** A credential that `make` makes when the first token is asked for. It is made once and kept, because it remembers its tokens. */
export function whenNeeded(make: () => Promise<TokenCredential>): TokenCredential {
  let made: Promise<TokenCredential> | undefined;
  return {
    async getToken(scopes, options) {
      made ??= make();
      return (await made).getToken(scopes, options);
    },
  };
}
