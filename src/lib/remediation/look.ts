// One look: what is asked of Azure, and the entry that says what was seen.

import { diagnose } from '../diagnosis/diagnose.ts';
import { subjectOf } from '../diagnosis/named-registry.ts';
import { claimOfRow } from '../diagnosis/read-row.ts';
import { judgeProgress, pulledBefore, readRows, rowsOfOthers, textOf } from '../diagnosis/recovery.ts';
import type { DiagnosisInput } from '../diagnosis/verdict.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { activeRevisions, declaredIdentity, isOverBudget, registryOf } from '../evidence/evidence.ts';
import type { LookContext } from '../evidence/reads.ts';
import { causeReads } from '../history/cause-reads.ts';
import { looksAgain } from '../history/decision.ts';
import type { Entry } from '../history/entries.ts';
import { principalNotFound } from '../history/entries.ts';
import { newWrite } from '../history/last-writes.ts';
import type { Remediation, TargetHistory } from '../history/state.ts';
import { gather, type Look } from '../look/gather.ts';
import { PutOff } from '../ports/steering.ts';
import type { Unreadable } from '../words/fact.ts';
import { hasUnread, isUnread, passesByItself, valueOf } from '../words/fact.ts';
import type { Target } from '../words/target.ts';
import { skewMs } from './told-since.ts';
import { live, type Turn } from './turn.ts';

/** What a look saw, and the entry that is to record it. */
export interface SeenByLook {
  readonly evidence: Evidence;
  readonly entry: LookEntry;
}

type LookEntry = Entry & { kind: 'looked' };

/**
 * Looks at the target once. The caller records the entry. `happenedBeforeMs`: something was changed or a person answered before this instant, in
 * milliseconds, and the look rests on nothing that was read before. Throws {@link PutOff} when the budget of requests is spent.
 */
export async function lookOnce(turn: Turn, happenedBeforeMs: number | undefined): Promise<SeenByLook> {
  const { ports } = turn;
  const before = live(turn);
  const woken = happenedBeforeMs !== undefined;
  const seen = await gather(ports, before.target, logsSince(turn, before), {
    recall: recallFor(turn, before, woken),
    ...sharingFor(before, happenedBeforeMs, ports.now(), ports.azure.scarce()),
  });
  if (isOverBudget(seen.evidence)) throw new PutOff('over-budget');
  const entry = {
    ...lookEntry(turn.history, before, seen, woken),
    seesFromMs: seesFrom(seen.evidence, happenedBeforeMs),
  };
  return { evidence: seen.evidence, entry };
}

/**
 * A look sees all that happened before its oldest fact was read, as clocks differ, and what woke it, where that was before this fact.
 * Milliseconds.
 */
function seesFrom({ atMs }: Evidence, happenedBeforeMs = 0): number {
  return Math.max(atMs - skewMs, Math.min(happenedBeforeMs, atMs));
}

const minute = 60_000;
/** How far back a look reads logs before the remediation was opened: alerts come minutes after the fact. */
const lookbackMs = 30 * minute;
/**
 * Maximum age of what another app's look read of the registry and the network, where a look rests on it, and the same while requests are scarce:
 * then hundreds of apps wait for their first look. Both are far below the age at which no change rests on evidence any more. Milliseconds.
 */
const sharedForMs = { plenty: minute / 4, scarce: minute };
/** Since when it may be reading it at most: a query waits half a minute for its turn, and is answered within twenty seconds. Milliseconds. */
const underWayForMs = minute;

/**
 * Since when a look of another app may have read what this one rests on, and since when it may be reading that. A look that something woke rests on
 * nothing from before that: it must see what changed. A later look rests on nothing from before the last look of its own and what was decided on it:
 * it is to see what came after that. So does one that repeats a look; if each of two hundred apps of one identity read everything for itself, their
 * queries would wait for each other, and what they found would be too old again.
 */
function sharingFor(
  { look, decision }: Remediation,
  happenedBeforeMs: number | undefined,
  nowMs: number,
  scarce: boolean,
): Required<Pick<LookContext, 'sharedSinceMs' | 'underWaySinceMs'>> {
  const ownMs = look === undefined ? 0 : Math.max(look.atMs, decision?.atMs ?? 0) + 1;
  const sinceMs = Math.max(ownMs, happenedBeforeMs === undefined ? 0 : happenedBeforeMs + skewMs);
  return {
    sharedSinceMs: Math.max(nowMs - (scarce ? sharedForMs.scarce : sharedForMs.plenty), sinceMs),
    underWaySinceMs: Math.max(nowMs - underWayForMs, sinceMs),
  };
}

function wasToLookAgain({ decision }: Remediation): boolean {
  return decision !== undefined && looksAgain(decision.decision);
}

