// From evidence to cause. The text of the logs is a hypothesis; the control plane decides, and says when it cannot.

import { type Cause } from '../causes/causes.ts';
import type { Label, Suspicion } from '../classify/classify.ts';
import { saysPullFailed } from '../classify/classify.ts';
import type {
  DeclaredIdentity,
  Evidence,
  LogRow,
  RegistryFacts,
  RevisionFacts,
  RoleRemoval,
} from '../evidence/evidence.ts';
import {
  activeRevisions,
  appOf,
  declaredIdentity,
  imageReady,
  isWriteRejected,
  outboundSubnet,
  registryOf,
  repositoryOf,
  targetReplicas,
} from '../evidence/evidence.ts';
import { type Diagnosis, type Finding, type FindingCode, type Sureness } from '../history/diagnosis.ts';
import { sayAgo } from '../words/ago.ts';
import type { PrincipalId } from '../words/arm-id.ts';
import { isWithin } from '../words/arm-id.ts';
import { valueOf } from '../words/fact.ts';
import { isAzureRegistry } from '../words/registry-host.ts';
import type { Target } from '../words/target.ts';
import type { Access } from './access.ts';
import { pullAccess } from './access.ts';
import type { CredentialFault, ExpiredPassword } from './credentials.ts';
import { credentialFaults, isBroken, meantEntry } from './credentials.ts';
import type { Denied } from './denials.ts';
import { pullDenied } from './denials.ts';
import { roleElsewhere } from './elsewhere.ts';
import { networkVerdict } from './network.ts';
import type { NetworkCause, NetworkDoubt, NetworkVerdict } from './network-verdict.ts';

/** A direct assignment works within this time; Microsoft documents "up to 10 minutes" and advises to wait longer. */
export const propagationWindowMs = 30 * 60_000;
/** A role that comes through a group: the back end of managed identities remembers the old answer for a day (Microsoft: "cannot be forced"). */
export const groupWindowMs = 24 * 3_600_000;

export interface DiagnosisInput {
  readonly target: Target;
  readonly evidence: Evidence;
  readonly suspicions: readonly Suspicion[];
  /** Whether this identity is known to have pulled from this registry before the failure. */
  readonly pulledBefore: boolean;
  /** Azure refused a grant to this principal, because the directory does not know it. */
  readonly unknownPrincipal?: PrincipalId;
}

const causeOfLabel: Readonly<Record<Label, Cause>> = {
  unauthorized: 'unexplained',
  'identity-token': 'unexplained',
  'manifest-unknown': 'tag-missing',
  dns: 'name-wrong',
  network: 'egress-blocked',
  firewall: 'registry-firewall',
  'rate-limited': 'rate-limited',
  'registry-unavailable': 'registry-unavailable',
  tls: 'tls-untrusted',
  'platform-mismatch': 'platform-mismatch',
  'invalid-reference': 'reference-invalid',
  'image-invalid': 'image-invalid',
  'no-space': 'no-space',
  'unknown-pull-failure': 'unexplained',
  'not-a-pull-failure': 'unexplained',
};

const causeOfDoubt: Readonly<Partial<Record<NetworkDoubt, Cause>>> = {
  'custom-dns': 'custom-dns',
  'routed-to-appliance': 'egress-blocked',
};

function finding(code: FindingCode, detail: Record<string, string> = {}): Finding {
  return { code, detail };
}

/** The rows of the target's own revisions, oldest first. Rows without a revision speak of the whole app. */
export function rowsOfTarget(target: Target, evidence: Evidence): LogRow[] {
  const names = new Set(activeRevisions(target, evidence).map((revision) => revision.name));
  const rows = [evidence.logs, evidence.writes].flatMap((read) => valueOf(read) ?? []);
  return rows.filter((row) => row.revision === '' || names.has(row.revision)).sort((a, b) => a.atMs - b.atMs);
}

