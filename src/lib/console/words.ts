// Turns codes into the sentences that people read on pages: reasons, outcomes, decisions and entries.

import type { Cause } from '../causes/causes.ts';
import { storedCause } from '../causes/causes.ts';
import type { Asked } from '../history/asked.ts';
import { sayBinding } from '../history/binding-refusal.ts';
import type { CauseReads } from '../history/cause-reads.ts';
import type { CloseReason } from '../history/closing.ts';
import type { Decision, WaitReason } from '../history/decision.ts';
import type { ActionName, Entry, KillSwitchMeanwhile, PutOffReason, UndoOutcome } from '../history/entries.ts';
import { shortName } from '../history/finding-words.ts';
import type { Grant } from '../history/grant.ts';
import type { HistoryTrouble } from '../history/ledger.ts';
import type { Refusal, RefusalCode } from '../history/refusals.ts';
import { codeOf } from '../history/refusals.ts';
import { sayPartly } from '../history/replica-count.ts';
import { roleName } from '../runbooks/roles.ts';
import { sayUnreadable } from '../words/fact.ts';
import { sayInstant } from '../words/say-instant.ts';
import { sayRestart } from './retry-words.ts';
import { sayVia } from './via-words.ts';

export function sayCause(cause: Cause): string {
  return storedCause(cause)?.sentence ?? cause;
}

export function sayGrant({ roleId, principalId, registryId, repository }: Grant): string {
  const limit = repository === undefined ? '' : ` for the repository ${repository}`;
  return `${roleName(roleId)} to ${principalId} on the registry ${shortName(registryId)}${limit}`;
}

/** What a question is about, after "Asks for approval to". */
export function sayAsked(about: Asked): string {
  if ('grant' in about) return `grant ${sayGrant(about.grant)}`;
  if ('newRevision' in about) return 'ask for a new revision of the same template';
  const times =
    about.upTo === undefined || about.upTo === 1
      ? ''
      : `, up to ${about.upTo} times within 15 minutes of a yes, while nothing of it serves`;
  return `restart ${about.restart}${times}`;
}

function askedNoun(about: Asked): string {
  if ('grant' in about) return 'grant';
  return 'restart' in about ? 'restart' : 'new revision';
}

