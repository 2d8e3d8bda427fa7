// Images: what a reference to one names, and repositories with their manifests and tags.
import { createHash } from 'node:crypto';

/** The host of an image; Docker Hub where the reference names none. */
export function hostOf(image: string): string {
  const [first = ''] = image.split('/');
  return image.includes('/') && /[.:]|^localhost$/.test(first) ? first.toLowerCase() : 'docker.io';
}

/** Whether a runtime can read a reference: the grammar of distribution/reference, without its rarer forms. */
export function isReadable(image: string): boolean {
  const path =
    hostOf(image) === 'docker.io' && !/^[^/]*docker\.io\//.test(image) ? image : image.replace(/^[^/]*\//, '');
  return (
    /^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::\w[\w.-]{0,127})?(?:@[a-z0-9]+:[0-9a-f]{32,})?$/.test(path) &&
    !path.includes('//')
  );
}

/** `shop/orders:v1`, `shop/orders@sha256:…` or `shop/orders`, without the registry. */
export function referenceOf(path: string): Reference {
  const [named = '', digest] = path.split('@');
  const [repository = '', tag = 'latest'] = named.split(':');
  return { repository, reference: digest ?? tag };
}

/** What an image reference names inside of a registry. */
export interface Reference {
  readonly repository: string;
  /** A tag or a digest. */
  readonly reference: string;
}

/** Images that were pushed before the scenario begins, a minute apart in the order of the file. */
export function firstImages(lists: Readonly<Record<string, readonly string[]>>, untilMs: number): Repositories {
  const repositories: Repositories = new Map();
  for (const [repository, tags] of Object.entries(lists)) {
    const firstMs = untilMs - tags.length * 60_000;
    for (const [index, tag] of tags.entries()) pushTag(repositories, repository, tag, firstMs + index * 60_000);
  }
  return repositories;
}

/** Pushes an image under a tag. Every push is another image: a tag that was there moves, and its old manifest stays without it. */
export function pushTag(
  repositories: Repositories,
  repository: string,
  tag: string,
  atMs: number,
): { readonly digest: string; readonly size: number } {
  const held = repositories.get(repository) ?? { manifests: new Map<string, Manifest>(), tags: new Map<string, Tag>() };
  const text = manifestText(`${repository}:${tag}|${atMs}`);
  const digest = digestOf(text);
  held.manifests.set(digest, { text, createdMs: atMs });
  held.tags.set(tag, { digest, createdMs: held.tags.get(tag)?.createdMs ?? atMs, updatedMs: atMs });
  repositories.set(repository, held);
  return { digest, size: Buffer.byteLength(text) };
}

/** Deletes the image that a tag points at, as `az acr repository delete --image` does. A repository without images is gone. */
export function deleteTag(repositories: Repositories, repository: string, tag: string): string | undefined {
  const held = repositories.get(repository);
  const digest = held?.tags.get(tag)?.digest;
  if (held === undefined || digest === undefined) return undefined;
  held.manifests.delete(digest);
  held.tags.delete(tag);
  if (held.manifests.size === 0) repositories.delete(repository);
  return digest;
}

/** The media type of every manifest here. */
export const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

/** A manifest, under its digest. */
export interface Manifest {
  /** The very bytes that the digest is of. */
  readonly text: string;
  readonly createdMs: number;
}

/** A tag, and the digest that it points at. */
export interface Tag {
  readonly digest: string;
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** The manifests and tags of one repository. */
export interface Repository {
  readonly manifests: Map<string, Manifest>;
  readonly tags: Map<string, Tag>;
}

/** The repositories of a registry, by name. */
export type Repositories = Map<string, Repository>;

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function manifestText(content: string): string {
  const blob = (kind: string, size: number, mediaType: string): unknown => ({
    mediaType,
    size,
    digest: digestOf(`${kind}|${content}`),
  });
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: blob('config', 1457, 'application/vnd.docker.container.image.v1+json'),
    layers: [blob('layer', 49_283_072, 'application/vnd.docker.image.rootfs.diff.tar.gzip')],
  });
}