/**
 * The most telling suspicion: the latest one that names a cause, else the latest that says a pull failed. Never a push or a build that
 * was refused: it says nothing about the way, the address or the identity by which the app pulls.
 */
export function leadingSuspicion(suspicions: readonly Suspicion[]): Suspicion | undefined {
  const pulls = suspicions.filter((suspicion) => saysPullFailed(suspicion));
  return (
    pulls.findLast((suspicion) => suspicion.label !== 'unknown-pull-failure') ??
    pulls.at(-1) ??
    suspicions.findLast(({ refused }) => refused === undefined)
  );
}

/** The latest push or build that a registry refused. */
export function refusedOtherwise(suspicions: readonly Suspicion[]): Suspicion | undefined {
  return suspicions.findLast(({ refused }) => refused !== undefined);
}

function textFindings(input: DiagnosisInput): Finding[] {
  if (input.evidence.logs !== undefined && !input.evidence.logs.read)
    return [finding('log-unreadable', { why: input.evidence.logs.why })];
  const leading = leadingSuspicion(input.suspicions);
  const other = refusedOtherwise(input.suspicions);
  if (other?.refused !== undefined && (leading === undefined || !saysPullFailed(leading))) {
    const address = other.refusedIp === undefined ? {} : { address: other.refusedIp };
    return [finding('log-says-no-pull', { refused: other.refused, words: other.words, ...address })];
  }
  if (leading === undefined) return [finding('log-silent')];
  return [finding('log-says', { label: leading.label, words: leading.words, rule: leading.rule })];
}

function networkFinding(network: NetworkVerdict): Finding {
  switch (network.answer) {
    case 'allows':
      return finding('network-allows', { why: network.why });
    case 'blocks':
      return finding('network-blocks', { cause: network.cause, ...network.detail });
    case 'cannot-tell':
      return finding('network-cannot-tell', { why: network.why, ...network.detail });
  }
}

function accessFinding(access: Access, identity: string): Finding {
  switch (access.answer) {
    case 'can':
      return access.group === undefined
        ? finding('role-present', { assignment: access.assignment, identity })
        : finding('role-of-group', { assignment: access.assignment, identity, group: access.group });
    case 'cannot':
      return access.excluded === undefined
        ? finding('role-missing', { identity })
        : finding('condition-excludes', { identity, assignment: access.excluded });
    case 'cannot-tell':
      return finding('role-cannot-tell', { why: access.why });
  }
}

/** The resource is not there, or the directory knows no such principal and nothing says that the resource is there. */
function isGone({ evidence, unknownPrincipal }: DiagnosisInput, identity: DeclaredIdentity): boolean {
  const resource = valueOf(evidence.identity);
  if (resource !== undefined) return resource === 'gone';
  return identity.kind === 'identity' && identity.principalId === unknownPrincipal;
}

/** Who holds the role instead. Nothing rests on it: it tells whoever looks what went wrong. */
function elsewhereFindings({ target, evidence }: DiagnosisInput, access: Access): Finding[] {
  const found = access.answer === 'cannot' ? roleElsewhere(target, evidence) : undefined;
  if (found === undefined) return [];
  const { holder, identity, principalId, roleId, scope } = found;
  return [finding('role-elsewhere', { holder, identity, principal: principalId, role: roleId, scope })];
}

function denialFindings(denied: Denied): Finding[] {
  switch (denied.answer) {
    case 'no':
      return [];
    case 'yes':
      return [finding('denied', { name: denied.denial.name, scope: denied.denial.scope })];
    case 'cannot-tell':
      return [finding('denied-cannot-tell', { why: denied.why })];
  }
}

interface Verdict {
  readonly causes: Cause[];
  readonly sure: Sureness;
  readonly roleSinceMs?: number;
  readonly roleOfGroup?: boolean;
}

const unexplained: Verdict = { causes: ['unexplained'], sure: 'unexplained' };

