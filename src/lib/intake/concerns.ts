// Which waiting remediations a change can concern, told from their rows: no history is read, and no request is sent.

import { type Cause, storedCause } from '../causes/causes.ts';
import type { WaitsFor } from '../history/waits-for.ts';
import type { Assignee } from '../ports/ports.ts';
import type { Signal } from '../signals/signal.ts';
import { canMatter } from '../signals/wake.ts';
import type { ArmId } from '../words/arm-id.ts';
import { isWithin } from '../words/arm-id.ts';
import type { Fact } from '../words/fact.ts';
import { parseImageRef } from '../words/image-ref.ts';
import { loginServerOf } from '../words/registry-host.ts';

/** A change of a resource, or an image that was pushed. */
export type Happened = Extract<Signal['about'], { kind: 'change' | 'pushed' }>;

/**
 * Whether a remediation can be waiting for this. A pushed image matters to those of its repository. A role matters where the registry lies
 * in its scope and a role can be the way out; what cannot be told matters.
 */
export function canConcern(waits: WaitsFor, about: Happened): boolean {
  const image = parseImageRef(waits.image);
  if (about.kind === 'pushed')
    return loginServerOf(waits.registry) === about.registry && image?.repository === about.repository;
  if (!canMatter(about.resource, waits.registry)) return false;
  const scope = scopeOfRole(about.resource);
  if (scope === undefined || waits.blind) return true;
  return reaches(scope, waits.registryId) && !curedWithoutRoles(waits.confirmed);
}

/** The scope of a role assignment, from the assignment's own id; `undefined` for a change of anything else. */
export function scopeOfRole(change: ArmId): ArmId | undefined {
  const at = change.lastIndexOf(assignments);
  return at <= 0 ? undefined : (change.slice(0, at) as ArmId);
}

const assignments = '/providers/microsoft.authorization/roleassignments/';

function reaches(scope: ArmId, registryId: ArmId | undefined): boolean {
  return registryId === undefined || isWithin(registryId, scope) || isWithin(scope, registryId);
}

/** All causes are confirmed and lie in the network or the image: no role is the way out. */
function curedWithoutRoles(confirmed: readonly Cause[]): boolean {
  const families = confirmed.map((cause) => storedCause(cause)?.family);
  return families.length > 0 && families.every((family) => family === 'network' || family === 'image');
}

/**
 * Whether the role can be about the principal that this remediation waits for. The event of a role names its scope, and no principal
 * (https://learn.microsoft.com/azure/event-grid/event-schema-subscriptions), so the assignment was read; one that is gone or unreadable
 * can be about everybody, and a group about its members. The role may be our own: it matters where we could not read something.
 */
export function canBeFor(waits: WaitsFor, assignee: Fact<Assignee | 'gone'>): boolean {
  if (!assignee.read || assignee.value === 'gone' || assignee.value.group) return true;
  return waits.blind || waits.principalId === undefined || waits.principalId === assignee.value.principalId;
}
