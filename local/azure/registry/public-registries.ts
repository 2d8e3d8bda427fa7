// Registries outside of Azure, as far as their answers matter: what the runtime logs when one of them refuses or fails.

import { hostOf, isReadable, type Reference, referenceOf } from '../model/images.ts';
import type { Sim } from '../model/sim.ts';
import type { PublicAnswer } from '../world/registries.ts';

/**
 * A registry of Azure that the world does not hold has no name, and Docker Hub has no account with a dot in its name; the rest of the world
 * answers.
 */
function otherwise(host: string, image: string): PublicAnswer {
  if (/\.azurecr\.(?:io|cn|us)$/.test(host)) return 'no-such-host';
  return /^docker\.io\/[^/]*\.[^/]*\//.test(image) ? 'unauthorized' : 'ok';
}

/** What a registry outside of Azure answers to a pull of this image. */
export function publicAnswer(sim: Sim, image: string): PublicAnswer {
  const host = hostOf(image);
  return isReadable(image) ? (sim.publicRegistries.get(host) ?? otherwise(host, image)) : 'invalid-reference';
}

/**
 * What the control plane prints when it asks for the manifest as an app is written; nothing where it gets one. The
 * forms are those of public reports: hosts and paths of URLs are left out.
 */
export function publicPrinted(sim: Sim, image: string): { printed?: string; afterManifest?: true } {
  const host = hostOf(image);
  switch (publicAnswer(sim, image)) {
    case 'ok':
      return {};
    case 'unauthorized':
      return { printed: refusedSignIn(host, pathOf(image).repository) };
    case 'broken-image':
    case 'disk-full':
      return { afterManifest: true };
    case 'rate-limited':
      return { printed: 'GET https:: TOOMANYREQUESTS: You have reached your unauthenticated pull rate limit.' };
    case 'unavailable':
    case 'unavailable-by-mirror':
      return { printed: 'GET https:: unexpected status code 503 Service Unavailable' };
    case 'not-found':
      return { printed: `GET https:: MANIFEST_UNKNOWN: manifest unknown; map[Tag:${pathOf(image).reference}]` };
    case 'no-such-host':
      return { printed: `Get "https://${host}/v2/": dial tcp: lookup ${host} on 168.63.129.16:53: no such host` };
    case 'untrusted-certificate':
      return {
        printed: `Get "https://${host}/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
      };
    case 'wrong-platform':
      return { printed: `no child with platform linux/amd64 in index ${image}` };
    case 'invalid-reference':
      return { printed: `could not parse reference: ${image}` };
  }
}

function refusedSignIn(host: string, repository: string): string {
  if (host === 'ghcr.io') return 'GET https:: DENIED: requested access to the resource is denied';
  const service = host === 'docker.io' ? 'registry.docker.io' : host;
  return `GET https:?scope=${encodeURIComponent(`repository:${repository}:pull`)}&service=${service}: UNAUTHORIZED: authentication required; [map[Action:pull Class: Name:${repository} Type:repository]]`;
}

/** The path of an image below `/v2/`: Docker Hub keeps the images without an account below `library`. */
function pathOf(image: string): Reference {
  const named = referenceOf(image.slice(image.startsWith(`${hostOf(image)}/`) ? hostOf(image).length + 1 : 0));
  const library = hostOf(image) === 'docker.io' && !named.repository.includes('/');
  return library ? { ...named, repository: `library/${named.repository}` } : named;
}

/** The sentence after "ImagePullFailure", as containerd and the platform write it; `undefined` where the pull works. */
export function publicFailure(sim: Sim, image: string): string | undefined {
  const host = hostOf(image);
  const { repository, reference } = pathOf(image);
  const manifest = `https://${host}/v2/${image.replace(/^[^/]+\.[^/]+\//, '').replace(/:.*$/, '')}/manifests/x`;
  const mirror = `http://localhost:8578/v2/${repository}/manifests/${reference}?ns=${host}`;
  const resolve = (inner: string): string =>
    `Pull image: ${image} failed with exit code: 1, error: ctr: failed to resolve reference "${image}": ${inner}`;
  switch (publicAnswer(sim, image)) {
    case 'ok':
      return undefined;
    case 'rate-limited':
      return `Image pull for ${image} failed due to registry rate limiting (HTTP 429).`;
    case 'unavailable':
      return resolve(`unexpected status from HEAD request to ${manifest}: 503 Service Unavailable`);
    case 'unavailable-by-mirror':
      return resolve(`unexpected status from HEAD request to ${mirror}: 503 Service Unavailable`);
    case 'unauthorized':
      return resolve(
        'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      );
    case 'not-found':
      return resolve(`${image}: not found`);
    case 'no-such-host':
      return resolve(
        `failed to do request: Head "${manifest}": dial tcp: lookup ${host} on 168.63.129.16:53: no such host`,
      );
    case 'untrusted-certificate':
      return resolve(
        `failed to do request: Head "${manifest}": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
      );
    case 'broken-image':
      return `Pull image: ${image} failed with exit code: 1, error: ctr: failed to extract layer sha256:4f4fb700: archive/tar: invalid tar header: unknown`;
    case 'disk-full':
      return `Pull image: ${image} failed with exit code: 1, error: ctr: failed to copy: write /var/lib/containerd/ingest/data: no space left on device`;
    case 'invalid-reference':
      return `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`;
    case 'wrong-platform':
      return `Pull image: ${image} failed with exit code: 1, error: ctr: no match for platform in manifest: not found`;
  }
}
