// Codes turned into sentences: what the page says for each reason, finding and outcome.
import type { Decision } from '../decide.ts';
import type { Cause, Finding, FindingCode } from '../diagnose.ts';
import type { GuardName, Refusal } from '../guards.ts';
import type { CloseReason, Entry, Grant, PutOffReason, UndoOutcome } from '../history.ts';
import type { IncidentReason } from '../incident.ts';
import { roleName } from '../runbooks/roles.ts';

const causeWords: Readonly<Record<Cause, string>> = {
  'pull-role-missing': 'the identity has no role that lets it pull',
  'pull-role-propagating': 'the pull role is assigned and not in effect yet',
  'pull-role-removed': 'somebody took the pull role away',
  'registry-became-abac': 'the registry moved to repository permissions',
  'repository-condition': 'the condition of the role leaves this repository out',
  'deny-assignment': 'a deny assignment forbids the pull',
  'write-rejected': 'Azure rejected the deployment, and nothing tries it again',
  'identity-not-assigned': 'the registry entry names an identity that the app does not have',
  'identity-gone': 'the identity that the app declares no longer exists',
  'registry-not-configured': 'the app declares no identity for this registry',
  'arm-audience-disabled': 'the registry refuses tokens with the ARM audience',
  'credential-rejected': 'the registry rejects the user name and secret',
  'tag-missing': 'the image is not in the registry',
  'repository-missing': 'the registry has no such repository',
  'digest-missing': 'the registry has no image with this digest',
  'registry-firewall': 'the firewall of the registry refuses the app',
  'no-private-path': 'the registry is closed to the public network and has no way in',
  'private-endpoint-pending': 'the private endpoint waits for approval',
  'private-dns-unlinked': 'the private DNS zone is not linked to the network of the app',
  'private-dns-zone-group-missing': 'the private endpoint keeps no DNS records of its own',
  'private-dns-record-missing': 'the private DNS record of the registry is missing',
  'private-dns-record-stale': 'the private DNS record of the registry is wrong',
  'custom-dns': 'the DNS servers of the network decide, and Azure cannot see them',
  'egress-blocked': 'the network does not let the app reach the registry',
  'identity-egress-blocked': 'the network does not let the app reach the service that issues tokens',
  'name-wrong': 'the registry does not resolve, or it is none that can be seen from here',
  'rate-limited': 'the registry throttles the pulls',
  'registry-unavailable': 'the registry answers with errors',
  'tls-untrusted': 'the certificate of the registry is not trusted',
  'platform-mismatch': 'the image has no variant for this platform',
  'reference-invalid': 'the image name cannot be read',
  'image-invalid': 'the image cannot be unpacked',
  'no-space': 'the image does not fit on the disk',
  'platform-fault': 'an image of the platform itself cannot be pulled',
  unexplained: 'nothing that was checked explains it',
};

export function sayCause(cause: Cause): string {
  return causeWords[cause];
}

