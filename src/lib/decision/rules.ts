// The rules of the decision, in the order in which they are asked. First come rules that close what is over, then rules that watch a
// recovery, then rules that wait for trouble that passes by itself. Only then come rules that act on a cause.

import {
  failureIsOver,
  noPullTrouble,
  notAPull,
  partlyRecovered,
  recoveryProven,
  targetWithdrawn,
  textIsMissing,
} from './ending-rules.ts';
import { groupRolePropagates, roleIsMissing } from './grant-rules.ts';
import { askAPerson, causeInDoubt, couldNotRead, registryInTrouble } from './person-rules.ts';
import { causePutRight, deploymentRejected, ownRolePropagates, revisionDiffers } from './retry-rules.ts';
import type { Rule } from './rule.ts';
import { tokenMayBeStale } from './stale-token.ts';

/** The last rule: it always answers. */
export const lastRule = {
  name: 'ask-a-person',
  because: 'The cause is proved, and no change that pullmedic may make puts it right.',
  decide: askAPerson,
} as const satisfies Rule;

/** Every rule. A test swaps each two neighbours: that changes a decision, or the two are held never to answer at once. */
export const rules: readonly Rule[] = [
  {
    name: 'target-withdrawn',
    because:
      'The app is gone, nothing of it asks for this image any more, or a write that Azure refused was not tried again for a week.',
    decide: targetWithdrawn,
  },
  {
    name: 'recovery-proven',
    because:
      'The image was pulled and a replica became ready. It counts as recovered once that has lasted for a while.',
    decide: recoveryProven,
  },
  {
    name: 'revision-differs',
    because: 'The revision that pullmedic asked for has another template than the one that it meant.',
    decide: revisionDiffers,
  },
  {
    name: 'not-a-pull',
    because: 'The log speaks of something else than a failed pull, and nothing that Azure shows contradicts it.',
    decide: notAPull,
  },
  {
    name: 'no-pull-trouble',
    because: 'Neither the log nor Azure says that a pull is failing.',
    decide: noPullTrouble,
    excludesNext: true,
  },
  {
    name: 'deployment-rejected',
    because:
      'Azure rejected the deployment, so the platform tries nothing again by itself, and the cause is gone or passing.',
    decide: deploymentRejected,
    excludesNext: true,
  },
  {
    name: 'partly-recovered',
    because: 'The image was pulled for some of the replicas that the app wants, and not for all of them yet.',
    decide: partlyRecovered,
  },
  {
    name: 'cause-put-right',
    because: 'What was wrong is put right, and the platform needs some time to notice.',
    decide: causePutRight,
  },
  {
    name: 'registry-in-trouble',
    because: 'The registry throttles or answers with errors, which mostly passes by itself.',
    decide: registryInTrouble,
  },
  {
    name: 'could-not-read',
    because: 'Something could not be read for a reason that passes, and without it no cause is proved.',
    decide: couldNotRead,
  },
  {
    name: 'failure-is-over',
    because: 'Pulls failed a short time ago, everything serves now, and nothing proves that it goes on failing.',
    decide: failureIsOver,
    excludesNext: true,
  },
  {
    name: 'text-is-missing',
    because: 'Nothing explains what Azure shows, and no text speaks of a failed pull yet.',
    decide: textIsMissing,
    excludesNext: true,
  },
  {
    name: 'token-may-be-stale',
    because: 'Everything that was checked is right, so a restart may help: a person is asked.',
    decide: tokenMayBeStale,
  },
  {
    name: 'cause-in-doubt',
    because: 'No cause is proved, or several are at once.',
    decide: causeInDoubt,
    excludesNext: true,
  },
  {
    name: 'group-role-propagates',
    because: 'The identity has the role through a group, and nothing can hurry that.',
    decide: groupRolePropagates,
    excludesNext: true,
  },
  {
    name: 'own-role-propagates',
    because:
      'The role was assigned a short time ago: it is not in effect yet, or the log row about the pull is still missing.',
    decide: ownRolePropagates,
    excludesNext: true,
  },
  {
    name: 'role-is-missing',
    because: 'The role that allows the pull is proved to be missing.',
    decide: roleIsMissing,
  },
  lastRule,
];

/** The sentence of a rule; `undefined` for a name that only another version knows. */
export function sentenceOfRule(name: string): string | undefined {
  return rules.find((rule) => rule.name === name)?.because;
}
