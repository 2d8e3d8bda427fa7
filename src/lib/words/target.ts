// A target is the thing that fails: one app with one image of one registry. It includes all its revisions, so attempts are counted across
// revisions.
import type { ArmId, Branded } from './arm-id.ts';
import { nameOf } from './arm-id.ts';
import { parseImageRef } from './image-ref.ts';

export interface Target {
  readonly appId: ArmId;
  readonly appName: string;
  /** The image as the app's template writes it. */
  readonly image: string;
  /** Host of the registry, lower case; `docker.io` if the image names no host. */
  readonly registry: string;
}

/** Names a target's history: a hash made by the store. */
export type TargetId = Branded<'TargetId'>;
/** One remediation of a target: `<target id>.<ordinal>`. */
export type RemediationId = Branded<'RemediationId'>;
/** Names an incident's history: a hash made by the store. */
export type IncidentId = Branded<'IncidentId'>;

/** The registry of an image reference that cannot be parsed. Stored in histories; never a host, and never for a command. */
export const unknownRegistry = 'unknown';

/**
 * Stands for an image that is not known: an error of Azure names none, and there is no resource that would. It can be no reference, because it
 * has spaces. Stored in histories; never for a command.
 */
export const unnamedImage = '(not named)';

/** Makes a target. An image reference that cannot be parsed gives a target too, with an unknown registry. */
export function targetOf(appId: ArmId, image: string): Target {
  return { appId, appName: nameOf(appId), image, registry: parseImageRef(image)?.registry ?? unknownRegistry };
}

/** The text whose hash names the target's history. */
export function targetKey(target: Target): string {
  return `target|${target.appId}|${target.image}|${target.registry}`;
}

const targetIdPattern = /^t[0-9a-f]{24}$/;
const incidentIdPattern = /^i[0-9a-f]{24}$/;
const remediationIdPattern = /^(t[0-9a-f]{24})\.([1-9][0-9]{0,5})$/;

export function parseTargetId(text: string): TargetId | undefined {
  return targetIdPattern.test(text) ? (text as TargetId) : undefined;
}

export function parseIncidentId(text: string): IncidentId | undefined {
  return incidentIdPattern.test(text) ? (text as IncidentId) : undefined;
}

export function remediationIdOf(target: TargetId, ordinal: number): RemediationId {
  return `${target}.${ordinal}` as RemediationId;
}

/** Splits a remediation id into its target and ordinal; `undefined` if the text is not one. */
export function parseRemediationId(text: string): { id: RemediationId; target: TargetId; ordinal: number } | undefined {
  const match = remediationIdPattern.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return undefined;
  return { id: text as RemediationId, target: match[1] as TargetId, ordinal: Number(match[2]) };
}
