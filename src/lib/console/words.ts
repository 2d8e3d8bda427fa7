// Turns codes into the sentences that people read on pages: reasons, outcomes, decisions and entries.

import type { Cause } from '../causes/causes.ts';
import { storedCause } from '../causes/causes.ts';
import type { Asked } from '../history/asked.ts';
import { sayBinding } from '../history/binding-refusal.ts';
import type { CauseReads } from '../history/cause-reads.ts';
import type { CloseReason } from '../history/closing.ts';
import type { Decision, WaitReason } from '../history/decision.ts';
import type { Sureness } from '../history/diagnosis.ts';
import type { ActionName, Entry, KillSwitchMeanwhile, PutOffReason, UndoOutcome } from '../history/entries.ts';
import type { HistoryTrouble } from '../history/ledger.ts';
import { sayRefusal, sayRefusalCode } from '../history/refusal-words.ts';
import { sayPartly } from '../history/replica-count.ts';
import { sayAsked, sayGrant } from '../incidents/question-words.ts';
import type { Signal } from '../signals/signal.ts';
import type { ArmId } from '../words/arm-id.ts';
import { sayUnreadable } from '../words/fact.ts';
import { sayInstant } from '../words/say-instant.ts';
import { withoutUserinfo } from '../words/userinfo.ts';
import { sayFor } from '../workloads/sentences.ts';
import { sayRestart } from './retry-words.ts';
import { sayVia } from './via-words.ts';

export { sayRefusal, sayRefusalCode } from '../history/refusal-words.ts';
export { sayAsked, sayAskedCause, sayGrant } from '../incidents/question-words.ts';

/** `of`, here and below: the workload that it is about, whose words are used. */
export function sayCause(cause: Cause, of?: ArmId): string {
  return sayFor(of, storedCause(cause)?.sentence ?? cause);
}

function askedNoun(about: Asked): string {
  if ('grant' in about) return 'grant';
  return 'restart' in about ? 'restart' : 'new revision';
}

const actionWords: Readonly<Record<ActionName, string>> = {
  grant: 'grant',
  restart: 'restart',
  'new-revision': 'new revision',
  start: 'start of the job',
};

function sayOutcome(entry: Entry & { kind: 'outcome' }, of?: ArmId): string {
  const { action, outcome, because } = entry;
  const what = `${actionWords[action]}: ${outcome}`;
  const meanwhile = sayKillSwitchMeanwhile(entry);
  if (because === undefined) return `${what}${meanwhile}`;
  const words = sayRefusalCode(because, of);
  return `${words === because ? `${what} (${because})` : `${what}, because ${words} (${because})`}${meanwhile}`;
}

/** The end of the sentence about a change, where the kill switch was no longer off after it. */
function sayKillSwitchMeanwhile({
  killSwitchMeanwhile,
}: {
  readonly killSwitchMeanwhile?: KillSwitchMeanwhile;
}): string {
  if (killSwitchMeanwhile === undefined) return '';
  switch (killSwitchMeanwhile) {
    case 'on':
      return '; the kill switch was set on while this call was under way';
    case 'unreadable':
      return '; whether the kill switch was set on while this call was under way could not be read';
  }
}

/** One sentence for each reason to wait. */
export const waitWords = {
  'role-propagating': 'Waits for the role to take effect.',
  'cause-cleared': 'The cause is gone; waits for the next pull.',
  'proving-stability': 'The image was pulled and a replica is ready; watches whether the replica stays ready.',
  'tokens-refresh':
    'The registry rejects tokens from before it moved to repository permissions; waits until the platform has a new one.',
  'registry-busy': 'The registry throttles or fails; waits for the registry, and the platform pulls again by itself.',
  'proving-recovery': 'A replica is ready; waits for the log row that says the image was pulled.',
  'no-text-yet': 'There is no log text yet; reads again later.',
  'slow-start':
    'Waits, because pullmedic started a short time ago and begins with a few grants; then it goes on by itself.',
  'answer-lost':
    'The answer to a grant was lost, and the grant is not there; waits until the Activity Log would show who removed it.',
  'grant-throttled': 'Azure throttled the grant; waits a few minutes and tries it once more.',
  'restart-takes-effect': 'The revision was restarted a short time ago; waits for its effect.',
  'next-execution': 'No execution of the job waits any more; waits for the next one, which pulls by itself.',
  'another-image':
    'The cause is gone, and another image of the app still cannot be pulled; waits for that one, which has a remediation of its own.',
  'pulling-now': 'A replica is pulling the image; waits until that pull ends.',
  'partly-recovered': 'Some of the replicas have recovered; watches until all of them have.',
  'looking-again': 'Looks again.',
} as const satisfies Readonly<Record<WaitReason, string>>;

