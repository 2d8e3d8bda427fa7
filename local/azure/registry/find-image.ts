// Looks an image up in a registry, and words what the registry answers where it is missing.

import type { Manifest, Reference } from '../model/images.ts';
import type { Registry } from '../model/registries.ts';

/**
 * Looks an image up by tag or digest. The registry answers the same where it lacks the whole repository: two public reports show
 * `MANIFEST_UNKNOWN` for a repository that was never pushed. Only the list of its tags says that it is not there.
 */
export function findImage(registry: Registry, { repository, reference }: Reference): Found {
  const held = registry.repositories.get(repository);
  const byDigest = reference.startsWith('sha256:');
  const digest = byDigest ? reference : (held?.tags.get(reference)?.digest ?? '');
  const manifest = held?.manifests.get(digest);
  if (manifest !== undefined) return { digest, manifest };
  return {
    missing: byDigest
      ? oneError('MANIFEST_UNKNOWN', `manifest ${reference} is not found`, { Name: repository, Revision: reference })
      : oneError('MANIFEST_UNKNOWN', `manifest tagged by "${reference}" is not found`, { Tag: reference }),
  };
}

/** An image, or what the registry answers without it. */
export type Found = { readonly digest: string; readonly manifest: Manifest } | { readonly missing: RegistryErrors };

/** The answer for the tags of a repository that the registry does not have. */
export function unknownRepository(repository: string): RegistryErrors {
  return oneError('NAME_UNKNOWN', `repository "${repository}" is not found`, { name: repository });
}

function oneError(code: string, message: string, detail?: unknown): RegistryErrors {
  return { errors: [detail === undefined ? { code, message } : { code, message, detail }] };
}

/** Errors in the envelope of registries. */
export interface RegistryErrors {
  readonly errors: readonly { readonly code: string; readonly message: string; readonly detail?: unknown }[];
}