const findingWords: Readonly<Record<FindingCode, string>> = {
  'log-says': 'The log claims',
  'log-silent': 'The log says nothing about a pull',
  'log-unreadable': 'The log could not be read',
  'role-missing': 'No role of the identity lets it pull',
  'registry-changed-by': 'The registry was changed in the last day',
  'role-removed-by': 'The Activity Log says who removed the role',
  'condition-excludes': 'A role would let it pull, and its condition names other repositories',
  denied: 'A deny assignment forbids the pull, whatever the roles say',
  'denied-cannot-tell': 'Whether a deny assignment forbids the pull cannot be told',
  'role-elsewhere': 'Such a role is held by somebody else, or elsewhere',
  'identity-gone': 'The identity that the app declares is not there any more',
  'image-missing': 'The registry does not have the image',
  'image-exists': 'The registry has the image',
  'write-rejected': 'Azure rejected the write of the app, so there is no revision',
  'role-present': 'A role of the identity lets it pull',
  'role-of-group': 'A role lets it pull, and a group holds it: that can take a day to work',
  'role-young': 'The role was assigned a short time ago',
  'role-cannot-tell': 'Whether the identity may pull cannot be told',
  'pulled-before': 'The app pulled from this registry before',
  'network-allows': 'The network lets the pull through',
  'network-blocks': 'The network does not let the pull through',
  'network-cannot-tell': 'Whether the network lets the pull through cannot be told',
  'identity-declared': 'The app declares an identity for the registry',
  'identity-not-assigned': 'The declared identity is not assigned to the app',
  'identity-cannot-tell': 'Which identity pulls cannot be told',
  'registry-not-configured': 'The app declares nothing for the registry',
  'registry-not-found':
    'No readable subscription has this registry; if it is another tenant’s, a managed identity of this one cannot pull from it',
  'credential-used': 'The app pulls with a user name and a secret',
  'secret-missing': 'The registry entry names a secret that the app does not have',
  'admin-user-disabled': 'The admin user of the registry is disabled',
  'login-token-used': 'The user name goes with a token that is good for three hours',
  'token-disabled': 'The token of the registry that the app signs in with is disabled',
  'token-expired': 'No password of the token is good any more',
  'token-password-expired': 'A password of the token has expired, and the app may have that one',
  'token-unknown': 'The registry has no token of this name',
  'token-good': 'The token is enabled, and its passwords have not expired',
  'token-unreadable': 'Whether the token is enabled and its passwords are good could not be read',
  'service-principal-used':
    'The user name is an application of Entra: when its secret expires is kept there, where pullmedic does not look',
  'entry-for-another-host': 'The app has an entry that was probably meant for this registry',
  'arm-audience-disabled': 'The registry refuses tokens with the ARM audience',
};

/** A resource by its own name: pages are read on phones, and the JSON beside them has the whole id. */
function short(value: string): string {
  return value.startsWith('/subscriptions/') ? (value.split('/').at(-1) ?? value) : value;
}

export function sayGrant({ roleId, principalId, registryId, repository }: Grant): string {
  const limit = repository === undefined ? '' : ` for the repository ${repository}`;
  return `${roleName(roleId)} to ${principalId} on the registry ${short(registryId)}${limit}`;
}

export function sayFinding(finding: Finding): string {
  const values = Object.entries(finding.detail).map(([name, value]) => `${name}: ${short(value)}`);
  return values.length === 0 ? findingWords[finding.code] : `${findingWords[finding.code]} (${values.join('; ')})`;
}

const guardWords: Readonly<Record<GuardName, string>> = {
  mode: 'the mode does not allow it',
  approval: 'no person approved it',
  'kill-switch': 'the kill switch',
  scope: 'the app is outside the configured scope',
  'registry-not-opted-in': 'nobody opted this registry in',
  'registry-denies': 'the registry says no',
  'consumer-not-listed': 'the app is not on the registry’s list of consumers',
  'not-the-declared-identity': 'it would not be the identity that the app declares',
  'role-removed': 'somebody removed this role',
  'deny-assignment': 'a deny assignment forbids the pull, or may',
  network: 'the network does not clearly allow the pull',
  'evidence-too-old': 'the evidence is too old',
  superseded: 'the app changed since it was read',
  'did-not-last': 'the same grant was made before and did not last',
  'failed-before': 'the grant failed before',
  'target-limit': 'the limit for this target is reached',
  'recurrence-limit': 'it came back too often',
  'hourly-limit': 'the hourly limit is reached',
  breaker: 'too many grants did not help',
  'healthy-replicas': 'the revision has replicas that serve',
  undo: 'it cannot be taken back',
};

export function sayRefusal(refusal: Refusal): string {
  return `${guardWords[refusal.guard]} (${refusal.guard}: ${refusal.why})`;
}

const waitWords = {
  'role-propagating': 'Waits for the role to take effect.',
  'cause-cleared': 'What was wrong is put right; waits for the next pull.',
  'proving-stability': 'The image was pulled and a replica is ready; watches that it stays so.',
  'registry-busy': 'The registry throttles or fails; waits for it, the platform pulls again by itself.',
  'proving-recovery': 'A replica is ready; waits for the row that says the image was pulled.',
  'no-text-yet': 'Nothing to read yet; asks again.',
  'looking-again': 'Looks again.',
} as const;

