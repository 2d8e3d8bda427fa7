// The runbook of each cause: which team has to act, the commands, how to verify and how to undo.
// The room runbooks/ holds the answer to each cause: whose problem it is, the commands, how to verify and how to undo. Not
// here: any command that pullmedic runs itself.
import type { Cause } from '../causes/causes.ts';
import { causeCatalogue } from '../causes/causes.ts';
import { serverWithoutImages } from '../diagnosis/reference.ts';
import { withFirstStep } from './alternatives.ts';
import { artifactCacheFailed } from './artifact-cache.ts';
import { repositoryConditionLeavesOut } from './condition.ts';
import { credentialRejected } from './credentials.ts';
import { noSpace } from './disk-space.ts';
import { egressBlocked, identityEgressBlocked } from './egress.ts';
import { registryFirewall } from './firewall.ts';
import { groupEnded } from './groups.ts';
import { identityGone, identityNotAssigned } from './identities.ts';
import {
  digestMissing,
  imageInvalid,
  platformMismatch,
  referenceInvalid,
  repositoryMissing,
  tagMissing,
} from './image.ts';
import { executionEnded, forKind, withCorrection, withSuspension } from './jobs.ts';
import { registryNotConfigured } from './no-entry.ts';
import { noReplicaScheduled, somethingElse } from './no-pull.ts';
import { credentialsFromBeforeAbac, platformTokenStale } from './old-tokens.ts';
import { sayPlaceholders } from './placeholders.ts';
import { platformFault, writeRejected } from './platform.ts';
import { refusedByPolicy } from './policies.ts';
import {
  customDns,
  privateDnsRecordMissing,
  privateDnsRecordStale,
  privateDnsUnlinked,
  privateDnsZoneGroupMissing,
} from './private-dns.ts';
import { noPrivatePath, privateEndpointPending } from './private-endpoint.ts';
import { pullHangs } from './pull-hangs.ts';
import { armAudienceDisabled, denyAssignment } from './refusals.ts';
import { registrySecretUnreadable } from './registry-secret.ts';
import { nameWrong, rateLimited, registryUnavailable } from './registry-trouble.ts';
import { pullRoleMissing, pullRolePropagating, pullRoleRemoved, registryBecameAbac } from './roles.ts';
import type { Runbook, RunbookInput, RunbookText } from './runbook.ts';
import { asSureAs } from './sureness.ts';
import { tlsUntrusted } from './tls.ts';
import { unexplained } from './unexplained.ts';

/** Builds the runbook of a cause, with the real values of this case. It names what else was found. */
export function runbookFor(input: RunbookInput): Runbook {
  const write = input.pullHangs === true ? pullHangs : runbooks[input.cause];
  const written = finishing.reduce((text, finish) => finish(input, text), write(input));
  const { title, owner = causeCatalogue[input.cause].owner, advice, commands, verify, undo } = written;
  return { title, owner, advice, commands, verify, undo };
}

/** What becomes of each text that the function of a cause has written. The order counts: each of these sees what those before it did. */
const finishing: readonly ((input: RunbookInput, text: RunbookText) => RunbookText)[] = [
  forKind,
  (_input, text) => explained(text),
  withSuspension,
  withCorrection,
  asSureAs,
  (input, text) => ({ ...text, advice: `${text.advice}${alsoFound(input)}` }),
];

/** With a first command that is no alternative, and a sentence for the words in capitals that the commands have. */
function explained(text: RunbookText): RunbookText {
  return { ...text, commands: withFirstStep(text.commands), advice: `${text.advice}${sayPlaceholders(text.commands)}` };
}

/** The function that writes the runbook of each cause. A cause without one does not compile. */
const runbooks: Readonly<Record<Cause, (input: RunbookInput) => RunbookText>> = {
  'pull-role-missing': pullRoleMissing,
  'pull-role-propagating': pullRolePropagating,
  'pull-role-removed': pullRoleRemoved,
  'registry-became-abac': registryBecameAbac,
  'repository-condition': repositoryConditionLeavesOut,
  'deny-assignment': denyAssignment,
  'write-rejected': writeRejected,
  'execution-ended': executionEnded,
  'group-ended': groupEnded,
  'identity-not-assigned': identityNotAssigned,
  'identity-gone': identityGone,
  'registry-not-configured': registryNotConfigured,
  'arm-audience-disabled': armAudienceDisabled,
  'credential-rejected': credentialRejected,
  'registry-secret-unreadable': registrySecretUnreadable,
  'tag-missing': tagMissing,
  'repository-missing': repositoryMissing,
  'digest-missing': digestMissing,
  'registry-firewall': registryFirewall,
  'no-private-path': noPrivatePath,
  'private-endpoint-pending': privateEndpointPending,
  'private-dns-unlinked': privateDnsUnlinked,
  'private-dns-zone-group-missing': privateDnsZoneGroupMissing,
  'private-dns-record-missing': privateDnsRecordMissing,
  'private-dns-record-stale': privateDnsRecordStale,
  'custom-dns': customDns,
  'egress-blocked': egressBlocked,
  'identity-egress-blocked': identityEgressBlocked,
  'name-wrong': nameWrong,
  'rate-limited': rateLimited,
  'registry-unavailable': registryUnavailable,
  'credentials-from-before-abac': credentialsFromBeforeAbac,
  'platform-token-stale': platformTokenStale,
  'refused-by-policy': refusedByPolicy,
  'artifact-cache-failed': artifactCacheFailed,
  'tls-untrusted': tlsUntrusted,
  'platform-mismatch': platformMismatch,
  'reference-invalid': referenceInvalid,
  'image-invalid': imageInvalid,
  'no-space': noSpace,
  'no-replica-scheduled': noReplicaScheduled,
  'something-else': somethingElse,
  'platform-fault': platformFault,
  unexplained,
};

/** A missing entry for Docker Hub is nothing to mend where only the lost host of the image led there. */
function alsoFound({ cause, target, evidence, diagnosis: { causes } }: RunbookInput): string {
  const mendedToo = cause === 'reference-invalid' && serverWithoutImages(target, evidence) !== undefined;
  const others = causes.includes(cause)
    ? causes.filter((one) => one !== cause && !(mendedToo && one === 'registry-not-configured'))
    : [];
  return others.length === 0 ? '' : ` Also found: ${others.join(', ')}. Fix it next.`;
}