function confirmed(...found: Cause[]): Verdict {
  return { causes: found, sure: 'confirmed' };
}

/** A removal that names this identity, on this registry or above it. */
function removalOf(evidence: Evidence, registry: RegistryFacts, principalId: PrincipalId): RoleRemoval | undefined {
  return valueOf(evidence.removals)?.findLast(
    (removal) => removal.principalId === principalId && isWithin(registry.id, removal.scope),
  );
}

function roleCause(access: Access & { answer: 'cannot' }, takenAway: boolean): Cause {
  if (access.excluded !== undefined) return 'repository-condition';
  if (access.unusedAcrPull) return 'registry-became-abac';
  return takenAway ? 'pull-role-removed' : 'pull-role-missing';
}

/** What the control plane says about the declared identity and the way to the registry. */
interface Facts {
  readonly access: Access;
  readonly denied: Denied;
  readonly gone: boolean;
  /** Whether the registry takes tokens for ARM, which Container Apps pulls with. */
  readonly audience: boolean;
  readonly network: NetworkVerdict;
  readonly takenAway: boolean;
}

/** Whether name servers of the network's own can have answered: only a network has some, and only one that names them. */
function mayAskOwnServers(evidence: Evidence): boolean {
  if (outboundSubnet(evidence) === undefined) return false;
  const vnet = valueOf(evidence.vnet);
  return vnet === undefined || vnet.dnsServers.length > 0;
}

/** What the control plane says against the text's own claim. */
function refuted(cause: Cause, { evidence }: DiagnosisInput): Cause {
  // The registry has the image, so the text speaks of another moment, or of another place that said so.
  if (cause === 'tag-missing' && valueOf(evidence.manifest)?.state === 'exists') return 'unexplained';
  // The registry exists under this name: then it is the network's own name servers that do not know it, if it has some.
  if (cause === 'name-wrong' && registryOf(evidence) !== undefined)
    return mayAskOwnServers(evidence) ? 'custom-dns' : 'unexplained';
  return cause;
}

/** An image that the app does not name: a mirror or a side-car of the platform cannot be pulled, and nobody here can change that. */
function isPlatformFault({ evidence, target }: DiagnosisInput): boolean {
  const app = appOf(evidence);
  if (app === undefined || app.images.some((image) => image.startsWith('mcr.microsoft.com/'))) return false;
  return rowsOfTarget(target, evidence).some((row) =>
    /localhost:8578|mcr\.microsoft\.com\/(?:k8se|azurecontainerapps|oss)\//.test(row.text),
  );
}

/** The text's own claim, where the control plane neither confirms nor refutes it. */
function fromText(input: DiagnosisInput): Verdict {
  if (isPlatformFault(input)) return { causes: ['platform-fault'], sure: 'suspected' };
  const leading = leadingSuspicion(input.suspicions);
  const claimed = leading === undefined ? 'unexplained' : causeOfLabel[leading.label];
  const cause = refuted(claimed, input);
  return cause === 'unexplained' ? unexplained : { causes: [cause], sure: 'suspected' };
}

function networkCauses(network: NetworkVerdict): NetworkCause[] {
  return network.answer === 'blocks' ? [network.cause] : [];
}

/** What the identity lacks or is forbidden, the denial first: no role helps against it. */
function rightsCauses(access: Access, denied: Denied, takenAway: boolean): Cause[] {
  const lacking = access.answer === 'cannot' ? [roleCause(access, takenAway)] : [];
  return denied.answer === 'yes' ? ['deny-assignment', ...lacking] : lacking;
}

type CanPull = Access & { answer: 'can' };

/** A role that has not reached everybody yet. */
function whenYoung({ evidence }: DiagnosisInput, access: CanPull): Verdict | undefined {
  const age = evidence.atMs - access.since;
  if (access.group !== undefined)
    return age < groupWindowMs ? { ...confirmed('pull-role-propagating'), roleOfGroup: true } : undefined;
  return age < propagationWindowMs ? { ...confirmed('pull-role-propagating'), roleSinceMs: access.since } : undefined;
}

