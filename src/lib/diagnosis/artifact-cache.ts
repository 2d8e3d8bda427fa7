// Whether the image comes from another registry through a cache rule of this one, and whether that is what fails.

import type { Suspicion } from '../classify/classify.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { registryOf, repositoryOf } from '../evidence/evidence.ts';
import type { CacheRuleFacts } from '../evidence/registry-facts.ts';
import type { Finding } from '../history/diagnosis.ts';
import { valueOf } from '../words/fact.ts';
import type { Target } from '../words/target.ts';
import { leadingSuspicion, logSays } from './text-claims.ts';
import type { DiagnosisInput, Verdict } from './verdict.ts';

/**
 * The cache rule for the target's repository; `undefined` if none applies or the rules were not read. A rule for one repository beats a
 * rule with `*`, and a longer prefix beats a shorter one (Microsoft, "Artifact cache: wildcards").
 */
export function cacheRuleFor(target: Target, evidence: Evidence): CacheRuleFacts | undefined {
  const repository = repositoryOf(target);
  const rules = (valueOf(evidence.cache) ?? []).filter((rule) => appliesTo(rule, repository));
  return rules.toSorted((a, b) => rank(b) - rank(a))[0];
}

function appliesTo({ target }: CacheRuleFacts, repository: string): boolean {
  return target.endsWith('*') ? repository.startsWith(target.slice(0, -1)) : repository === target;
}

function rank({ target }: CacheRuleFacts): number {
  return target.endsWith('*') ? target.length : Infinity;
}

/** Where the registry fetches the image: the source of the rule, with the rest of the repository in place of the `*`. */
export function upstreamOf(rule: CacheRuleFacts, repository: string): string {
  return rule.source.endsWith('*')
    ? `${rule.source.slice(0, -1)}${repository.slice(rule.target.length - 1)}`
    : rule.source;
}

/** A fault that ARM shows and that keeps the registry from fetching. A copy that it holds already may still be pulled. */
export type CacheFault = 'credentials-unhealthy' | 'trusted-services-off';

/** The fault of the rule for this target, as far as ARM shows one. */
export function cacheFault(target: Target, evidence: Evidence): CacheFault | undefined {
  const rule = cacheRuleFor(target, evidence);
  if (rule === undefined) return undefined;
  if (rule.credentials?.health === 'unhealthy') return 'credentials-unhealthy';
  return trustsNobody(evidence) ? 'trusted-services-off' : undefined;
}

/** A restricted registry has to let trusted services pass, or its cache cannot fetch (Microsoft, "Artifact cache", limitations). */
function trustsNobody(evidence: Evidence): boolean {
  const registry = registryOf(evidence);
  const restricted = registry?.publicAccess === 'closed' || registry?.defaultAction === 'deny';
  return restricted && registry.trustedServices === false;
}

/**
 * The verdict that the cache fails, or `undefined`. A text that names a cache rule speaks of the cache. Any other refusal may be about the
 * app's own sign-in: it speaks of the cache only if ARM shows a fault of the rule, and then it is a suspicion, because a copy that the
 * registry holds can still be pulled. The fault and a text that names the rule prove the cause together.
 */
export function verdictOfCache(input: DiagnosisInput, of: 'text-that-names-it' | 'any-refusal'): Verdict | undefined {
  const { target, evidence } = input;
  const leading = leadingSuspicion(input.suspicions);
  if (leading === undefined || cacheRuleFor(target, evidence) === undefined) return undefined;
  const fault = cacheFault(target, evidence);
  if (logNamesCache(input, leading))
    return { causes: ['artifact-cache-failed'], sure: fault === undefined ? 'suspected' : 'confirmed' };
  const refused = of === 'any-refusal' && fetchFailures.has(leading.label);
  return refused && fault !== undefined ? { causes: ['artifact-cache-failed'], sure: 'suspected' } : undefined;
}

/** What a registry says if it cannot fetch: refused or limited by the other registry, no answer of it, or no copy. */
const fetchFailures: ReadonlySet<Suspicion['label']> = new Set([
  'unauthorized',
  'rate-limited',
  'registry-unavailable',
  'manifest-unknown',
]);

/** The texts of the registry about its cache name the rule (azure/acr#599, #754, #772, #892). */
const ofCache = /\bfor cache rule\b|\bto source registry\b|\bwith source registry\b/i;

/** Whether the log speaks of the cache: the words of the suspicion are cut short, and the rows of the look have the whole text. */
function logNamesCache({ target, evidence }: DiagnosisInput, { words }: Suspicion): boolean {
  return ofCache.test(words) || logSays(target, evidence, ofCache);
}

/** The rule, and what ARM shows to be wrong with it. */
export function cacheFindings({ target, evidence }: DiagnosisInput): Finding[] {
  const rule = cacheRuleFor(target, evidence);
  if (rule === undefined) return [];
  const source = upstreamOf(rule, repositoryOf(target));
  const found: Finding[] = [{ code: 'cache-rule', detail: { rule: rule.name, source } }];
  const { name, health, error } = rule.credentials ?? {};
  if (name !== undefined && health === 'unhealthy')
    found.push({
      code: 'cache-credentials-unhealthy',
      detail: { credentials: name, ...(error === undefined ? {} : { error }) },
    });
  if (trustsNobody(evidence)) found.push({ code: 'trusted-services-off', detail: {} });
  return found;
}