/** The words for every reason of every guard. A reason without words does not compile. */
const refusalWords: Readonly<Record<RefusalCode, string>> = {
  'mode: observe': 'the mode is observe: it proposes and changes nothing',
  'mode: approval-needed': 'the mode is approve: a person has to say yes first',
  'approval: rejected': 'a person said no',
  'approval: expired': 'no person answered in time',
  'refused-before: rejected':
    'a person said no to this grant before, and that binds every app and image until a person says otherwise',
  'refused-before: unanswered':
    'a question about this grant expired without an answer before, so a person is asked again',
  'refused-before: unreadable': 'whether a person refused this grant before could not be read',
  'kill-switch: on': 'the kill switch is on',
  'kill-switch: unreadable': 'the kill switch could not be read, and that counts as on',
  'scope: outside': 'the app is outside the configured scope',
  'registry-not-opted-in: not-configured': 'the settings do not opt this registry in',
  'registry-denies: tag': 'the registry carries the tag pullmedic=deny',
  'registry-denies: unreadable': 'the registry could not be read, and it may say no',
  'consumer-not-listed: nobody-is': 'the registry’s list of consumers is empty, so no app may get a role on it',
  'consumer-not-listed: not-this-app': 'the app is not on the registry’s list of consumers',
  'not-the-declared-identity: another-principal': 'the grant would be for another identity than the app declares',
  'not-the-declared-identity: wrong-role': 'the grant would be of another role than the one that permits the pull',
  'not-the-declared-identity: gone': 'the identity that the app declares no longer exists',
  'not-the-declared-identity: existence-unreadable': 'whether the declared identity still exists could not be read',
  'not-the-declared-identity: not-assigned': 'the declared identity is not assigned to the app',
  'not-the-declared-identity: no-principal': 'the identity that the app declares has no principal',
  'not-the-declared-identity: credential': 'the app pulls with a user name and a secret',
  'not-the-declared-identity: not-configured': 'the app declares no identity for the registry',
  'not-the-declared-identity: cannot-tell': 'which identity the app declares could not be read',
  'another-tenant: identity': 'the identity and the registry belong to different tenants',
  'another-tenant: unreadable': 'whether the identity is of the registry’s tenant could not be read',
  'identity-shared: too-many': 'more apps hold this identity than the limit allows, and all of them would get the role',
  'identity-shared: outside-consumers':
    'a resource that is not on the registry’s list of consumers holds this identity too',
  'identity-shared: cannot-complete':
    'resources that pullmedic cannot list may hold this identity too, and the registry’s list of consumers does not name the identity',
  'identity-shared: federated':
    'federated credentials let workloads outside of Azure’s resources sign in as this identity, and the registry’s list of consumers does not name it',
  'identity-shared: unreadable': 'the other holders of this identity could not be read',
  'role-removed: taken-away': 'another person or system removed this role',
  'role-removed: too-young': 'a role was here a moment ago, and the log does not say yet who removed it',
  'role-removed: had-access': 'this identity was seen with access to the registry, and has none now',
  'role-removed: cannot-tell-whose': 'a role was removed here, and the log does not say whose role it was',
  'role-removed: answer-lost':
    'the answer to the same grant was lost, and the grant is not there: it may have been made and removed',
  'role-removed: undone': 'a person took this very grant back',
  'role-removed: undone-unreadable': 'whether a person took this grant back could not be read',
  'role-removed: unreadable': 'whether this role was removed could not be read',
  'deny-assignment: applies': 'a deny assignment forbids the pull: the role would be of no use',
  'deny-assignment: cannot-tell': 'a deny assignment may forbid the pull',
  'deny-assignment: unreadable': 'deny assignments could not be read',
  'network: blocks': 'the network blocks the pull: the role alone would not help',
  'network: cannot-tell': 'pullmedic cannot tell whether the network allows the pull',
  'evidence-too-old: minutes': 'the facts were read minutes ago and may be outdated',
  'superseded: changed': 'the app changed since it was read',
  'superseded: unreadable': 'whether the app changed since it was read could not be read',
  'superseded: granted-meanwhile': 'the same grant was made for another app a moment ago',
  'superseded: template-differs':
    'the new revision does not have the expected template: another deployment came in the same moment',
  'did-not-last: granted-before': 'the same grant was made before and did not last',
  'failed-before: failed': 'the same change failed before',
  'failed-before: refused': 'Azure refused the same change before',
  'failed-before: throttled': 'Azure throttled the same change before',
  'failed-before: conflict': 'Azure answered again and again that another operation on the app is under way',
  'failed-before: unreadable': 'the existing assignments could not be read before',
  'failed-before: principal-not-found': 'the directory does not know this identity',
  'failed-before: not-made': 'the same change was asked for before and was not made',
  'target-limit: grants-per-day':
    'the daily limit of grants for this app, or for its identity on this registry, is reached',
  'restart-limit: revision': 'this revision had its number of restarts for today, whichever image they were made for',
  'restart-limit: app': 'the revisions of this app had their number of restarts for today',
  'restart-limit: retries':
    'this revision had its number of retries after one grant, or after one cause that was put right',
  'restart-limit: same-rung': 'another remediation of the revision made this retry a moment before',
  'restart-limit: busy': 'other instances counted restarts of this app too often to be sure of the limit',
  'restart-limit: unreadable': 'the restarts of this app could not be read',
  'recurrence-limit: came-back': 'it was repaired several times this week and came back each time',
  'hourly-limit: reached': 'the hourly limit of grants is reached',
  'hourly-limit: busy': 'other instances changed the count of grants too often to be sure of the limit',
  'hourly-limit: unreadable': 'the grants of the last hour could not be read',
  'breaker: unproven-grants': 'after the last grants no app recovered, so pullmedic makes no further one for a while',
  'breaker: probe-pending': 'one grant is being tried after several that did not help, and its result is not known yet',
  'slow-start: reached': 'pullmedic started a short time ago and begins with a few grants',
  'slow-start: unreadable': 'the start time of pullmedic could not be read',
  'healthy-replicas: serving': 'the revision has replicas that serve',
  'healthy-replicas: starting': 'a replica of the revision has its images and is starting',
  'healthy-replicas: unreadable': 'whether the revision has replicas that serve could not be read',
  'pull-under-way: pulling': 'a replica of the revision is pulling its image, and a restart would begin that pull anew',
  'pull-under-way: too-long':
    'a replica of the revision has been in one and the same pull for too long, and a person decides whether to end it',
  'pull-under-way: unreadable': 'whether a replica of the revision is pulling its image could not be read',
  'traffic-pinned: several-revisions':
    'the app runs several revisions, and a person decides which of them gets the traffic',
  'traffic-pinned: weights': 'the traffic is pinned to a revision or a label',
  'traffic-pinned: unreadable': 'which revision gets the traffic of the app could not be read',
  'undo: off': 'undo is not switched on',
  'undo: nothing-made': 'there is no assignment of pullmedic to remove',
  'undo: not-what-was-made': 'the assignment differs from the one that pullmedic made',
  'undo: others-rely':
    'other apps or remediations rely on this assignment, and the person did not ask for the undo anyway',
  'undo: reliance-unreadable':
    'who else relies on this assignment could not be read, and the person did not ask for the undo anyway',
  'alert-state: another-subscription': 'the alert belongs to a subscription that pullmedic does not look after',
  'alert-state: unreadable': 'the alert could not be read',
  'alert-state: gone': 'the alert no longer exists',
  'alert-state: another-alert': 'Azure answered with another alert',
  'alert-state: another-rule': 'the alert comes from another rule than the signal said',
  'alert-state: another-app': 'the alert did not fire for this app',
  'alert-state: another-trouble': 'the alert is about neither the system log nor a failed write',
  'alert-state: cannot-tell-which-app': 'the alert names an app, and several apps have that name',
  'alert-state: not-fired': 'the alert is no longer fired and new',
  'alert-state: already-so': 'the alert has this state already',
  'alert-state: closed': 'another person or system closed the alert',
  'alert-state: set-back': 'another person or system set the alert back to new after pullmedic acknowledged it',
  'alert-state: still-needed': 'the alert is also about another image of this app, which has not recovered',
};