/** When the identity joined a group cannot be read: an old role of a group is suspected of what a missing one looks like. */
function whenOfGroup(input: DiagnosisInput, { group }: CanPull): Verdict | undefined {
  return group !== undefined && isRefused(input)
    ? { causes: ['pull-role-propagating'], sure: 'suspected', roleOfGroup: true }
    : undefined;
}

/** The cause, by what the registry does not have. Written out, so that a search for a code finds where it is diagnosed. */
const missingPart = { tag: 'tag-missing', repository: 'repository-missing', digest: 'digest-missing' } as const;

/** An image that is not there. */
function imageCauses({ evidence }: DiagnosisInput): Cause[] {
  const manifest = valueOf(evidence.manifest);
  return manifest?.state === 'missing' ? [missingPart[manifest.what]] : [];
}

/**
 * Every cause that was proved is named: a role helps nobody whose tokens the registry refuses, who cannot reach it, or who asks for what
 * is not there.
 */
function fromFacts(input: DiagnosisInput, { access, denied, gone, audience, network, takenAway }: Facts): Verdict {
  const found: Cause[] = [
    ...(gone ? (['identity-gone'] as const) : rightsCauses(access, denied, takenAway)),
    ...(audience ? [] : (['arm-audience-disabled'] as const)),
    ...networkCauses(network),
    ...imageCauses(input),
  ];
  if (found.length > 0) return confirmed(...found);
  if (access.answer !== 'can') return fromText(input);
  return whenYoung(input, access) ?? fromDoubt(input, access, network);
}

/**
 * Where nothing else is wrong, what the control plane cannot see is suspected. An appliance yields to what the text says, and a role
 * of a group to nothing but a text that names another cause.
 */
function fromDoubt(input: DiagnosisInput, access: CanPull, network: NetworkVerdict): Verdict {
  const said = whenOfGroup(input, access) ?? fromText(input);
  const doubted = network.answer === 'cannot-tell' ? causeOfDoubt[network.why] : undefined;
  if (doubted === undefined || (doubted === 'egress-blocked' && said.sure !== 'unexplained')) return said;
  return { causes: [doubted], sure: 'suspected' };
}

/** Findings that speak for what is named; the others speak against it, or say what could not be told. */
const speaksForCause: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'role-missing',
  'role-elsewhere',
  'role-removed-by',
  'registry-changed-by',
  'condition-excludes',
  'denied',
  'identity-gone',
  'identity-not-assigned',
  'registry-not-configured',
  'entry-for-another-host',
  'credential-used',
  'secret-missing',
  'admin-user-disabled',
  'login-token-used',
  'token-disabled',
  'token-expired',
  'token-password-expired',
  'token-unknown',
  'service-principal-used',
  'arm-audience-disabled',
  'pulled-before',
  'image-missing',
  'write-rejected',
  'network-blocks',
]);

function assemble(
  input: DiagnosisInput,
  verdict: Verdict,
  network: NetworkVerdict,
  facts: readonly Finding[],
): Diagnosis {
  const young = verdict.causes.includes('pull-role-propagating');
  const guilty = (code: FindingCode): boolean =>
    speaksForCause.has(code) || (young && (code === 'role-present' || code === 'role-of-group'));
  const text = textFindings(input);
  const detail: Record<string, string> = network.answer === 'allows' ? {} : { ...network.detail };
  const manifest = valueOf(input.evidence.manifest);
  if (manifest?.state === 'missing') Object.assign(detail, { what: manifest.what }, nearest(manifest.tags));
  const denied = facts.find((fact) => fact.code === 'denied');
  if (denied !== undefined) Object.assign(detail, { denial: denied.detail['name'], scope: denied.detail['scope'] });
  const refusedIp = leadingSuspicion(input.suspicions)?.refusedIp;
  if (refusedIp !== undefined) detail['refusedIp'] = refusedIp;
  return {
    causes: verdict.causes,
    sure: verdict.sure,
    for: [...text, ...facts.filter(({ code }) => guilty(code))],
    against: facts.filter(({ code }) => !guilty(code)),
    network: network.answer,
    detail,
    ...(verdict.roleSinceMs === undefined ? {} : { roleSinceMs: verdict.roleSinceMs }),
    ...(verdict.roleOfGroup === undefined ? {} : { roleOfGroup: verdict.roleOfGroup }),
  };
}