const closeWords: Readonly<Record<CloseReason, string>> = {
  'pulled-and-ready': 'The image was pulled and the replica stayed ready.',
  'not-a-pull-failure': 'This is not a pull failure: stood down.',
  'push-refused':
    'The registry refused a push, not a pull: stood down. The identity that pushes needs the role AcrPush (Container Registry Repository Writer where the registry uses repository permissions), and the network rules of the registry must allow its address.',
  'build-refused':
    'The registry refused a build, not a pull: stood down. A build in the registry (az acr build) comes from an address of Azure: run it on an agent pool in your network, or build on a machine that the registry allows and push from there.',
  'app-gone': 'The app is gone.',
  deactivated: 'The revisions with this image were deactivated.',
  superseded: 'The app no longer asks for this image.',
  'not-tried-again':
    'Azure refused the write of the app, and no write of it has been tried for seven days or longer. That is no recovery: the image was not pulled.',
  'nothing-failing': 'Nothing is failing.',
  'waits-for-another': 'Another image of the app cannot be pulled, and this one only waits for it: stood down.',
  'ready-without-a-row': 'A replica is ready, but no log row says that the image was pulled: a recovery is not proved.',
  'no-replica-asked-to-start': 'No replica was asked to start, so a recovery cannot be proved.',
};

/** One sentence for each reason to look later than planned. */
export const putOffWords: Readonly<Record<PutOffReason, string>> = {
  'over-budget': 'Put off: the budget for requests to Azure is spent for the moment.',
  'first-looks-first': 'Put off: requests to Azure are scarce, and apps that pullmedic has not looked at yet go first.',
};

const undoWords: Readonly<Record<UndoOutcome, string>> = {
  removed: 'the assignment is removed',
  'already-gone': 'another person or system had removed the assignment',
  failed: 'the assignment was not removed',
  unknown: 'Azure gave no answer; a later read will show the result',
  withheld: 'withheld',
};

const alertWords = { Acknowledged: 'acknowledged', Closed: 'closed' } as const;

function sayAlert(entry: Entry & { kind: 'alert-decided' | 'alert-outcome' }): string {
  const state = alertWords[entry.state];
  if (entry.kind === 'alert-decided')
    return entry.refusals.length === 0
      ? `Sets the alert to ${state}.`
      : `Leaves the alert as it is, and does not set it to ${state}.`;
  return `alert ${state}: ${entry.outcome}${entry.because === undefined ? '' : ` (${entry.because})`}${sayKillSwitchMeanwhile(entry)}`;
}

/** A code of an older version has no words; it stands for itself. */
export function sayWait(because: string, of?: ArmId): string {
  const words: Readonly<Partial<Record<string, string>>> = waitWords;
  return sayFor(of, words[because] ?? because);
}

export function sayClose(because: CloseReason, of?: ArmId): string {
  return sayFor(of, closeWords[because]);
}

/** Names the restart that is waited for: another remediation of the app may have made it. */
function sayWaiting({ because, restart, nextRunAtMs, keepsQuestion }: Decision & { do: 'wait' }, of?: ArmId): string {
  if (keepsQuestion !== undefined) return `${sayWait(because, of)} Question ${keepsQuestion} stays open meanwhile.`;
  if (nextRunAtMs !== undefined) return `${sayWait(because, of)} Its schedule starts it at ${sayInstant(nextRunAtMs)}.`;
  return restart === undefined
    ? sayWait(because, of)
    : `Remediation ${restart.remediation} restarted ${restart.revision} a short time ago; waits for the effect.`;
}

/** The cause that a decision names, as sure as it was. Without `sure` it is not known how sure that was. */
function sayDecidedCause(cause: Cause, of: ArmId | undefined, sure: Sureness | undefined): string {
  return `${sayCause(cause, of)}${sure === undefined ? '' : ` (${sure})`}`;
}

/** `sure`: how sure the cause was that the decision names, which the look before it says. */
export function sayDecision(decision: Decision, of?: ArmId, sure?: Sureness): string {
  switch (decision.do) {
    case 'grant':
      return `Grants ${sayGrant(decision.grant)}: ${sayDecidedCause(decision.because, of, sure)}.`;
    case 'restart':
      return sayRestart(decision);
    case 'new-revision':
      return decision.because === 'restart-refused'
        ? `Asks for the new revision ${decision.revision} of the same template: Azure refused the restart.`
        : `Asks for the new revision ${decision.revision} of the same template: Azure rejected the deployment, and its cause is gone.`;
    case 'start':
      return `Starts the job again, in the place of ${decision.execution}: that execution ended without its image, and the cause is put right.`;
    case 'wait':
      return sayWaiting(decision, of);
    case 'ask':
      return `Asks for approval to ${sayAsked(decision)}: ${sayDecidedCause(decision.cause, of, sure)}.`;
    case 'incident':
      return `Hands over to a person: ${sayDecidedCause(decision.cause, of, sure)}.${decision.grant === undefined ? '' : ` Would grant ${sayGrant(decision.grant)}.`}`;
    case 'close':
      return sayClose(decision.because, of);
  }
}