/** Codes that only earlier versions wrote. */
const earlierRefusalWords = {
  'target-limit: restarts-per-day': 'the daily limit of restarts for this app and image is reached',
} as const;

/** A code that this version does not know stands for itself. */
export function sayRefusalCode(code: string): string {
  const words: Readonly<Partial<Record<string, string>>> = { ...earlierRefusalWords, ...refusalWords };
  return words[code] ?? code;
}

export function sayRefusal(refusal: Refusal): string {
  const code = codeOf(refusal);
  const last = refusal.removedAtMs === undefined ? '' : `, last at ${sayInstant(refusal.removedAtMs)}`;
  return `${sayRefusalCode(code)} (${code}${last})`;
}

const actionWords: Readonly<Record<ActionName, string>> = {
  grant: 'grant',
  restart: 'restart',
  'new-revision': 'new revision',
};

function sayOutcome(entry: Entry & { kind: 'outcome' }): string {
  const { action, outcome, because } = entry;
  const what = `${actionWords[action]}: ${outcome}`;
  const meanwhile = sayKillSwitchMeanwhile(entry);
  if (because === undefined) return `${what}${meanwhile}`;
  const words = sayRefusalCode(because);
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
  'registry-busy': 'The registry throttles or fails; waits for the registry, and the platform pulls again by itself.',
  'proving-recovery': 'A replica is ready; waits for the log row that says the image was pulled.',
  'no-text-yet': 'There is no log text yet; reads again later.',
  'slow-start':
    'Waits, because pullmedic started a short time ago and begins with a few grants; then it goes on by itself.',
  'answer-lost':
    'The answer to a grant was lost, and the grant is not there; waits until the Activity Log would show who removed it.',
  'grant-throttled': 'Azure throttled the grant; waits a few minutes and tries it once more.',
  'restart-takes-effect': 'The revision was restarted a short time ago; waits for its effect.',
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
  'nothing-failing': 'Nothing is failing.',
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
export function sayWait(because: string): string {
  const words: Readonly<Partial<Record<string, string>>> = waitWords;
  return words[because] ?? because;
}

export function sayClose(because: CloseReason): string {
  return closeWords[because];
}

/** Names the restart that is waited for: another remediation of the app may have made it. */
function sayWaiting({ because, restart }: Decision & { do: 'wait' }): string {
  return restart === undefined
    ? waitWords[because]
    : `Remediation ${restart.remediation} restarted ${restart.revision} a short time ago; waits for the effect.`;
}

export function sayDecision(decision: Decision): string {
  switch (decision.do) {
    case 'grant':
      return `Grants ${sayGrant(decision.grant)}: ${sayCause(decision.because)}.`;
    case 'restart':
      return sayRestart(decision);
    case 'new-revision':
      return decision.because === 'restart-refused'
        ? `Asks for the new revision ${decision.revision} of the same template: Azure refused the restart.`
        : `Asks for the new revision ${decision.revision} of the same template: Azure rejected the deployment, and its cause is gone.`;
    case 'wait':
      return sayWaiting(decision);
    case 'ask':
      return `Asks for approval to ${sayAsked(decision)}: ${sayCause(decision.cause)}.`;
    case 'incident':
      return `Asks a person: ${sayCause(decision.cause)}.${decision.grant === undefined ? '' : ` Would grant ${sayGrant(decision.grant)}.`}`;
    case 'close':
      return closeWords[decision.because];
  }
}

/** The headline of an entry in a timeline. */
export function sayEntry(entry: Entry): string {
  switch (entry.kind) {
    case 'opened':
      return `Opened by ${sayVia(entry.signal.via)} for ${entry.target.image} (mode ${entry.mode})`;
    case 'signal-joined':
      return `Joined by ${sayVia(entry.signal.via)}`;
    case 'looked':
      return `Looked: ${sayLook(entry)}`;
    case 'decided':
      return sayDecision(entry.decision);
    case 'outcome':
      return sayOutcome(entry);
    case 'answered':
      return `The ${askedNoun(entry)} was ${entry.answer} by ${entry.by}${entry.question === undefined ? '' : ` (question ${entry.question})`}`;
    case 'asked-again':
      return `${entry.by} wants question ${entry.question} to be asked again`;
    case 'undo-asked':
      return `${entry.by} asks to take back ${sayGrant(entry.grant)}${entry.anyway === true ? ', also if others rely on it' : ''}`;
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
      return `Closed as ${entry.how}. ${closeWords[entry.because]}`;
  }
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
function sayLook({ diagnosis, causeReads, progress }: Entry & { kind: 'looked' }): string {
  const causes = `${diagnosis.causes.map(sayCause).join(' and ')} (${diagnosis.sure})`;
  if (progress.partly !== undefined) return `${sayPartly(progress.partly)}; ${causes}`;
  if (causeReads === undefined) return causes;
  switch (causeReads) {
    case 'clear':
    case 'cannot-tell':
      return sayCauseReads(causeReads);
    case 'true':
    case 'suspected':
      return `${sayCauseReads(causeReads)}: ${causes}`;
  }
}

const causeReadsWords: Readonly<Record<CauseReads, string>> = {
  clear: 'the app serves, nothing is failing, and the cause reads clear',
  'cannot-tell': 'the app serves, nothing is failing, and whether the cause reads clear cannot be told',
  true: 'the app serves, and yet a cause still reads true',
  suspected: 'the app serves, nothing is failing, and a cause is still suspected',
};

/** How the cause reads where the app serves: half a sentence. */
export function sayCauseReads(reads: CauseReads): string {
  return causeReadsWords[reads];
}

/** Why pullmedic withheld an action: the words of every guard that refused. */
export function sayWithheld(entry: Entry): readonly string[] {
  if (entry.kind === 'undo-decided') return entry.refusals.map(sayRefusal);
  if (entry.kind !== 'decided') return [];
  return [...entry.refusals.map(sayRefusal), ...(entry.bound === undefined ? [] : [sayBinding(entry.bound)])];
}

const troubles: Readonly<Record<HistoryTrouble, string>> = {
  'newer-version': 'written by a newer version',
  broken: 'its entries do not add up',
  'not-understood': 'an entry has a content that this version does not understand',
};

export function sayUnreadableHistory(why: HistoryTrouble): string {
  return `history cannot be read: ${troubles[why]}`;
}