function networkOf(input: DiagnosisInput): NetworkVerdict {
  return networkVerdict(input.evidence, leadingSuspicion(input.suspicions)?.refusedIp);
}

/** So many changes of a registry are named: the newest. */
const mostChanges = 3;

/** What else was read that speaks for or against: the image itself, who removed the role, a write that was rejected. */
function otherFindings(
  { target, evidence, pulledBefore }: DiagnosisInput,
  removal: RoleRemoval | undefined,
): Finding[] {
  const found: Finding[] = [];
  const manifest = valueOf(evidence.manifest);
  if (manifest?.state === 'exists') found.push(finding('image-exists'));
  if (manifest?.state === 'missing')
    found.push(finding('image-missing', { what: manifest.what, ...nearest(manifest.tags) }));
  if (removal !== undefined) found.push(finding('role-removed-by', { by: removal.by }));
  if (isWriteRejected(target, evidence)) found.push(finding('write-rejected'));
  // Somebody may have tried to put right what somebody else did: the last few are named, each with its time.
  for (const { by, atMs } of (valueOf(evidence.changes) ?? []).slice(-mostChanges))
    found.push(finding('registry-changed-by', { by, when: sayAgo(evidence.atMs - atMs) }));
  if (pulledBefore) found.push(finding('pulled-before'));
  return found;
}

function nearest(tags: readonly string[]): Record<string, string> {
  return tags.length === 0 ? {} : { tags: tags.slice(0, 5).join(', ') };
}

/**
 * A registry that no readable subscription has: it does not exist, or it is another tenant's, where our identities cannot pull.
 * Where the text names a cause of its own, that stands.
 */
function ofUnknownRegistry(input: DiagnosisInput): Verdict {
  const said = fromText(input);
  const notFound = valueOf(input.evidence.registry) === 'not-found';
  return notFound && said.sure === 'unexplained' ? { causes: ['name-wrong'], sure: 'suspected' } : said;
}

function withIdentity(input: DiagnosisInput, identity: DeclaredIdentity & { kind: 'identity' }): Diagnosis {
  const registry = registryOf(input.evidence);
  const network = networkOf(input);
  if (registry === undefined) {
    const facts = [
      finding(input.evidence.registry?.read ? 'registry-not-found' : 'role-cannot-tell', {
        host: input.target.registry,
      }),
    ];
    return assemble(input, ofUnknownRegistry(input), network, facts);
  }
  const { roles, denials } = input.evidence;
  const access = pullAccess(roles, registry, identity.principalId, repositoryOf(input.target));
  const denied = pullDenied(denials, roles, registry, identity.principalId);
  const removal = removalOf(input.evidence, registry, identity.principalId);
  const facts = [
    finding('identity-declared', { identity: identity.name }),
    accessFinding(access, identity.name),
    ...elsewhereFindings(input, access),
    ...(denials === undefined ? [] : denialFindings(denied)),
    networkFinding(network),
    ...otherFindings(input, removal),
  ];
  if (!registry.armAudience) facts.push(finding('arm-audience-disabled'));
  const gone = isGone(input, identity);
  if (gone) facts.push(finding('identity-gone', { identity: identity.name }));
  const takenAway = input.pulledBefore || removal !== undefined;
  const verdict = fromFacts(input, { access, denied, gone, audience: registry.armAudience, network, takenAway });
  return assemble(input, verdict, network, facts);
}

