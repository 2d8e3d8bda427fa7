// What a pull of a container group ends in, now. The platform pulls from a network of its own, whatever subnet the group is in, and signs in
// with a user-assigned identity or a password; the runtime's words are those of a Docker daemon.
import { registryOf } from '../apps/pulls.ts';
import { entryFor, letsIn } from '../apps/sign-in.ts';
import type { App, Container } from '../model/apps.ts';
import { chance, guidFor } from '../model/ids.ts';
import { hostOf, isReadable, referenceOf } from '../model/images.ts';
import type { Registry } from '../model/registries.ts';
import type { Sim } from '../model/sim.ts';
import { fetchThroughCache } from '../registry/cache-rules.ts';
import { findImage } from '../registry/find-image.ts';
import { publicAnswer } from '../registry/public-registries.ts';

/** How a pull ends. `digest` is what the image resolved to; `said` is what the runtime writes after "Error response from daemon". */
export type GroupPull =
  | { readonly ok: true; readonly digest: string }
  | { readonly ok: false; readonly said: string; readonly registryFailed: boolean };

/** How a pull of this container would end now. */
export function groupPull(sim: Sim, app: App, { image }: Container): GroupPull {
  if (app.pullFails !== undefined) return refused(app.pullFails.text);
  const registry = registryOf(sim, image);
  if (registry === undefined || !isReadable(image)) return fromOutside(sim, image);
  const reference = referenceOf(image.slice(hostOf(image).length + 1));
  const head = `Head "https://${registry.loginServer}/v2/${reference.repository}/manifests/${reference.reference}": `;
  const address = refusedAddress(sim, app, registry);
  if (address !== undefined)
    return refused(
      `${head}denied: client with IP '${address}' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.`,
    );
  if (!letsIn(sim, app, registry, reference.repository))
    return refused(
      `${head}unauthorized: authentication required, visit https://aka.ms/acr/authorization for more information.`,
    );
  const unfetched = fetchThroughCache(sim, registry, reference);
  if (unfetched !== undefined) return refused(`${head}${unfetched}`);
  const found = findImage(registry, reference);
  if ('missing' in found) {
    const words = found.missing.errors.map(({ code, message }) => `${dockerCode(code)}: ${message}`).join(', ');
    return refused(`manifest for ${image} not found: ${words}`);
  }
  const platform = sim.world.imagePlatforms[image];
  return platform === undefined
    ? { ok: true, digest: found.digest }
    : refused('no matching manifest for linux/amd64 in the manifest list entries');
}

/**
 * The address that a restricted registry refuses. Only a trusted service that signs in with an identity passes (documentation of Azure
 * Container Registry, trusted services). A rule for an address does not help: the platform pulls from another address each time.
 */
function refusedAddress(sim: Sim, app: App, registry: Registry): string | undefined {
  const restricted = registry.publicNetworkAccess === 'Disabled' || registry.defaultAction === 'Deny';
  if (!restricted || (registry.trustedServices && entryFor(app, registry)?.identity !== undefined)) return undefined;
  const part = (name: string): number =>
    Math.floor(chance(`${sim.seed}|${name}|${app.name}|${sim.scheduler.now()}`) * 254);
  return `20.61.${part('third')}.${part('fourth') + 1}`;
}

/** Docker writes the code of a registry's error in small letters and without its underscores. */
function dockerCode(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ');
}

function refused(said: string): GroupPull {
  return { ok: false, said, registryFailed: false };
}

/** A registry that the world does not hold. The sentences are those of the Docker daemon. */
function fromOutside(sim: Sim, image: string): GroupPull {
  const named = hostOf(image);
  const host = named === 'docker.io' ? 'registry-1.docker.io' : named;
  const get = `Get "https://${host}/v2/": `;
  switch (publicAnswer(sim, image)) {
    case 'ok':
      return { ok: true, digest: `sha256:${`${guidFor(image)}${guidFor(`2|${image}`)}`.replaceAll('-', '')}` };
    case 'rate-limited':
      return {
        ok: false,
        said: 'toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
        registryFailed: true,
      };
    case 'unavailable':
    case 'unavailable-by-mirror':
      return { ok: false, said: 'received unexpected HTTP status: 503 Service Unavailable', registryFailed: true };
    case 'unauthorized':
      return refused(
        `pull access denied for ${image.replace(/[:@].*$/, '')}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
      );
    case 'not-found':
      return refused(`manifest for ${image} not found: manifest unknown: manifest unknown`);
    case 'no-such-host':
      return refused(`${get}dial tcp: lookup ${host} on 168.63.129.16:53: no such host`);
    case 'untrusted-certificate':
      return refused(`${get}tls: failed to verify certificate: x509: certificate signed by unknown authority`);
    case 'wrong-platform':
      return refused('no matching manifest for linux/amd64 in the manifest list entries');
    case 'broken-image':
      return refused('failed to register layer: archive/tar: invalid tar header');
    case 'disk-full':
      return refused('failed to register layer: write /var/lib/docker/tmp/data: no space left on device');
    case 'invalid-reference':
      return refused('invalid reference format');
  }
}
