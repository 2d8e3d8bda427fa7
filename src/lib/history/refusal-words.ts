// The words for every reason for which a guard refuses.

import type { ArmId } from '../words/arm-id.ts';
import { sayInstant } from '../words/say-instant.ts';
import { sayFor } from '../workloads/sentences.ts';
import { codeOf, type Refusal, type RefusalCode } from './refusals.ts';

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
  'cause-not-proved: suspected': 'the cause is a suspicion: a person has to say yes first',
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
  'another-image: missing':
    'another image of the app still cannot be pulled, so that the app would not work with this one alone',
  'another-image: unreadable': 'whether another image of the app still cannot be pulled could not be read',
  'start-again: off': 'the settings do not let pullmedic start jobs (retry.startJobs)',
  'start-again: not-manual': 'only a job that people start is started again: a schedule or an event starts the others',
  'start-again: started-before': 'this job was started again within the last day, and it is never started twice',
  'start-again: started-since':
    'another execution was started since the cause was put right, so a person looks after the job',
  'start-again: stopped': 'the last execution was stopped by a person',
  'start-again: suspended': 'the job is suspended, and only a person resumes it',
  'start-again: may-have-run': 'the last execution may have begun its work, and another one would do that work twice',
  'start-again: unreadable': 'whether the job may be started again could not be read',
  'never-restarted: job': 'nothing of a job is restarted: its next execution pulls by itself',
  'never-restarted: group': 'a container group has no revisions: a change of it is a deployment',
  'never-restarted: group-without-consent':
    'a restart stops every container of the group, and the setting retry.restartGroups does not allow it',
  'never-restarted: group-lives': 'the platform goes on trying for the container group by itself',
  'never-restarted: group-ended': 'the container group is over, and only a new deployment starts it again',
  'healthy-replicas: serving': 'the revision has replicas that serve',
  'healthy-replicas: starting': 'a replica of the revision has its images and is starting',
  'healthy-replicas: worked': 'a container of the group has ended, and a restart would do its work again',
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

/** A code that this version does not know stands for itself. `of`: the workload that it is about, whose words are used. */
export function sayRefusalCode(code: string, of?: ArmId): string {
  const words: Readonly<Partial<Record<string, string>>> = { ...earlierRefusalWords, ...refusalWords };
  return sayFor(of, words[code] ?? code);
}

export function sayRefusal(refusal: Refusal, of?: ArmId): string {
  const code = codeOf(refusal);
  const last = refusal.removedAtMs === undefined ? '' : `, last at ${sayInstant(refusal.removedAtMs)}`;
  return `${sayRefusalCode(code, of)} (${code}${last})`;
}
