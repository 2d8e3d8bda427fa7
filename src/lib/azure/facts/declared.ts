// What apps and jobs declare in the same form: their identities, registry entries, secrets and images.
import type { ContainerApp, Job } from '@azure/arm-appcontainers';
import type { AppFacts, DeclaredContainer, VaultSecret } from '../../evidence/app-facts.ts';
import type { PrincipalId } from '../../words/arm-id.ts';
import { armIdOf, present, principal, textOf } from '../clients/wire.ts';

/** An app or a job, as far as the two have the same members (REST specification of both, 2026-01-01). */
export interface Declaring extends Pick<ContainerApp | Job, 'identity' | 'provisioningState'> {
  readonly configuration?: Pick<NonNullable<ContainerApp['configuration']>, 'registries' | 'secrets'>;
  readonly template?: Templated;
}

/** A template, as far as its images are concerned. */
export interface Templated {
  readonly containers?: readonly { readonly name?: string; readonly image?: string }[];
  readonly initContainers?: readonly { readonly name?: string; readonly image?: string }[];
}

/** What every app and job has. */
export function declaredFacts(
  resource: Declaring,
): Pick<AppFacts, 'provisioningState' | 'userIdentities' | 'registries' | 'images' | 'containers'> {
  const registries = (resource.configuration?.registries ?? []).map((entry) => ({
    server: (entry.server ?? '').toLowerCase(),
    ...present<{ identity: string; username: string; secret: string }>({
      identity: textOf(entry.identity) || undefined,
      username: textOf(entry.username) || undefined,
      secret: textOf(entry.passwordSecretRef) || undefined,
    }),
  }));
  return {
    provisioningState: textOf(resource.provisioningState) ?? 'unknown',
    userIdentities: userIdentitiesOf(resource.identity?.userAssignedIdentities ?? {}),
    registries,
    images: imagesOf(resource.template),
    containers: containersOf(resource.template),
  };
}

/** The ids of a user-assigned identity, as a resource that has it shows them. */
interface HeldIdentity {
  readonly principalId?: string | null | undefined;
  readonly clientId?: string | null | undefined;
}

/** The user-assigned identities that a resource has, from the record in which every kind of resource lists them by their ids. */
export function userIdentitiesOf(held: Readonly<Record<string, HeldIdentity | undefined>>): AppFacts['userIdentities'] {
  return Object.entries(held).flatMap(([text, identity]) => {
    const id = armIdOf(text);
    if (id === undefined) return [];
    const ids = {
      principalId: principal(identity?.principalId ?? undefined),
      clientId: principal(identity?.clientId ?? undefined),
    };
    return [{ id, ...present<{ principalId: PrincipalId; clientId: PrincipalId }>(ids) }];
  });
}

/** What only some of them have: `undefined` stands for a member that ARM does not tell. */
export function declaredWhereSaid(resource: Declaring): {
  readonly [Name in 'secrets' | 'vaultSecrets' | 'systemPrincipalId']: AppFacts[Name] | undefined;
} {
  return {
    secrets: resource.configuration?.secrets?.flatMap((secret) => textOf(secret.name) ?? []),
    vaultSecrets: vaultSecretsOf(resource),
    systemPrincipalId: principal(resource.identity?.principalId),
  };
}

/** Secrets that Key Vault holds: an address stands where ARM would not show a value. */
function vaultSecretsOf({ configuration }: Declaring): VaultSecret[] | undefined {
  const held = (configuration?.secrets ?? []).flatMap((secret): VaultSecret[] => {
    const name = textOf(secret.name);
    const url = textOf(secret.keyVaultUrl);
    if (name === undefined || url === undefined || url === '') return [];
    return [{ name, url, ...present<{ identity: string }>({ identity: textOf(secret.identity) || undefined }) }];
  });
  return held.length === 0 ? undefined : held;
}

/** The containers of a template that have a name and an image; those that run first stand last. */
function containersOf(template: Templated | undefined): DeclaredContainer[] {
  const named = (container: { readonly name?: string; readonly image?: string }): DeclaredContainer[] => {
    const name = textOf(container.name);
    const image = textOf(container.image);
    return name && image ? [{ name, image }] : [];
  };
  const first = (template?.initContainers ?? []).flatMap(named);
  return [...(template?.containers ?? []).flatMap(named), ...first.map((one) => ({ ...one, init: true as const }))];
}

/** The images of a template, including those of init containers. */
export function imagesOf(template: Templated | undefined): string[] {
  const containers = [...(template?.containers ?? []), ...(template?.initContainers ?? [])];
  return containers.flatMap((container) => textOf(container.image) ?? []);
}
