// Causes and findings of an app that signs in with a user name and a secret, or that has no entry for the registry.

import type { Cause } from '../causes/causes.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { appOf, registryOf } from '../evidence/evidence.ts';
import type { Finding } from '../history/diagnosis.ts';
import { isAzureRegistry, isPublicRegistry, microsoftRegistry } from '../words/registry-host.ts';
import { type Target, unknownRegistry } from '../words/target.ts';

import { verdictOfCache } from './artifact-cache.ts';

import type { CredentialFault, ExpiredPassword } from './credentials.ts';

import { credentialFaults, isBroken, meantEntry, mistypedHost } from './credentials.ts';
import { finding } from './findings.ts';
import { isOutside, orSuspectedAppliance } from './network-outside.ts';
import type { NetworkVerdict } from './network-verdict.ts';
import { onlySignInIsLeft } from './refused-create.ts';
import { isRefused, leadingSuspicion, logSays, verdictOfText } from './text-claims.ts';
import { vaultFault, vaultFindings, vaultSays } from './vault-reference.ts';
import type { DiagnosisInput, Verdict } from './verdict.ts';
import { confirmed, imageCauses, networkCauses } from './verdict.ts';

/** A private way that is broken is logged as "unauthorized" too: it is ruled out before a credential is suspected. */
export function verdictOfCredential(input: DiagnosisInput, network: NetworkVerdict): Verdict {
  const hidden = vaultFault(input.target, input.evidence);
  const found: Cause[] = [
    ...(isBroken(input.target, input.evidence) ? (['credential-rejected'] as const) : []),
    ...(hidden === 'reader-not-assigned' || hidden === 'reader-may-not-read'
      ? (['registry-secret-unreadable'] as const)
      : []),
    ...networkCauses(network),
    ...imageCauses(input),
  ];
  if (found.length > 0) return confirmed(...found);
  const ofCache = verdictOfCache(input, 'text-that-names-it');
  if (ofCache !== undefined) return ofCache;
  if (vaultSays(input.target, input.evidence) !== undefined)
    return { causes: ['registry-secret-unreadable'], sure: 'suspected' };
  if (!isRefused(input)) {
    const said = verdictOfText(input);
    if (said.sure === 'unexplained' && (saysSecretMissing(input) || onlySignInIsLeft(input, network)))
      return { causes: ['credential-rejected'], sure: 'suspected' };
    if (said.sure === 'unexplained' && hidden === 'network-refuses')
      return { causes: ['registry-secret-unreadable'], sure: 'suspected' };
    return isOutside(input.target) ? orSuspectedAppliance(said, network) : said;
  }
  const suspect = hidden === 'network-refuses' ? 'registry-secret-unreadable' : 'credential-rejected';
  return { causes: [suspect], sure: 'suspected' };
}

/** The platform says that the secret of the entry is not there. ARM lists no secret of an app that has none, so it cannot confirm that. */
function saysSecretMissing({ suspicions }: DiagnosisInput): boolean {
  return leadingSuspicion(suspicions)?.rule === 'registry-secret-missing';
}

/** The credential that the app signs in with, and every fault of it that ARM shows. */
export function credentialFindings({ target, evidence }: DiagnosisInput): Finding[] {
  const faults = credentialFaults(target, evidence);
  return [
    finding('credential-used'),
    ...(saysRightLacking(target, evidence) ? [finding('right-lacking')] : []),
    ...faults.map(faultFinding),
    ...tokenFindings(evidence, faults),
    ...vaultFindings(target, evidence),
  ];
}

/**
 * Whether a text says that the account could sign in and lacks a right. An Azure registry refuses a wrong password before it speaks of a scope; others,
 * such as Docker Hub and GitHub, answer a wrong or expired password in the same words, so that only words about a right itself count there.
 */
function saysRightLacking(target: Target, evidence: Evidence): boolean {
  const words = isAzureRegistry(target.registry) ? /insufficient_scope/i : noRight;
  return logSays(target, evidence, words);
}

/** Google Artifact Registry; GitHub, for an organisation with SAML and for a token without a scope; the token service of GitLab. */
const noRight =
  /\bpermission "[^"]{1,120}" denied on resource|grant your (?:OAuth|personal access) token access|\bSAML (?:SSO|enforcement|single sign-on)\b|denied: access forbidden|token provided does not match expected scopes/i;

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

function passwords(expired: readonly ExpiredPassword[]): string {
  return expired.map(({ name, ago }) => `${name} expired ${ago}`).join(', ') || 'none';
}

/** A token that was read and can work, or that could not be read. */
function tokenFindings(evidence: Evidence, faults: readonly CredentialFault[]): Finding[] {
  if (evidence.token === undefined) return [];
  if (!evidence.token.read) return [finding('token-unreadable', { why: evidence.token.why })];
  return faults.some(({ fault }) => fault.startsWith('token-')) ? [] : [finding('token-good')];
}

/** Without an entry the platform pulls anonymously. If a registry that we can read forbids anonymous pulls, that is the cause. */
export function verdictWithoutEntry(input: DiagnosisInput, network: NetworkVerdict): Verdict {
  const refuses = registryOf(input.evidence)?.anonymousPull === false;
  const blocked = networkCauses(network);
  const outside = isOutside(input.target);
  if (blocked.length > 0 && (outside || (!refuses && !isRefused(input)))) return confirmed(...blocked);
  if (!refuses && !isRefused(input))
    return outside ? orSuspectedAppliance(verdictOfText(input), network) : verdictOfText(input);
  if (takesNoSignIn(input.target.registry)) return verdictOfText(input);
  // Outside of Azure a private repository looks the same as one that does not exist.
  return isAzureRegistry(input.target.registry)
    ? confirmed('registry-not-configured', ...blocked)
    : { causes: ['registry-not-configured'], sure: 'suspected' };
}

/** Microsoft's own registry needs no sign-in, so no entry for it can be missing; a name that cannot be parsed has no registry. */
function takesNoSignIn(registry: string): boolean {
  return registry === microsoftRegistry || registry === unknownRegistry;
}

/**
 * Which registries the app has entries for, and the entry that was probably meant for this one, or the host that was. Empty where a public registry
 * refused nothing: its images need no entry.
 */
export function entryFindings(input: DiagnosisInput): Finding[] {
  const { target, evidence } = input;
  const entries = appOf(evidence)?.registries ?? [];
  const host = mistypedHost(target, entries);
  if (host === undefined && (isPublicRegistry(target.registry) || takesNoSignIn(target.registry)) && !isRefused(input))
    return [];
  const declared = entries.map(({ server }) => server).join(', ');
  const meant = meantEntry(target, entries);
  return [
    finding('registry-not-configured', { host: target.registry, ...(declared === '' ? {} : { declared }) }),
    ...(host === undefined ? [] : [finding('host-mistyped', { host: target.registry, meant: host })]),
    ...(meant === undefined ? [] : [finding('entry-for-another-host', { server: meant.server })]),
  ];
}
