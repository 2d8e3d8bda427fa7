// How long a pull takes: it follows from the size of the image, and the size from the scenario file or from the image's name.
import { chance } from '../model/ids.ts';
import type { Sim } from '../model/sim.ts';

/**
 * How fast a node pulls. The one pull that was captured with its size took 5.04 s for 49,283,072 bytes ("Successfully pulled image … in
 * 5.04s. Image size: 49283072 bytes.", June 2026). Bytes a second.
 */
const bytesPerSecond = 10_000_000;

/** No pull takes less than this. Milliseconds. */
const shortestMs = 1000;

/** The size of an image in bytes: what the scenario file says, else 200 to 600 MB that follow from its name, which pull in 20 to 60 s. */
export function sizeOf({ world }: Pick<Sim, 'world'>, image: string): number {
  return world.imageSizes[image] ?? 200_000_000 + Math.round(chance(`size|${image}`) * 400_000_000);
}

/** How long a pull of this image takes that nothing stops. Milliseconds. */
export function pullTakesMs(sim: Pick<Sim, 'world'>, image: string): number {
  return Math.max(shortestMs, Math.round(sizeOf(sim, image) / (bytesPerSecond / 1000)));
}

/** A duration as the platform writes it into its rows, which is how Go does: `5.04s`, `1m12.5s`. */
export function sayDuration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const seconds = `${Number(((ms % 60_000) / 1000).toFixed(2))}s`;
  return minutes === 0 ? seconds : `${minutes}m${seconds}`;
}
