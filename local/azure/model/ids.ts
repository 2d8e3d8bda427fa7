// Ids of the simulated Azure, and chance: both follow from texts, so that the same world is the same in every run.
import { createHash } from 'node:crypto';
import type { World } from '../world/world.ts';

/** A GUID that follows from a text: the same world has the same ids in every run. */
export function guidFor(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A number from 0 to 1 that follows from a text: jitter without chance. */
export function chance(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 0x1_0000_0000;
}

/** The id of a resource group. */
export function groupId(world: World, group: string): string {
  return `/subscriptions/${world.subscription}/resourceGroups/${group}`;
}

/** The id of a resource; `type` is `<provider>/<type>`. */
export function resourceId(world: World, group: string, type: string, name: string): string {
  return `${groupId(world, group)}/providers/${type}/${name}`;
}

/** Whether two ids are the same; Azure compares them without case. */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