/** The headline of an entry in a timeline. `sure`: of a decision, how sure the cause was that it names. */
export function sayEntry(entry: Entry, of?: ArmId, sure?: Sureness): string {
  switch (entry.kind) {
    case 'opened':
      return `Opened by ${sayVia(entry.signal.via)}${sayWhoAsked(entry.signal.asked)} for ${withoutUserinfo(entry.target.image)} (mode ${entry.mode})`;
    case 'signal-joined':
      return `Joined by ${sayVia(entry.signal.via)}${sayWhoAsked(entry.signal.asked)}`;
    case 'looked':
      return `Looked: ${sayLook(entry, of)}`;
    case 'decided':
      return sayDecision(entry.decision, of, sure);
    case 'outcome':
      return sayOutcome(entry, of);
    case 'answered':
      return `The ${askedNoun(entry)} was ${entry.answer} by ${entry.by}${entry.question === undefined ? '' : ` (question ${entry.question})`}${sayWhy(entry)}`;
    case 'asked-again':
      return `${entry.by} wants question ${entry.question} to be asked again${sayWhy(entry)}`;
    case 'undo-asked':
      return `${entry.by} asks to take back ${sayGrant(entry.grant)}${entry.anyway === true ? ', also if others rely on it' : ''}${sayWhy(entry)}`;
    case 'undo-decided':
      return entry.refusals.length === 0
        ? 'Removes the assignment that pullmedic made.'
        : 'Does not take the grant back.';
    case 'undo-outcome':
      return `undo: ${undoWords[entry.outcome]}${entry.because === undefined ? '' : ` (${entry.because})`}${sayKillSwitchMeanwhile(entry)}`;
    case 'alert-decided':
    case 'alert-outcome':
      return sayAlert(entry);
    case 'incident-linked':
      return `Joined incident ${entry.incident}`;
    case 'put-off':
      return putOffWords[entry.because];
    case 'closed':
      return `Closed as ${entry.how}. ${sayClose(entry.because, of)}`;
  }
}

/** The reason that a person gave, as the end of a sentence. */
function sayWhy({ why }: { readonly why?: string }): string {
  return why === undefined ? '' : `. Reason: ${why}`;
}

function sayWhoAsked(asked: Signal['asked']): string {
  return asked === undefined ? '' : ` (${asked.by}${asked.why === undefined ? '' : `: ${asked.why}`})`;
}

/** The facts that a look could not read, each with the reason. */
export function sayUnread(entry: Entry): readonly string[] {
  if (entry.kind !== 'looked') return [];
  return entry.unread.map((name) => {
    const why = entry.whyUnread?.[name];
    return why === undefined ? name : `${name} (${sayUnreadable(why)})`;
  });
}

/** What a look found; that the app serves comes first, because a cause that stops no pull does not count. */
function sayLook({ diagnosis, causeReads, progress }: Entry & { kind: 'looked' }, of?: ArmId): string {
  const causes = `${diagnosis.causes.map((cause) => sayCause(cause, of)).join(' and ')} (${diagnosis.sure})`;
  if (progress.partly !== undefined) return `${sayPartly(progress.partly, of)}; ${causes}`;
  if (causeReads === undefined) return causes;
  switch (causeReads) {
    case 'clear':
    case 'cannot-tell':
      return sayCauseReads(causeReads, of);
    case 'true':
    case 'suspected':
      return `${sayCauseReads(causeReads, of)}: ${causes}`;
  }
}

const causeReadsWords: Readonly<Record<CauseReads, string>> = {
  clear: 'the app serves, nothing is failing, and the cause reads clear',
  'cannot-tell': 'the app serves, nothing is failing, and whether the cause reads clear cannot be told',
  true: 'the app serves, and yet a cause still reads true',
  suspected: 'the app serves, nothing is failing, and a cause is still suspected',
};

/** How the cause reads where the app serves: half a sentence. */
export function sayCauseReads(reads: CauseReads, of?: ArmId): string {
  return sayFor(of, causeReadsWords[reads]);
}

/** Why pullmedic withheld an action: the words of every guard that refused. */
export function sayWithheld(entry: Entry, of?: ArmId): readonly string[] {
  if (entry.kind === 'undo-decided') return entry.refusals.map((one) => sayRefusal(one, of));
  if (entry.kind !== 'decided') return [];
  return [
    ...entry.refusals.map((one) => sayRefusal(one, of)),
    ...(entry.bound === undefined ? [] : [sayBinding(entry.bound)]),
  ];
}

const troubles: Readonly<Record<HistoryTrouble, string>> = {
  'newer-version': 'written by a newer version',
  broken: 'its entries do not add up',
  'not-understood': 'an entry has a content that this version does not understand',
  'archive-missing': 'its oldest entries are not in the table, and no archive holds them',
  'archive-broken': 'the archive does not hold its oldest entries as they were written',
  'archive-refused': 'pullmedic may not read the archive that holds its oldest entries',
};

export function sayUnreadableHistory(why: HistoryTrouble): string {
  return `history cannot be read: ${troubles[why]}`;
}