/**
 * A look that a change or an answer of a person woke recalls nothing, and the next one nothing from before that look. A look that repeats the
 * last one because something in it was too old or could not be read recalls nothing either.
 */
function recallFor({ history }: Turn, remediation: Remediation, woken: boolean): NonNullable<LookContext['recall']> {
  const { id, cacheValidFromSeq } = remediation;
  const anew = woken || wasToLookAgain(remediation);
  return { remediation: id, seq: history.lastSeq, since: anew ? history.lastSeq + 1 : cacheValidFromSeq };
}

/** From when on rows are read: those of an earlier remediation of this target are left out. */
function logsSince({ history }: Turn, remediation: Remediation): number {
  const before = history.remediations.at(-2)?.closed?.atMs ?? 0;
  return Math.max(remediation.openedAtMs - lookbackMs, before);
}

/** The entry that says what this look of the remediation saw, and what follows from it. */
export function lookEntry(history: TargetHistory, remediation: Remediation, look: Look, woken: boolean): LookEntry {
  const { evidence, calls, sent, recalled } = look;
  const target = subjectOf(remediation.target, evidence);
  const rows = readRows(target, evidence, claimOfRow);
  const text = textOf(target, rows, rowsOfOthers(target, evidence, claimOfRow));
  const recoveries = history.remediations.filter((earlier) => earlier.closed?.how === 'recovered').length;
  const before = pulledBefore(target, evidence, valueOf(evidence.logs) ?? [], recoveries);
  const diagnosis = diagnose({ target, evidence, ...text, pulledBefore: before, ...unknownPrincipal(remediation) });
  const unread = unreadFacts(evidence);
  const reads = causeReads(diagnosis, unread.unread, remediation.bestDiagnosis?.diagnosis);
  return {
    kind: 'looked',
    suspicions: text.suspicions,
    diagnosis,
    ...(reads === undefined ? {} : { causeReads: reads }),
    progress: judgeProgress(target, evidence, remediation, rows),
    revisions: activeRevisions(target, evidence).map((revision) => revision.name),
    ...pullEnds(target, evidence, target.registry === remediation.target.registry ? undefined : target.registry),
    ...writeSeen(remediation, evidence),
    ...unread,
    // Also for a part of a fact: the actions of a role, say.
    clouded: hasUnread(evidence, passesByItself),
    asked: askedFor(evidence),
    ...(recalled.length === 0 ? {} : { recalled }),
    ...(woken ? { woken } : {}),
    calls,
    sent,
  };
}

/** Kept so that a role event can be told to matter without reading anything, and so that pages can name the environment. */
function pullEnds(target: Target, evidence: Evidence, host: string | undefined): Pick<LookEntry, 'pulls'> {
  const registryId = registryOf(evidence)?.id;
  const declared = declaredIdentity(target, evidence);
  const principalId = declared.kind === 'identity' ? declared.principalId : undefined;
  const app = valueOf(evidence.app);
  const environmentId = app === 'gone' ? undefined : app?.environmentId;
  const ends = {
    ...(host === undefined ? {} : { host }),
    ...(registryId === undefined ? {} : { registryId }),
    ...(principalId === undefined ? {} : { principalId }),
    ...(environmentId === undefined ? {} : { environmentId }),
  };
  return Object.keys(ends).length === 0 ? {} : { pulls: ends };
}

/** Who wrote the app last, if this look is the first to see that. An app that was not read says nothing of it. */
function writeSeen({ writes }: Remediation, evidence: Evidence): Pick<LookEntry, 'lastWrite'> {
  const app = valueOf(evidence.app);
  if (app === undefined || app === 'gone') return {};
  const lastWrite = newWrite(writes, app.lastWrite ?? 'not-said');
  return lastWrite === undefined ? {} : { lastWrite };
}

/** The identity that the directory did not know when a grant was tried. */
function unknownPrincipal({ attempts }: Remediation): Pick<DiagnosisInput, 'unknownPrincipal'> {
  const grant = attempts.findLast((attempt) => attempt.because === principalNotFound)?.grant;
  return grant === undefined ? {} : { unknownPrincipal: grant.principalId };
}

/** The facts of a look, by name. */
function askedFor({ atMs: _atMs, ...facts }: Evidence): string[] {
  return Object.keys(facts);
}

function unreadFacts(evidence: Evidence): { unread: string[]; whyUnread?: Record<string, Unreadable> } {
  const whyUnread = Object.fromEntries(
    Object.entries(evidence).flatMap(([name, fact]: [string, unknown]) => (isUnread(fact) ? [[name, fact.why]] : [])),
  );
  const unread = Object.keys(whyUnread);
  return unread.length === 0 ? { unread } : { unread, whyUnread };
}
