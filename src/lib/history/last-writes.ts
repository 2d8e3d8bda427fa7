// Which writes of its app a remediation has seen: the one that was there when it failed, and the newest one since.

import { isSameWrite, type SeenWrite } from '../evidence/last-write.ts';

export interface Writes {
  /** The last write before the first look that could read the app: as a rule the deployment that fails. */
  readonly first: SeenWrite;
  /** The newest write that a later look saw; absent if there was none. */
  readonly since?: SeenWrite;
}

/** Adds what a look saw. A look records the write only where it is not the newest one that the remediation knows. */
export function withWrite(before: Writes | undefined, seen: SeenWrite | undefined): Writes | undefined {
  if (seen === undefined || isSameWrite(newestOf(before), seen)) return before;
  return before === undefined ? { first: seen } : { first: before.first, since: seen };
}

/** What a look has to record: nothing if the remediation knows of this write. */
export function newWrite(before: Writes | undefined, seen: SeenWrite): SeenWrite | undefined {
  return isSameWrite(newestOf(before), seen) ? undefined : seen;
}

function newestOf(writes: Writes | undefined): SeenWrite | undefined {
  return writes?.since ?? writes?.first;
}
