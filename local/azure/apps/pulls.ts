// What a pull of an image ends in, now: the network, the sign-in, and whether the image is there.

import type { App, Container } from '../model/apps.ts';
import { hostOf, isReadable, referenceOf } from '../model/images.ts';
import type { Registry } from '../model/registries.ts';
import type { Sim } from '../model/sim.ts';
import { type OutsideObstacle, obstacle, outsideObstacle, reachesTokens, sayObstacle } from '../network/ways.ts';
import { fetchThroughCache } from '../registry/cache-rules.ts';
import { findImage } from '../registry/find-image.ts';
import { publicFailure, publicPrinted } from '../registry/public-registries.ts';
import { entryFor, letsIn, mayReadSecret } from './sign-in.ts';

/** How a pull of this image would end now. An image of a registry that the world does not hold is public and is pulled. */
export function pullOutcome(sim: Sim, app: App, container: Container): PullOutcome {
  if (app.pullFails !== undefined) return { ok: false, ...app.pullFails, companion: true, printed: app.pullFails.text };
  const registry = registryOf(sim, container.image);
  const unsigned = entryWithoutToken(sim, app, registry);
  if (unsigned !== undefined) return unsigned;
  if (registry === undefined || !isReadable(container.image)) return publicOutcome(sim, app, container);
  const blocked = networkOutcome(sim, app, registry, container);
  if (blocked !== undefined) return blocked;
  const reference = referenceOf(container.image.slice(hostOf(container.image).length + 1));
  if (entryFor(app, registry)?.identity !== undefined && !reachesTokens(sim, app)) return unauthorized;
  const hidden = unreadPassword(sim, app, registry);
  if (hidden !== undefined) return hidden;
  if (!letsIn(sim, app, registry, reference.repository)) return unauthorized;
  const unfetched = fetchThroughCache(sim, registry, reference);
  if (unfetched !== undefined) return failure(container, unfetched);
  const found = findImage(registry, reference);
  if ('missing' in found) return failure(container, JSON.stringify(found.missing));
  return forPlatform(sim, container);
}

/** A node is linux/amd64: an image for another platform only is there and cannot be pulled. */
function forPlatform(sim: Sim, { name, image }: Container): PullOutcome {
  const platform = sim.world.imagePlatforms[image];
  if (platform === undefined) return { ok: true };
  const said = `Pull image: ${image} failed with exit code: 1, error: ctr: no match for platform in manifest: not found`;
  const text = `Container '${name}' was terminated with exit code '' and reason 'ImagePullFailure'. ${said}`;
  const printed = `image OS/Arc must be linux/amd64 but found ${platform}`;
  return {
    ok: false,
    reason: 'ContainerTerminated',
    type: 'Warning',
    text,
    companion: true,
    afterManifest: true,
    printed,
  };
}

/** How a pull fails, and the row that the platform writes about it. */
export interface PullFailure {
  readonly ok: false;
  readonly reason: string;
  readonly type: string;
  readonly text: string;
  readonly companion: boolean;
  /** What the registry answered, if the row says it. */
  readonly body?: string | undefined;
  /** The image is there and cannot be unpacked or stored: who only reads its manifest does not notice. */
  readonly afterManifest?: true;
  /** What a client prints if it gets no answer from the registry. */
  readonly printed?: string;
  /** It is about an entry of the app for another registry, and names no image. */
  readonly ofEntry?: true;
  /** The pull hangs, and the platform writes no row about it. */
  readonly writesNoFailureRows?: boolean;
}

type PullOutcome = { readonly ok: true } | PullFailure;

/** The registry of the world that has this image; `undefined` if the image is of another registry. */
export function registryOf(sim: Sim, image: string): Registry | undefined {
  return [...sim.registries.values()].find(({ hosts }) => hosts.includes(hostOf(image)));
}

const unauthorized: PullOutcome = {
  ok: false,
  reason: 'ImagePullUnauthorized',
  type: 'Normal',
  text: 'Container pull image failed with unauthorized error.',
  companion: false,
};

/**
 * The platform exchanges a token for every entry with an identity before it pulls anything, also for an app whose image is public. It is
 * played for entries that a file writes down, of registries that the image is not of.
 */
