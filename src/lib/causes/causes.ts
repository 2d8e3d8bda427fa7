// Every cause that can be named, and what is the same each time about it: one record a cause. docs/adding-a-cause.md walks through one.
// The room causes/ holds one record for every cause that can be named: its sentence, its owner, how it is answered. Not here:
// the proof of a cause (diagnosis/) or the commands against it (runbooks/).

/**
 * The record of a cause, the same for all its cases. Its page for people is `docs/runbooks/NAME.md`; a test checks that the page
 * exists.
 */
export interface CauseSpec {
  /** Half a sentence for people, without a name in it. Use it for pages, the command line and the list of runbooks. */
  readonly sentence: string;
  /** The kind of trouble, by which `pullmedic diagnose` chooses its exit code. */
  readonly family: Family;
  /** What pullmedic does when the cause is confirmed and is the only one. */
  readonly answer: AnswerToCause;
  /** The team that has to act where pullmedic does not. */
  readonly owner: Owner;
  /**
   * `one-app`: it lies in the app's own configuration, so another app with the same cause has another thing to put right.
   * `shared`: apps with this cause are one incident when it is confirmed.
   */
  readonly reach: 'shared' | 'one-app';
  /** A fact that this cause is read from, and causes of another kind are not: unless it can be read, the cause has not cleared. */
  readonly ownFact?: OwnFact;
}

export type Family = 'identity' | 'network' | 'image' | 'registry' | 'deployment' | 'unexplained';

/** `wait-for-role`: Azure puts a new role into effect. `wait-for-registry`: a registry in trouble is given some time. */
export type AnswerToCause = 'grant' | 'wait-for-role' | 'wait-for-registry' | 'person';

export type Owner = 'app team' | 'registry owner' | 'network team' | 'Microsoft';

/** Names of facts of the evidence. Spelled out, because the causes stand below the evidence. */
export type OwnFact = 'cache' | 'denials' | 'identity' | 'manifest' | 'subnet' | 'vault';

