// Remembers facts that change slowly: the next look of the same remediation uses them again for a minute and a half, in this process only.
import type { Evidence, Probe } from '../evidence/evidence.ts';
import { appOf, declaredIdentity, environmentOf, outboundSubnet, registryOf } from '../evidence/evidence.ts';
import type { RecalledProbe } from '../evidence/facts.ts';
import { isRecalled } from '../evidence/facts.ts';
import type { LookContext, ProbeAnswer } from '../evidence/reads.ts';
import type { AzureReads } from '../ports/ports.ts';
import { hasUnread, valueOf } from '../words/fact.ts';
import { latest } from '../words/latest.ts';
import type { RemediationId, Target } from '../words/target.ts';

/** How long a fact may be used again. It is half the age of evidence that a decision may rest on, so that a slow look still fits in. */
export const recallMs = 90_000;
/** How many remediations are remembered. The one that was read longest ago is forgotten first. */
export const mostRecalled = 200;

interface Kept {
  /** The subject of the probe. The same probe about another subnet is another question. */
  readonly basis: string;
  readonly facts: Partial<Evidence>;
  /** The instant just before the read, in milliseconds. */
  readonly readAtMs: number;
  /** The number of the last history entry when the look began that read it. */
  readonly seq: number;
}

/**
 * Wraps the probes with a memory. A look that names no remediation gets fresh facts. A recalled fact costs no request, and its answer says
 * when it was read, because the evidence is as old as its oldest fact.
 */
export function recalling<A extends Azure>(azure: A, now: () => number): A {
  const memory = latest<RemediationId, Map<Probe, Kept>>(mostRecalled, { forMs: recallMs, now });
  const read = async (
    recall: NonNullable<LookContext['recall']>,
    basis: string,
    asked: Asked,
  ): Promise<ProbeAnswer> => {
    const [probe] = asked;
    const readAtMs = now();
    memory.get(recall.remediation)?.delete(probe);
    const answer = await azure.probe(...asked);
    if (isWhole(answer.facts)) {
      const facts = memory.get(recall.remediation) ?? new Map<Probe, Kept>();
      // An answer that another look shared is older than this read.
      facts.set(probe, { basis, facts: answer.facts, readAtMs: answer.readAtMs ?? readAtMs, seq: recall.seq });
      memory.put(recall.remediation, facts);
    }
    return answer;
  };
  const probe = async (...asked: Asked): Promise<ProbeAnswer> => {
    const [name, target, soFar, , look] = asked;
    const basis = basisOf(name, target, soFar);
    if (look?.recall === undefined || basis === undefined) return azure.probe(...asked);
    const kept = memory.get(look.recall.remediation)?.get(name);
    if (kept === undefined || !isGood(kept, basis, look.recall, now())) return read(look.recall, basis, asked);
    return { facts: kept.facts, calls: 0, readAtMs: kept.readAtMs };
  };
  return { ...azure, probe };
}

/** The subject of a slow fact; `undefined` for a fact that a later look must not use again, as the table of facts says. */
function basisOf(probe: Probe, target: Target, soFar: Evidence): string | undefined {
  return isRecalled(probe) ? bases[probe](soFar, target) : undefined;
}

type Azure = Pick<AzureReads['azure'], 'probe'>;
type Asked = Parameters<Azure['probe']>;

/** True if the fact has the same subject, is young enough, and was read after the last event that made cached facts invalid. */
function isGood(kept: Kept, basis: string, { since }: NonNullable<LookContext['recall']>, nowMs: number): boolean {
  return kept.basis === basis && kept.seq >= since && nowMs - kept.readAtMs <= recallMs;
}

/** The subjects of facts that a later look may use again and that looks of several apps share; `undefined` while it is not known. */
export const subjects = {
  vnet: outboundSubnet,
  subnet: outboundSubnet,
  zones: registryId,
  changes: registryId,
  cache: registryId,
  // These are read from a list that an earlier fact of the look has: a later look may have a longer one.
  endpoints: (soFar: Evidence) => listed(registryOf(soFar)?.endpoints),
  zoneGroups: (soFar: Evidence) => listed(valueOf(soFar.endpoints)?.map(({ id }) => id)),
} as const;

export function registryId(soFar: Evidence): string | undefined {
  return registryOf(soFar)?.id;
}

function listed(items: readonly unknown[] | undefined): string | undefined {
  return items && JSON.stringify(items);
}

/**
 * The subject of each fact that may be used again: an answer serves only the same subject. A deployment that changes the
 * network or the environment takes minutes. The facts about other holders of the role and about changes of the registry come from
 * indexes that lag for longer than that. No change rests on any of these facts.
 */
const bases: { readonly [Name in RecalledProbe]: (soFar: Evidence, target: Target) => string | undefined } = {
  ...subjects,
  environment: environmentBasis,
  elsewhere: (soFar, target) => elsewhereBasis(target, soFar),
};

/** True if the value contains no unreadable fact. A zone with unreadable records, for example, is asked for again. */
export function isWhole(value: unknown): boolean {
  return !hasUnread(value);
}

/** The subject of `environment`. If the app pulls with the environment's identity, a grant needs its principal: it is always read anew. */
function environmentBasis(soFar: Evidence): string | undefined {
  const app = appOf(soFar);
  const pulls = app?.registries.some((entry) => entry.identity === 'system-environment');
  return pulls === true ? undefined : app?.environmentId;
}

function elsewhereBasis(target: Target, soFar: Evidence): string | undefined {
  const app = appOf(soFar);
  const identities = [declaredIdentity(target, soFar), app?.userIdentities, app?.systemPrincipalId];
  return JSON.stringify([registryOf(soFar)?.id, identities, environmentOf(soFar)?.systemPrincipalId]);
}
