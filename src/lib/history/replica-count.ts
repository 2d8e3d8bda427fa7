// A count of replicas, as a look records it.

import type { ArmId } from '../words/arm-id.ts';
import { sayFor } from '../workloads/sentences.ts';

/** How many replicas run the image, of those that the app wants. */
export interface ReplicaCount {
  readonly ready: number;
  readonly wanted: number;
}

/** A count where it is some and not all: a sentence without its full stop. */
export function sayPartly({ ready, wanted }: ReplicaCount, of?: ArmId): string {
  return sayFor(of, `partly recovered: ${ready} of ${wanted} replicas ${ready === 1 ? 'runs' : 'run'} the image`);
}