const closeWords: Readonly<Record<CloseReason, string>> = {
  'pulled-and-ready': 'The image was pulled and the replica stayed ready.',
  'not-a-pull-failure': 'This is not a pull failure: stood down.',
  'app-gone': 'The app is gone.',
  deactivated: 'Somebody deactivated the revisions with this image.',
  superseded: 'The app no longer asks for this image.',
  'nothing-failing': 'Nothing is failing.',
  'ready-without-a-row': 'A replica is ready, and no row ever said that the image was pulled: not called recovered.',
  'no-replica-asked-to-start': 'No replica was asked to start, so nothing can be proved.',
};

const putOffWords: Readonly<Record<PutOffReason, string>> = {
  'over-budget': 'Put off: the budget for requests to Azure is spent for the moment.',
  'first-looks-first': 'Put off: requests to Azure are scarce, and apps that nobody has looked at yet go first.',
};

const undoWords: Readonly<Record<UndoOutcome, string>> = {
  removed: 'the assignment is removed',
  'already-gone': 'somebody else had removed the assignment',
  failed: 'the assignment was not removed',
  unknown: 'no answer; will be read again',
  withheld: 'withheld',
};

export function sayDecision(decision: Decision): string {
  switch (decision.do) {
    case 'grant':
      return `Grants ${sayGrant(decision.grant)}: ${sayCause(decision.because)}.`;
    case 'restart':
      return `Restarts ${decision.revision}: the cause is gone and the platform’s next try is far away.`;
    case 'wait':
      return waitWords[decision.because];
    case 'ask':
      return `Asks for approval to grant ${sayGrant(decision.grant)}: ${sayCause(decision.cause)}.`;
    case 'incident':
      return `Asks a person: ${sayCause(decision.cause)}.`;
    case 'close':
      return closeWords[decision.because];
  }
}

/** The headline of an entry in a timeline. */
export function sayEntry(entry: Entry): string {
  switch (entry.kind) {
    case 'opened':
      return `Opened by a ${entry.signal.via} for ${entry.target.image} (mode ${entry.mode})`;
    case 'signal-joined':
      return `Another ${entry.signal.via} joined`;
    case 'looked':
      return `Looked: ${entry.diagnosis.causes.map(sayCause).join(' and ')} (${entry.diagnosis.sure})`;
    case 'decided':
      return sayDecision(entry.decision);
    case 'outcome':
      return `${entry.action}: ${entry.outcome}${entry.because === undefined ? '' : ` (${entry.because})`}`;
    case 'answered':
      return `The grant was ${entry.answer} by ${entry.by}`;
    case 'undo-asked':
      return `${entry.by} asks to take back ${sayGrant(entry.grant)}`;
    case 'undo-decided':
      return entry.refusals.length === 0 ? 'Removes the assignment that it made.' : 'Does not take the grant back.';
    case 'undo-outcome':
      return `undo: ${undoWords[entry.outcome]}${entry.because === undefined ? '' : ` (${entry.because})`}`;
    case 'incident-linked':
      return `Joined incident ${entry.incident}`;
    case 'put-off':
      return putOffWords[entry.because];
    case 'closed':
      return `Closed as ${entry.how}. ${closeWords[entry.because]}`;
  }
}

/** How often an incident was opened, where it came back; nothing where it is the first time. */
export function sayRecurrence(occurrences: number, since: string): string | undefined {
  return occurrences < 2 ? undefined : `It came back: opened ${occurrences} times since ${since}.`;
}

const incidentWords: Readonly<Record<IncidentReason, string>> = {
  recovered: 'All its apps recovered and the cause reads clear.',
  'no-members': 'No app is left that it concerns.',
  'cause-not-clear': 'Its apps recovered, and yet the cause does not read clear.',
};

/** Why an incident ended; the apps that left without recovering say how. */
export function sayIncidentEnd(because: IncidentReason, left: readonly { app: string; how: string }[]): string {
  const others = left.filter(({ how }) => how !== 'recovered').map(({ app, how }) => `${short(app)}: ${how}`);
  return others.length === 0 ? incidentWords[because] : `${incidentWords[because]} (${others.join(', ')})`;
}
