// Whether a container group is over, and whether a restart would bring it back.

import { appOf, type Evidence } from './evidence.ts';

/**
 * Nothing of the group pulls any more by itself. A group of which that is not known counts as over, so that nothing is waited for that may never
 * come.
 */
export function isOver(evidence: Evidence): boolean {
  return appOf(evidence)?.group?.life !== 'lives';
}

/** Azure refused the write that would have made it, so there is nothing that says what it declares. */
export function isNeverCreated(evidence: Evidence): boolean {
  const app = appOf(evidence);
  return app?.group?.life === 'never-created' && app.writeError !== undefined;
}

/** The platform has given up on the group, and it is still there: a restart pulls its images anew. What ended is only deployed again. */
export function wasGivenUp(evidence: Evidence): boolean {
  return appOf(evidence)?.group?.life === 'given-up';
}
