// Texts of the platform's own parts: an image of Microsoft's that cannot be pulled, and the mirror of a node that passes on the trouble of
// another registry.

import { type MirrorRequest, mirrorRequest } from '../classify/mirror.ts';
import type { LogRow } from '../evidence/app-facts.ts';
import { appOf, entryFor } from '../evidence/evidence.ts';
import { isDockerHub } from '../words/docker-hub.ts';
import { parseImageRef } from '../words/image-ref.ts';
import { microsoftRegistry } from '../words/registry-host.ts';
import type { Target } from '../words/target.ts';
import type { DiagnosisInput } from './verdict.ts';

/**
 * True for an image of Microsoft's that the app does not name: the platform cannot pull one of its own, and the user cannot repair that. The
 * mirror alone is no proof, because it passes on the trouble of the registry that it fetches from.
 */
export function isPlatformFault({ evidence, target }: DiagnosisInput, rows: readonly LogRow[]): boolean {
  const app = appOf(evidence);
  if (app === undefined || app.images.some((image) => image.startsWith('mcr.microsoft.com/'))) return false;
  return rows.some(({ text }) => {
    const request = mirrorRequest(text);
    return request === undefined ? ownImage.test(text) : isOwnRequest(request, app.images, target);
  });
}

const ownImage = /localhost:8578|mcr\.microsoft\.com\/(?:k8se|azurecontainerapps|oss)\//;

/** Whether the mirror was asked for an image of Microsoft's. A request without its registry is taken for the app's where the path is. */
function isOwnRequest({ path, upstream }: MirrorRequest, images: readonly string[], target: Target): boolean {
  if (upstream !== undefined) return upstream === microsoftRegistry;
  return [target.image, ...images].every((image) => parseImageRef(image)?.repository !== path);
}

/**
 * Whether an unavailable mirror stands for the limit of Docker Hub: the image is of Docker Hub, and the app does not sign in there, so that
 * its pulls count together with those of strangers.
 */
export function passesOnLimit({ evidence, target }: DiagnosisInput, rows: readonly LogRow[]): boolean {
  const app = appOf(evidence);
  if (app === undefined || !isDockerHub(target.registry) || entryFor(target, app)?.username) return false;
  return speaksOfMirror(target, rows);
}

/** Whether a text names the node's mirror, asked for the target's image. */
export function speaksOfMirror({ image, registry }: Target, rows: readonly LogRow[]): boolean {
  const wanted = parseImageRef(image)?.repository;
  return rows.some(({ text }) => {
    const request = mirrorRequest(text);
    if (request === undefined || (request.path !== wanted && `library/${request.path}` !== wanted)) return false;
    const { upstream = registry } = request;
    return upstream === registry || (isDockerHub(upstream) && isDockerHub(registry));
  });
}