const records = {
  'pull-role-missing': {
    sentence: 'the identity has no role that lets it pull',
    family: 'identity',
    answer: 'grant',
    owner: 'registry owner',
    reach: 'shared',
  },
  'pull-role-propagating': {
    sentence: 'the pull role is assigned and not in effect yet',
    family: 'identity',
    answer: 'wait-for-role',
    owner: 'registry owner',
    reach: 'shared',
  },
  'pull-role-removed': {
    sentence: 'another person or system removed the pull role',
    family: 'identity',
    answer: 'grant',
    owner: 'registry owner',
    reach: 'shared',
  },
  'registry-became-abac': {
    sentence: 'the registry moved to repository permissions',
    family: 'identity',
    answer: 'grant',
    owner: 'registry owner',
    reach: 'shared',
  },
  'repository-condition': {
    sentence: 'the condition of the role leaves this repository out',
    family: 'identity',
    answer: 'person',
    owner: 'registry owner',
    reach: 'shared',
  },
  'deny-assignment': {
    sentence: 'a deny assignment forbids the pull',
    family: 'identity',
    answer: 'person',
    owner: 'registry owner',
    reach: 'shared',
    ownFact: 'denials',
  },
  'write-rejected': {
    sentence: 'Azure rejected the deployment, and nothing tries it again',
    family: 'deployment',
    answer: 'person',
    owner: 'app team',
    reach: 'one-app',
  },
  'execution-ended': {
    sentence:
      'the cause is put right, and no execution of the job is left that would pull: a person starts the next one',
    family: 'deployment',
    answer: 'person',
    owner: 'app team',
    reach: 'one-app',
  },
  'group-ended': {
    sentence:
      'the cause is put right, and nothing of the container group would pull any more: a person deploys it again',
    family: 'deployment',
    answer: 'person',
    owner: 'app team',
    reach: 'one-app',
  },
  'identity-not-assigned': {
    sentence: 'the registry entry names an identity that the app does not have',
    family: 'identity',
    answer: 'person',
    owner: 'app team',
    reach: 'one-app',
  },
  'identity-gone': {
    sentence: 'the identity that the app declares no longer exists',
    family: 'identity',
    answer: 'person',
    owner: 'app team',
    reach: 'one-app',
    ownFact: 'identity',
  },
  'registry-not-configured': {
    sentence: 'the app declares no identity for this registry',
    family: 'identity',
    answer: 'person',
    owner: 'app team',
    reach: 'one-app',
  },
  'arm-audience-disabled': {
    sentence: 'the registry refuses tokens with the ARM audience',
    family: 'registry',
    answer: 'person',
    owner: 'registry owner',
    reach: 'shared',
  },
  'credential-rejected': {
    sentence: 'the registry rejects the user name and secret',
    family: 'identity',
    answer: 'person',
    owner: 'app team',
    reach: 'one-app',
  },
  'registry-secret-unreadable': {
    sentence: 'the platform cannot read the registry password from Key Vault',
    family: 'identity',
    answer: 'person',
    owner: 'app team',
    reach: 'one-app',
    ownFact: 'vault',
  },
  'tag-missing': {
    sentence: 'the image is not in the registry',
    family: 'image',
    answer: 'person',
    owner: 'app team',
    reach: 'shared',
    ownFact: 'manifest',
  },
  'repository-missing': {
    sentence: 'the registry has no such repository',
    family: 'image',
    answer: 'person',
    owner: 'app team',
    reach: 'shared',
    ownFact: 'manifest',
  },
  'digest-missing': {
    sentence: 'the registry has no image with this digest',
    family: 'image',
    answer: 'person',
    owner: 'app team',
    reach: 'shared',
    ownFact: 'manifest',
  },
  'registry-firewall': {
    sentence: 'the firewall of the registry refuses the app',
    family: 'network',
    answer: 'person',
    owner: 'registry owner',
    reach: 'shared',
  },
  'no-private-path': {
    sentence: 'the registry is closed to the public network and has no way in',
    family: 'network',
    answer: 'person',
    owner: 'network team',
    reach: 'shared',
  },
  'private-endpoint-pending': {
    sentence: 'the private endpoint waits for approval',
    family: 'network',
    answer: 'person',
    owner: 'registry owner',
    reach: 'shared',
  },
  'private-dns-unlinked': {
    sentence: 'the private DNS zone is not linked to the network of the app',
    family: 'network',
    answer: 'person',
    owner: 'network team',
    reach: 'shared',
  },
  'private-dns-zone-group-missing': {
    sentence: 'the private endpoint keeps no DNS records of its own',
    family: 'network',
    answer: 'person',
    owner: 'network team',
    reach: 'shared',
  },
  'private-dns-record-missing': {
    sentence: 'the private DNS record of the registry is missing',
    family: 'network',
    answer: 'person',
    owner: 'network team',
    reach: 'shared',
  },
  'private-dns-record-stale': {
    sentence: 'the private DNS record of the registry is wrong',
    family: 'network',
    answer: 'person',
    owner: 'network team',
    reach: 'shared',
  },
  'custom-dns': {
    sentence: 'the DNS servers of the network decide, and Azure cannot see them',
    family: 'network',
    answer: 'person',
    owner: 'network team',
    reach: 'shared',
  },
  'egress-blocked': {
    sentence: 'the network does not let the app reach the registry',
    family: 'network',
    answer: 'person',
    owner: 'network team',
    reach: 'shared',
    ownFact: 'subnet',
  },
  'identity-egress-blocked': {
    sentence: 'the network does not let the app reach the service that issues tokens',
    family: 'network',
    answer: 'person',
    owner: 'network team',
    reach: 'shared',
    ownFact: 'subnet',
  },
  'name-wrong': {
    sentence: 'the registry does not resolve, or pullmedic cannot see it from here',
    family: 'image',
    answer: 'person',
    owner: 'app team',
    reach: 'shared',
  },
  'rate-limited': {
    sentence: 'the registry throttles the pulls',
    family: 'registry',
    answer: 'wait-for-registry',
    owner: 'app team',
    reach: 'shared',
  },
  'registry-unavailable': {
    sentence: 'the registry answers with errors, or not at all',
    family: 'registry',
    answer: 'wait-for-registry',
    owner: 'registry owner',
    reach: 'shared',
  },
  'credentials-from-before-abac': {
    sentence: 'the platform may still use a token from before the registry moved to repository permissions',
    family: 'registry',
    answer: 'wait-for-registry',
    owner: 'registry owner',
    reach: 'shared',
  },
  'platform-token-stale': {
    sentence: 'everything that was checked is right, and the platform may still use an old token',
    family: 'identity',
    answer: 'person',
    owner: 'app team',
    reach: 'one-app',
  },
  'refused-by-policy': {
    sentence: 'a policy or a missing signature refuses the image',
    family: 'image',
    answer: 'person',
    owner: 'registry owner',
    reach: 'shared',
  },
  'artifact-cache-failed': {
    sentence: 'the registry cannot fetch the image that it caches',
    family: 'registry',
    answer: 'person',
    owner: 'registry owner',
    reach: 'shared',
    ownFact: 'cache',
  },
  'tls-untrusted': {
    sentence: 'there is no trusted TLS connection to the registry',
    family: 'network',
    answer: 'person',
    owner: 'registry owner',
    reach: 'shared',
  },
  'platform-mismatch': {
    sentence: 'the image has no variant for this platform',
    family: 'image',
    answer: 'person',
    owner: 'app team',
    reach: 'shared',
  },
  'reference-invalid': {
    sentence: 'the image name cannot be right',
    family: 'image',
    answer: 'person',
    owner: 'app team',
    reach: 'one-app',
  },
  'image-invalid': {
    sentence: 'the image cannot be unpacked',
    family: 'image',
    answer: 'person',
    owner: 'app team',
    reach: 'shared',
  },
  'no-space': {
    sentence: 'the image does not fit on the disk',
    family: 'image',
    answer: 'person',
    owner: 'app team',
    reach: 'shared',
  },
  'no-replica-scheduled': {
    sentence: 'replicas are wanted, and Azure makes none, so that nothing is pulled',
    family: 'deployment',
    answer: 'person',
    owner: 'app team',
    reach: 'one-app',
  },
  'something-else': {
    sentence: 'no check explains it, and the platform speaks of something else than the pull',
    family: 'deployment',
    answer: 'person',
    owner: 'app team',
    reach: 'one-app',
  },
  'platform-fault': {
    sentence: 'an image of the platform itself cannot be pulled',
    family: 'deployment',
    answer: 'person',
    owner: 'Microsoft',
    reach: 'shared',
  },
  unexplained: {
    sentence: 'nothing that was checked explains it',
    family: 'unexplained',
    answer: 'person',
    owner: 'app team',
    reach: 'shared',
  },
} as const satisfies Readonly<Record<string, CauseSpec>>;

export type Cause = keyof typeof records;

/** The record of each cause. Where a table needs a new cause, the compiler says so. */
export const causeCatalogue: Readonly<Record<Cause, CauseSpec>> = records;

/** The name of every cause, in the order of the catalogue. */
export const causes = Object.keys(records) as readonly Cause[];

/** The record of a stored cause; `undefined` where a newer version stored one that this version does not know. */
export function storedCause(cause: string): CauseSpec | undefined {
  return Object.hasOwn(records, cause) ? causeCatalogue[cause as Cause] : undefined;
}
