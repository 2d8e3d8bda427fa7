// The findings of a diagnosis: what speaks for the causes that it names, and what speaks against them or could not be told.

import { saysPullFailed } from '../classify/classify.ts';
import { withoutControls } from '../classify/unwrap.ts';
import { isWriteRejected } from '../evidence/evidence.ts';
import type { RoleRemoval } from '../evidence/role-facts.ts';
import { writeErrors } from '../evidence/write-errors.ts';
import type { Diagnosis, Finding, FindingCode } from '../history/diagnosis.ts';
import { sayAgo } from '../words/ago.ts';
import { valueOf } from '../words/fact.ts';
import { withoutUserinfo } from '../words/userinfo.ts';
import type { Access } from './access.ts';
import type { Denied } from './denials.ts';
import { roleElsewhere } from './elsewhere.ts';
import type { NetworkVerdict } from './network-verdict.ts';
import { leadingSuspicion, refusedAddress, refusedOtherwise } from './text-claims.ts';
import { servesWithoutTrouble } from './trouble.ts';
import { type DiagnosisInput, otherPlatforms, type Verdict } from './verdict.ts';

/** The diagnosis: the verdict, with the findings of the text and of these facts told apart by what they speak for. */
export function assemble(
  input: DiagnosisInput,
  verdict: Verdict,
  network: NetworkVerdict,
  facts: readonly Finding[],
): Diagnosis {
  const young = verdict.causes.includes('pull-role-propagating');
  const guilty = (code: FindingCode): boolean =>
    speaksForCause.has(code) ||
    (young && (code === 'role-present' || code === 'role-of-group')) ||
    (code === 'registry-not-found' && verdict.causes.includes('name-wrong'));
  const text = [...textFindings(input), ...writeFindings(input)];
  const detail: Record<string, string> = network.answer === 'allows' ? {} : { ...network.detail };
  const manifest = valueOf(input.evidence.manifest);
  if (manifest?.state === 'missing')
    Object.assign(
      detail,
      { what: manifest.what },
      nearest(manifest.tags),
      manifest.unlisted ? { unlisted: 'yes' } : {},
    );
  const denied = facts.find((fact) => fact.code === 'denied');
  if (denied !== undefined) Object.assign(detail, { denial: denied.detail['name'], scope: denied.detail['scope'] });
  const refusedIp = refusedAddress(input.suspicions);
  if (refusedIp !== undefined) detail['refusedIp'] = refusedIp;
  return {
    causes: verdict.causes,
    sure: verdict.sure,
    for: [...text, ...facts.filter(({ code }) => guilty(code))],
    against: [...othersFindings(input), ...facts.filter(({ code }) => !guilty(code))],
    network: network.answer,
    detail,
    ...(servesWithoutTrouble(input.target, input.evidence) ? { serves: true } : {}),
    ...(verdict.roleSinceMs === undefined ? {} : { roleSinceMs: verdict.roleSinceMs }),
    ...(verdict.roleOfGroup === undefined ? {} : { roleOfGroup: verdict.roleOfGroup }),
  };
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
  'host-mistyped',
  'reference-wrong',
  'credential-used',
  'right-lacking',
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
  'other-platforms',
  'write-rejected',
  'network-blocks',
  'reader-not-assigned',
  'reader-may-not-read',
  'vault-refuses-network',
  'vault-says',
  'cache-rule',
  'cache-credentials-unhealthy',
  'trusted-services-off',
]);

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

/** The most texts of rejected writes, and of other registries, that are shown. */
const mostTexts = 3;
/** The most characters of the words of a rejected write that are shown: its template can be long. */
const longestWrite = 600;

