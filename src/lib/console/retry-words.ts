// The sentence of a restart: which retry it is, and why it is made now.

import type { Decision } from '../history/decision.ts';

type Restart = Decision & { do: 'restart' };

/** Why a restart is made now. Histories of older versions do not say which retry it is. */
export function sayRestart({ revision, because, retry }: Restart): string {
  const { why, from } = words[because];
  if (retry === undefined) return `Restarts ${revision}: ${why} and the platform’s next try is far away.`;
  const { number, most, afterMs, nextTryInMs } = retry;
  const next = nextTryInMs === undefined ? 'is not known' : `would come about ${seconds(nextTryInMs)} later`;
  return `Restarts ${revision}, retry ${number} of at most ${most}, ${seconds(afterMs)} after ${from}: nothing of the revision serves, and the platform’s own next try ${next}.`;
}

/** `why`: the reason. `from`: the instant that the time of the retry counts from. */
const words: Readonly<Record<Restart['because'], { readonly why: string; readonly from: string }>> = {
  'role-should-work': { why: 'the role should be in effect by now', from: 'the role was assigned' },
  'cause-is-gone': { why: 'the cause is gone', from: 'the cause was seen to be gone' },
  'token-may-be-stale': { why: 'the platform may still use an old token', from: 'the first signal' },
};

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} seconds`;
}