/** The app lists the identity without a principal: it is gone, unless it can be read and is there. */
function withoutPrincipal(input: DiagnosisInput): Verdict {
  return input.evidence.identity?.read ? fromText(input) : { causes: ['identity-gone'], sure: 'suspected' };
}

function isRefused({ suspicions }: DiagnosisInput): boolean {
  return leadingSuspicion(suspicions)?.label === 'unauthorized';
}

/** A private way that is broken is logged as "unauthorized" too: it is ruled out before a credential is suspected. */
function ofCredential(input: DiagnosisInput, network: NetworkVerdict): Verdict {
  const found: Cause[] = [
    ...(isBroken(input.target, input.evidence) ? (['credential-rejected'] as const) : []),
    ...networkCauses(network),
    ...imageCauses(input),
  ];
  if (found.length > 0) return confirmed(...found);
  return isRefused(input) ? { causes: ['credential-rejected'], sure: 'suspected' } : fromText(input);
}

function passwords(expired: readonly ExpiredPassword[]): string {
  return expired.map(({ name, ago }) => `${name} expired ${ago}`).join(', ') || 'none';
}

function faultFinding(found: CredentialFault): Finding {
  switch (found.fault) {
    case 'secret-missing':
      return finding('secret-missing', { secret: found.secret, has: found.has.join(', ') });
    case 'admin-user-disabled':
      return finding('admin-user-disabled', { registry: found.username });
    case 'login-token':
      return finding('login-token-used');
    case 'token-disabled':
      return finding('token-disabled', { token: found.token });
    case 'token-expired':
    case 'token-password-expired':
      return finding(found.fault, { token: found.token, passwords: passwords(found.expired) });
    case 'token-unknown':
      return finding('token-unknown', { username: found.username });
    case 'service-principal':
      return finding('service-principal-used', { application: found.application });
  }
}

/** A token that was asked for and with which nothing is wrong, or that could not be read. */
function tokenFindings(evidence: Evidence, faults: readonly CredentialFault[]): Finding[] {
  if (evidence.token === undefined) return [];
  if (!evidence.token.read) return [finding('token-unreadable', { why: evidence.token.why })];
  return faults.some(({ fault }) => fault.startsWith('token-')) ? [] : [finding('token-good')];
}

function credentialFindings({ target, evidence }: DiagnosisInput): Finding[] {
  const faults = credentialFaults(target, evidence);
  return [finding('credential-used'), ...faults.map(faultFinding), ...tokenFindings(evidence, faults)];
}

/** Without an entry the platform asks without signing in: a registry that we see and that allows nobody that refuses it. */
function ofNoEntry(input: DiagnosisInput, network: NetworkVerdict): Verdict {
  const refuses = registryOf(input.evidence)?.anonymousPull === false;
  const blocked = networkCauses(network);
  if (!refuses && !isRefused(input)) return blocked.length > 0 ? confirmed(...blocked) : fromText(input);
  // Outside of Azure nobody can tell a private repository from one that does not exist.
  return isAzureRegistry(input.target.registry)
    ? confirmed('registry-not-configured', ...blocked)
    : { causes: ['registry-not-configured'], sure: 'suspected' };
}

function entryFindings({ target, evidence }: DiagnosisInput): Finding[] {
  const entries = appOf(evidence)?.registries ?? [];
  const declared = entries.map(({ server }) => server).join(', ');
  const meant = meantEntry(target, entries);
  return [
    finding('registry-not-configured', { host: target.registry, ...(declared === '' ? {} : { declared }) }),
    ...(meant === undefined ? [] : [finding('entry-for-another-host', { server: meant.server })]),
  ];
}