/** Azure's own words for each write that it rejected, whatever they were taken for. There is no log row about such a write. */
function writeFindings({ target, evidence }: DiagnosisInput): Finding[] {
  if (!isWriteRejected(target, evidence)) return [];
  const texts = writeErrors(evidence).map(({ text }) => withoutControls(text).replace(/\s+/g, ' ').trim());
  const said = [...new Set(texts)].filter((text) => text !== '');
  return said.slice(-mostTexts).map((text) => finding('write-says', { words: text.slice(0, longestWrite) }));
}

/** What the text says of other registries: it is shown, and it is no evidence about this image. */
function othersFindings({ ofOthers = [] }: DiagnosisInput): Finding[] {
  return ofOthers
    .slice(-mostTexts)
    .map(({ registry = '', label, words }) => finding('log-says-of-another', { registry, label, words }));
}

/** A finding with the values that its sentence speaks of, without passwords that stand before a host. */
export function finding(code: FindingCode, detail: Record<string, string> = {}): Finding {
  const said = Object.entries(detail).map(([name, value]): [string, string] => [name, withoutUserinfo(value)]);
  return { code, detail: Object.fromEntries(said) };
}

/** What the network says, as a finding. */
export function networkFinding(network: NetworkVerdict): Finding {
  switch (network.answer) {
    case 'allows':
      return finding('network-allows', { why: network.why });
    case 'blocks':
      return finding('network-blocks', { cause: network.cause, ...network.detail });
    case 'cannot-tell':
      return finding('network-cannot-tell', { why: network.why, ...network.detail });
  }
}

/** Whether the identity of this name holds a role that lets it pull, as a finding. */
export function accessFinding(access: Access, identity: string): Finding {
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

/** The holder of the misplaced role. No decision depends on it: it tells the reader what went wrong. */
export function elsewhereFindings({ target, evidence }: DiagnosisInput, access: Access): Finding[] {
  const found = access.answer === 'cannot' ? roleElsewhere(target, evidence) : undefined;
  if (found === undefined) return [];
  const { holder, identity, principalId, roleId, scope } = found;
  return [finding('role-elsewhere', { holder, identity, principal: principalId, role: roleId, scope })];
}

/** What deny assignments say; nothing where none applies. */
export function denialFindings(denied: Denied): Finding[] {
  switch (denied.answer) {
    case 'no':
      return [];
    case 'yes':
      return [finding('denied', { name: denied.denial.name, scope: denied.denial.scope })];
    case 'cannot-tell':
      return [finding('denied-cannot-tell', { why: denied.why })];
  }
}

/** How many changes of a registry are named: the newest ones. */
const mostChanges = 3;

/** What else was read that speaks for or against: the image itself, who removed the role, a write that was rejected. */
export function otherFindings(input: DiagnosisInput, removal: RoleRemoval | undefined): Finding[] {
  const { target, evidence, pulledBefore } = input;
  const found: Finding[] = [];
  const manifest = valueOf(evidence.manifest);
  if (manifest?.state === 'exists') found.push(existsFinding(input));
  if (manifest?.state === 'missing')
    found.push(finding('image-missing', { what: manifest.what, ...nearest(manifest.tags) }));
  if (removal !== undefined) found.push(finding('role-removed-by', { by: removal.by }));
  if (isWriteRejected(target, evidence)) found.push(finding('write-rejected'));
  // One person may have tried to repair the change of another, so the last few changes are named, each with its time.
  for (const { by, atMs } of (valueOf(evidence.changes) ?? []).slice(-mostChanges))
    found.push(finding('registry-changed-by', { by, when: sayAgo(evidence.atMs - atMs) }));
  if (pulledBefore) found.push(finding('pulled-before'));
  return found;
}

function existsFinding(input: DiagnosisInput): Finding {
  const others = otherPlatforms(input);
  return others === undefined
    ? finding('image-exists')
    : finding('other-platforms', { platforms: others.slice(0, 5).join(', ') });
}

function nearest(tags: readonly string[]): Record<string, string> {
  return tags.length === 0 ? {} : { tags: tags.slice(0, 5).join(', ') };
}