function entryWithoutToken(sim: Sim, app: App, own: Registry | undefined): PullFailure | undefined {
  for (const { server, identity } of app.registries ?? []) {
    const registry = [...sim.registries.values()].find(({ hosts }) => hosts.includes(server.toLowerCase()));
    if (identity === undefined || registry === undefined || registry === own) continue;
    const found = obstacle(sim, app, registry);
    const denied = found?.kind === 'address-refused' ? sayObstacle(found, registry) : undefined;
    if (denied !== undefined) return exchangeFailed(app, server, identity, `403. body: ${denied}`);
    if (!letsIn(sim, app, registry, '')) return exchangeFailed(app, server, identity, `401. body: ${notSignedIn}`);
  }
  return undefined;
}

const notSignedIn =
  '{"errors":[{"code":"UNAUTHORIZED","message":"authentication required, visit https://aka.ms/acr/authorization for more information."}]}';

/** The row about an entry whose identity got no token of the registry, as captured (log of a lab with a DNS forwarder, and public reports). */
function exchangeFailed(app: App, server: string, identity: string, answer: string): PullFailure {
  const text = `Failed to construct registry secret for registry '${server}' for ContainerApp '${app.name}'. Ensure the managed identity '${identity}' has the correct permissions. Error: ACR token exchange endpoint returned error status: ${answer}`;
  return { ok: false, reason: 'FetchingKeyVaultSecretFailed', type: 'Warning', text, companion: true, ofEntry: true };
}

/** The reason of a row about a secret that the platform cannot read (azureossd.github.io, secret issues on Container Apps). */
const secretUnread = 'SyncingSecretFromAzureKeyVaultForContainerAppFailed';

/** The row about a registry password that the platform cannot read from Key Vault. */
function unreadPassword(sim: Sim, app: App, registry: Registry): PullFailure | undefined {
  const held = app.secrets.find(({ name }) => name === entryFor(app, registry)?.passwordSecretRef);
  if (held?.keyVault === undefined || mayReadSecret(sim, app, held)) return undefined;
  const url = `https://${held.keyVault.vault}.vault.azure.net/secrets/${held.name}`;
  const body = '{"error":{"code":"Forbidden","message":"Caller is not authorized to perform action on resource."}}';
  const text = `Error happened when syncing secret ${held.name} from Azure Key Vault ${url} for ContainerApp ${app.name}: GET request to Azure Key Vault ${url} returned error status: 403. body: ${body}`;
  return { ok: false, reason: secretUnread, type: 'Warning', text, companion: false };
}

/** What the network does to a pull. An address that the private zone does not lead to is logged as "unauthorized". */
function networkOutcome(sim: Sim, app: App, registry: Registry, container: Container): PullOutcome | undefined {
  const found = obstacle(sim, app, registry);
  if (found === undefined) return undefined;
  const said = sayObstacle(found, registry, container);
  switch (found.kind) {
    case 'public-refused':
      return unauthorized;
    case 'address-refused':
      return failure(container, said);
    case 'no-such-host':
    case 'dead-address':
      return { ...failure(container, said), body: undefined, printed: said };
    case 'swallowed':
      return { ...failure(container, said), body: undefined, printed: said, writesNoFailureRows: true };
  }
}

function publicOutcome(sim: Sim, app: App, container: Container): PullOutcome {
  const { image } = container;
  const obstacle = isReadable(image) ? outsideObstacle(sim, app, hostOf(image)) : undefined;
  const failed = obstacle === undefined ? publicFailure(sim, image) : sayOutside(image, obstacle);
  if (failed === undefined) return { ok: true };
  const text = `Container '${container.name}' was terminated with exit code '' and reason 'ImagePullFailure'. ${failed}`;
  const hangs = obstacle?.kind === 'swallowed' ? { writesNoFailureRows: true } : {};
  const printed = obstacle === undefined ? publicPrinted(sim, image) : { printed: failed };
  return { ok: false, reason: 'ContainerTerminated', type: 'Warning', text, companion: true, ...hangs, ...printed };
}

function sayOutside(image: string, obstacle: OutsideObstacle): string {
  const host = hostOf(image);
  const inner =
    obstacle.kind === 'no-answer'
      ? `dial tcp: lookup ${host} on ${obstacle.server}:53: server misbehaving`
      : 'net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)';
  return `Pull image: ${image} failed with exit code: 1, error: ctr: failed to resolve reference "${image}": failed to do request: Head "https://${host}/v2/": ${inner}`;
}

function failure(container: Container, body: string): PullFailure {
  const text = `Container '${container.name}' was terminated with exit code '' and reason 'ImagePullFailure'. Image ${container.image} not found in registry. ErrorMessage=Image not found or access denied. Error: ${body}, GenevaTraceId=00000000000000000000000000000000`;
  return { ok: false, reason: 'ContainerTerminated', type: 'Warning', text, companion: true, body };
}