function withoutIdentity(input: DiagnosisInput, identity: DeclaredIdentity): Diagnosis {
  const network = networkOf(input);
  const seen = isAzureRegistry(input.target.registry) ? [networkFinding(network)] : [];
  switch (identity.kind) {
    case 'identity':
      return withIdentity(input, identity);
    case 'not-assigned':
      return assemble(input, confirmed('identity-not-assigned', ...networkCauses(network)), network, [
        finding('identity-not-assigned', { identity: identity.name }),
        ...seen,
      ]);
    case 'no-principal': {
      const gone = isGone(input, identity);
      const verdict = gone ? confirmed('identity-gone', ...networkCauses(network)) : withoutPrincipal(input);
      const code = verdict.causes[0] === 'identity-gone' ? 'identity-gone' : 'identity-cannot-tell';
      return assemble(input, verdict, network, [finding(code, { identity: identity.name }), ...seen]);
    }
    case 'credential':
      return assemble(input, ofCredential(input, network), network, [
        ...credentialFindings(input),
        ...seen,
        ...otherFindings(input, undefined),
      ]);
    case 'not-configured':
      return assemble(input, ofNoEntry(input, network), network, [...entryFindings(input), ...seen]);
    case 'cannot-tell':
      return assemble(input, fromText(input), network, [finding('identity-cannot-tell'), ...seen]);
  }
}

/**
 * Names the cause or causes, how sure that is, and what speaks for and against. Two causes at once are both named: a grant while
 * the network blocks would prove nothing.
 */
export function diagnose(input: DiagnosisInput): Diagnosis {
  return withoutIdentity(input, declaredIdentity(input.target, input.evidence));
}

/**
 * Whether the logs give a reason to stand down: text was read, none of it speaks of a pull, and every replica is either ready or
 * failing for another stated reason.
 */
export function isSomethingElse(target: Target, evidence: Evidence, suspicions: readonly Suspicion[]): boolean {
  if (!evidence.logs?.read || !evidence.replicas?.read || suspicions.length === 0) return false;
  if (suspicions.some((suspicion) => saysPullFailed(suspicion))) return false;
  // A write that was rejected has no replicas: its own error has to be read, and to be about something else.
  if (isWriteRejected(target, evidence)) return (valueOf(evidence.writes) ?? []).length > 0;
  const replicas = targetReplicas(target, evidence);
  return (
    replicas.length > 0 && replicas.every((replica) => imageReady(replica, target.image) || failsOtherwise(replica))
  );
}

function failsOtherwise(replica: {
  containers: readonly { ready: boolean; details?: string; state: string }[];
}): boolean {
  const waiting = replica.containers.filter((container) => !container.ready);
  return waiting.every((container) =>
    /CrashLoopBackOff|Terminated|Error|Completed|ProcessExited/i.test(`${container.state} ${container.details ?? ''}`),
  );
}

/** A revision does not say which of its images it means. */
function speaksOf(revision: RevisionFacts, evidence: Evidence): boolean {
  const alone = new Set(revision.images).size === 1 || !evidence.replicas?.read;
  return alone && /ImagePull|ErrImagePull/i.test(revision.details ?? '');
}

/** Whether ARM shows a container of the target stuck in pulling its image. */
export function showsPullTrouble(target: Target, evidence: Evidence): boolean {
  if (isWriteRejected(target, evidence)) return true;
  const containers = targetReplicas(target, evidence).flatMap((replica) => replica.containers);
  const waiting = containers.filter(({ ready, image }) => !ready && (image === undefined || image === target.image));
  if (waiting.some((container) => /ImagePull|ErrImagePull|PullingImage/i.test(container.details ?? ''))) return true;
  return activeRevisions(target, evidence).some((revision) => speaksOf(revision, evidence));
}

/** Whether somebody who reads the app finds it failing for this target at all. */
export function isServing(target: Target, evidence: Evidence): boolean {
  const replicas = targetReplicas(target, evidence);
  return (
    appOf(evidence) !== undefined &&
    replicas.length > 0 &&
    replicas.every((replica) => imageReady(replica, target.image))
  );
}
