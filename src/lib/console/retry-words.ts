// The sentence of a restart: which retry it is, and why it is made now.

import type { Decision } from '../history/decision.ts';

/** Why a restart is made now. Histories of older versions do not say which retry it is. */
export function sayRestart({ revision, because, retry }: Decision & { do: 'restart' }): string {
  const why = because === 'role-should-work' ? 'the role should be in effect by now' : 'the cause is gone';
  if (retry === undefined) return `Restarts ${revision}: ${why} and the platform’s next try is far away.`;
  const { number, most, afterMs, nextTryInMs } = retry;
  const from = because === 'role-should-work' ? 'the role was assigned' : 'the cause was seen to be gone';
  const next = nextTryInMs === undefined ? 'is not known' : `would come about ${seconds(nextTryInMs)} later`;
  return `Restarts ${revision}, retry ${number} of at most ${most}, ${seconds(afterMs)} after ${from}: nothing of the revision serves, and the platform’s own next try ${next}.`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} seconds`;
}
