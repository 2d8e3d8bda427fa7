// Half sentences about a remediation that several pages say: what is wrong, what was done, how long each stage took.

import type { CloseReason } from '../history/closing.ts';
import { sayPartly } from '../history/replica-count.ts';
import { sayRepeats } from '../words/say-repeats.ts';
import { exactInstant, sayLength } from './pieces.ts';
import type { RemediationView } from './views.ts';
import { sayCause, sayCauseReads } from './words.ts';

/** What is wrong and how sure that is, without a full stop. */
export function sayCauses(view: RemediationView): string {
  if (view.causes.length === 0) return sayStoodDown(view.closed?.because) ?? 'no cause named';
  const now =
    view.causeReads === undefined || view.closed !== undefined
      ? ''
      : `; now ${sayCauseReads(view.causeReads, view.target.appId)}`;
  const partly = view.partly === undefined ? '' : `; ${sayPartly(view.partly, view.target.appId)}`;
  return `${view.causes.map((cause) => sayCause(cause, view.target.appId)).join(' and ')} (${view.sureness ?? 'unexplained'})${now}${partly}`;
}

/** What a remediation that ended so was instead of a failed pull; `undefined` for other endings. */
export function sayStoodDown(because: CloseReason | undefined): string | undefined {
  return because === undefined ? undefined : standDownWords[because];
}

const standDownWords: Readonly<Partial<Record<CloseReason, string>>> = {
  'not-a-pull-failure': 'not a pull failure',
  'push-refused': 'the registry refused a push, not a pull',
  'build-refused': 'the registry refused a build, not a pull',
  'nothing-failing': 'nothing was failing',
  'waits-for-another': 'another image of the app cannot be pulled',
};

/** The state for a badge. Between an answer and the look that acts on it, the history still asks; a reader has answered already. */
export function shownState({
  closed,
  state,
  approval,
}: Pick<RemediationView, 'closed' | 'state' | 'approval'>): string {
  if (closed !== undefined) return closed.how;
  const answered = approval?.state === 'approved' || approval?.state === 'rejected';
  return state === 'needs-approval' && answered ? approval.state : state;
}

/** The changes that pullmedic made or tried, without a full stop. */
export function sayActions(view: Pick<RemediationView, 'actions' | 'undo'>): string {
  if (view.actions.length === 0) return 'pullmedic changed nothing';
  return `${sayRepeats(view.actions.map((action) => `${action.action}: ${action.outcome}`)).join(', ')}${sayTakenBack(view.undo)}`;
}

/** The end of a sentence about the changes, where the grant among them is not there any more. */
function sayTakenBack(undo: RemediationView['undo']): string {
  if (undo?.state !== 'removed' && undo?.state !== 'already-gone') return '';
  const what = undo.state === 'removed' ? 'the grant was taken back' : 'the grant was gone already';
  return `; ${what}${undo.endedAtMs === undefined ? '' : ` at ${exactInstant(undo.endedAtMs)}`}`;
}

/** How long after the failure each stage came: detected, diagnosed, recovered. Empty text where none is known. */
export function sayTimes({ times }: Pick<RemediationView, 'times'>): string {
  const from = times.failedAtMs ?? times.detectedAtMs;
  const parts = [
    times.failedAtMs === undefined ? undefined : `detected after ${sayLength(times.detectedAtMs - from)}`,
    times.diagnosedAtMs === undefined ? undefined : `diagnosed after ${sayLength(times.diagnosedAtMs - from)}`,
    times.recoveredAtMs === undefined ? undefined : `recovered after ${sayLength(times.recoveredAtMs - from)}`,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

/** The text with the identity's name before its principal id, where a reader has no list of facts beside it that holds the id. */
export function withNamedPrincipal(text: string, { pullsAs }: Pick<RemediationView, 'pullsAs'>): string {
  if (pullsAs === undefined) return text;
  const { principalId, name } = pullsAs;
  return text.replaceAll(principalId, `${name} (principal ${principalId})`);
}

/** The text with the identity's name in place of its principal id, which says nothing to a person. */
export function withIdentityName(text: string, { pullsAs }: Pick<RemediationView, 'pullsAs'>): string {
  return pullsAs === undefined ? text : text.replaceAll(pullsAs.principalId, pullsAs.name);
}
