// One incident per root cause: its key, its entries, and the state that the entries give.
// The room incidents/ holds one incident for each root cause, what is told of it, the routes and the outbox; systems/ has one file for
// each kind of system. Not here: when a system is told (telling/).

import type { Cause } from '../causes/causes.ts';
import { storedCause } from '../causes/causes.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { declaredIdentity, registryOf } from '../evidence/evidence.ts';
import type { Asked } from '../history/asked.ts';
import type { BindingRefusal } from '../history/binding-refusal.ts';
import type { CloseHow } from '../history/closing.ts';
import type { Diagnosis, Sureness } from '../history/diagnosis.ts';
import type { Answer } from '../history/entries.ts';
import type { StoredEntry } from '../history/ledger.ts';
import type { Refusal } from '../history/refusals.ts';
import type { Runbook } from '../runbooks/runbook.ts';
import { valueOf } from '../words/fact.ts';
import type { IncidentId, RemediationId, Target } from '../words/target.ts';

export type IncidentReason = 'recovered' | 'no-members' | 'cause-not-clear';

/** An app that does not fail, and whether it is in the environment of the failing apps. */
export interface ComparedApp {
  readonly app: string;
  readonly sameEnvironment: boolean;
}

/** The result of comparing the members with other apps. */
export interface Comparison {
  readonly atMs: number;
  readonly ready: readonly ComparedApp[];
  readonly more: number;
}

export type IncidentEntry =
  | {
      readonly kind: 'incident-opened';
      readonly key: string;
      readonly cause: Cause;
      readonly sure: Sureness;
      readonly registry: string;
      readonly runbook: Runbook;
      /** The app that opened it, and the environment of that app; histories of older versions do not say. */
      readonly app?: string | undefined;
      readonly environment?: string | undefined;
    }
  | {
      readonly kind: 'member-joined';
      readonly remediation: RemediationId;
      readonly app: string;
      /** The alerts that it was found by, and its environment; histories of older versions do not say. */
      readonly alerts?: readonly string[];
      readonly environment?: string | undefined;
    }
  | {
      readonly kind: 'member-left';
      readonly remediation: RemediationId;
      readonly how: CloseHow | 'another-diagnosis';
      readonly clear: boolean;
    }
  | {
      /** Counter-examples: apps with images of the same registry whose latest revision was ready at this time. */
      readonly kind: 'compared';
      readonly ready: readonly ComparedApp[];
      /** How many more there were. */
      readonly more: number;
    }
  /** The no that keeps pullmedic from the grant; without one it binds no more. It may come long after the incident was opened. */
  | { readonly kind: 'refusal-noted'; readonly bound?: BindingRefusal }
  /** What became of a question about one of its members: people who follow the incident learn of it here. */
  | ({ readonly kind: 'question-noted' } & NotedQuestion)
  | {
      readonly kind: 'incident-closed';
      readonly how: 'resolved' | 'withdrawn';
      readonly because: IncidentReason;
    };

/** A question to a person, as an incident tells of it. */
export interface NotedQuestion {
  readonly remediation: RemediationId;
  readonly app: string;
  /** The number that an answer names. */
  readonly question: number;
  readonly says: 'asked' | 'answered' | 'expired';
  /** When it was asked; histories of older versions do not say. */
  readonly askedAtMs?: number;
  /** Until when it can be answered, or could be. */
  readonly expiresAtMs: number;
  /** What pullmedic would do, for which cause, and the doubts that it shows; histories of older versions do not say. */
  readonly about?: Asked;
  readonly cause?: Cause;
  readonly doubts?: readonly Refusal[];
  /** How a person answered, and who. */
  readonly answer?: Answer;
  readonly by?: string;
}

export interface Member {
  readonly remediation: RemediationId;
  readonly app: string;
  readonly alerts?: readonly string[];
  readonly environment?: string | undefined;
  readonly left?: CloseHow | 'another-diagnosis';
}

export interface Incident {
  readonly id: IncidentId;
  readonly key: string;
  readonly cause: Cause;
  readonly sure: Sureness;
  readonly registry: string;
  readonly runbook: Runbook;
  /** The app that opened it last, and the environment of that app. */
  readonly openedBy?: string;
  readonly environment?: string;
  readonly members: readonly Member[];
  /** The last question about each member. */
  readonly questions: readonly NotedQuestion[];
  readonly comparison?: Comparison;
  readonly bound?: BindingRefusal;
  readonly openedAtMs: number;
  /** How often it was opened, each time within {@link reopenWindowMs} of its last end; 1 for the first time. */
  readonly occurrences: number;
  /** When the first of these began. */
  readonly sinceMs: number;
  readonly closed?: { readonly how: 'resolved' | 'withdrawn'; readonly because: IncidentReason; readonly atMs: number };
}

export interface IncidentHistory {
  readonly incident?: Incident;
  readonly lastSeq: number;
}

/** An incident that comes back within this time of its last end is the same trouble again. Later, the count starts anew. Milliseconds. */
export const reopenWindowMs = 7 * 24 * 3_600_000;

/** The resource that a cause depends on: the subnet or VNet for a network cause, the identity for a role cause. */
function dependency(target: Target, diagnosis: Diagnosis, evidence: Evidence): string {
  const { subnet, vnet } = diagnosis.detail;
  if (diagnosis.network === 'blocks') return subnet ?? vnet ?? valueOf(evidence.vnet)?.id ?? 'no-vnet';
  const identity = declaredIdentity(target, evidence);
  return identity.kind === 'identity' ? identity.principalId : 'no-identity';
}

/** True if several apps share one incident for this cause. Only confirmed causes are shared; any other has the app in its key. */
function isShared(cause: Cause, sure: Sureness): boolean {
  return sure === 'confirmed' && storedCause(cause)?.reach !== 'one-app';
}

export function incidentKey(target: Target, cause: Cause, diagnosis: Diagnosis, evidence: Evidence): string {
  const registry = registryOf(evidence)?.id ?? target.registry;
  const shared = `incident|${cause}|${registry}`;
  return isShared(cause, diagnosis.sure)
    ? `${shared}|${dependency(target, diagnosis, evidence)}`
    : `${shared}|${target.appId}${liesInEntry(cause) ? '' : `|${target.image}`}`;
}

/** It lies in the app's entry for the registry, which all images of that registry share: one expired secret is one incident. */
function liesInEntry(cause: Cause): boolean {
  const record = storedCause(cause);
  return record?.reach === 'one-app' && record.family === 'identity';
}

function step(incident: Incident, { entry, atMs }: StoredEntry<IncidentEntry>): Incident {
  switch (entry.kind) {
    case 'incident-opened': {
      const { closed, comparison: _comparison, bound: _bound, openedBy: _opener, ...kept } = incident;
      const again = atMs - (closed?.atMs ?? incident.openedAtMs) <= reopenWindowMs;
      const counted = again
        ? { occurrences: incident.occurrences + 1, sinceMs: incident.sinceMs }
        : { occurrences: 1, sinceMs: atMs };
      return {
        ...kept,
        ...counted,
        sure: entry.sure,
        runbook: entry.runbook,
        ...openerOf(entry),
        openedAtMs: atMs,
        members: [],
        questions: [],
      };
    }
    case 'member-joined': {
      const others = incident.members.filter((member) => member.remediation !== entry.remediation);
      const { kind: _kind, ...member } = entry;
      return { ...incident, members: [...others, member] };
    }
    case 'member-left':
      return {
        ...incident,
        members: incident.members.map((member) =>
          member.remediation === entry.remediation ? { ...member, left: entry.how } : member,
        ),
      };
    case 'compared':
      return { ...incident, comparison: { atMs, ready: entry.ready, more: entry.more } };
    case 'refusal-noted': {
      const { bound: _before, ...kept } = incident;
      return entry.bound === undefined ? kept : { ...kept, bound: entry.bound };
    }
    case 'question-noted': {
      const { kind: _kind, ...noted } = entry;
      const others = incident.questions.filter((one) => one.remediation !== noted.remediation);
      return { ...incident, questions: [...others, noted] };
    }
    case 'incident-closed':
      return { ...incident, closed: { how: entry.how, because: entry.because, atMs } };
  }
}

function openerOf({
  app,
  environment,
}: IncidentEntry & { kind: 'incident-opened' }): Pick<Incident, 'openedBy' | 'environment'> {
  return { ...(app === undefined ? {} : { openedBy: app }), ...(environment === undefined ? {} : { environment }) };
}

/** The incident as it reads after one more entry. */
export function withEntry(
  id: IncidentId,
  { incident, lastSeq }: IncidentHistory,
  entry: IncidentEntry,
  atMs: number,
): IncidentHistory {
  const stored = { seq: lastSeq + 1, atMs, entry };
  return incident === undefined
    ? foldIncident(id, [stored])
    : { incident: step(incident, stored), lastSeq: stored.seq };
}

/** Computes the state of an incident from its entries. */
export function foldIncident(id: IncidentId, entries: readonly StoredEntry<IncidentEntry>[]): IncidentHistory {
  let incident: Incident | undefined;
  for (const stored of entries) {
    const { entry, atMs } = stored;
    if (incident === undefined && entry.kind === 'incident-opened') {
      const { key, cause, sure, registry, runbook } = entry;
      const first = { members: [], questions: [], openedAtMs: atMs, occurrences: 1, sinceMs: atMs };
      incident = { id, key, cause, sure, registry, runbook, ...openerOf(entry), ...first };
    } else if (incident !== undefined) incident = step(incident, stored);
  }
  const lastSeq = entries.at(-1)?.seq ?? 0;
  return incident === undefined ? { lastSeq } : { incident, lastSeq };
}

/**
 * The next entry on the way to this remediation being a member, and to the incident naming the no that binds it; `undefined` when both are
 * so. Ask again after each append.
 */
export function nextToJoin(
  history: IncidentHistory,
  opening: IncidentEntry & { kind: 'incident-opened' },
  member: Member,
  bound?: BindingRefusal,
): IncidentEntry | undefined {
  const open = history.incident !== undefined && history.incident.closed === undefined;
  if (!open) return opening;
  const present = history.incident?.members.some(
    (one) => one.remediation === member.remediation && one.left === undefined,
  );
  if (!present) {
    const { remediation, app, alerts = [], environment } = member;
    const known = { ...(alerts.length === 0 ? {} : { alerts }), ...(environment === undefined ? {} : { environment }) };
    return { kind: 'member-joined', remediation, app, ...known };
  }
  if (isSameRefusal(history.incident?.bound, bound)) return undefined;
  return { kind: 'refusal-noted', ...(bound === undefined ? {} : { bound }) };
}

function isSameRefusal(a: BindingRefusal | undefined, b: BindingRefusal | undefined): boolean {
  return a?.remediation === b?.remediation && a?.atMs === b?.atMs;
}

/**
 * The next entry when a remediation leaves; `undefined` when nothing is left to do. The last member that leaves closes the incident:
 * resolved only if it recovered and the cause reads clear. Ask again after each append, so that a crash in between loses nothing.
 */
export function nextToLeave(
  history: IncidentHistory,
  remediation: RemediationId,
  how: CloseHow | 'another-diagnosis',
  clear: boolean,
): IncidentEntry | undefined {
  const incident = history.incident;
  const member = incident?.members.find((one) => one.remediation === remediation);
  if (incident === undefined || incident.closed !== undefined || member === undefined) return undefined;
  if (member.left === undefined) return { kind: 'member-left', remediation, how, clear };
  if (incident.members.some((one) => one.left === undefined)) return undefined;
  if (how === 'recovered' && clear) return { kind: 'incident-closed', how: 'resolved', because: 'recovered' };
  return { kind: 'incident-closed', how: 'withdrawn', because: how === 'recovered' ? 'cause-not-clear' : 'no-members' };
}

/** The entry that tells of this question; `undefined` where the incident has ended, tells of it already, or never heard of what ended. */
export function nextToNote({ incident }: IncidentHistory, noted: NotedQuestion): IncidentEntry | undefined {
  if (incident === undefined || incident.closed !== undefined) return undefined;
  const before = incident.questions.find((one) => one.remediation === noted.remediation);
  const isNoted = before?.question === noted.question && before.says === noted.says;
  if (noted.says === 'answered' && before?.question !== noted.question) return undefined;
  return isNoted ? undefined : { kind: 'question-noted', ...noted };
}

/** After this time, a comparison is made again when another app joins. Milliseconds. */
const comparisonLastsMs = 30 * 60_000;
/** How many counter-examples are named. The others are only counted. */
const mostNamed = 10;

/** True if the members should be compared with apps that do not fail: once for a shared cause, and again when that is long ago. */
export function wantsComparison({ incident }: IncidentHistory, nowMs: number): boolean {
  if (incident === undefined || incident.closed !== undefined || !isShared(incident.cause, incident.sure)) return false;
  return nowMs - (incident.comparison?.atMs ?? Number.NEGATIVE_INFINITY) > comparisonLastsMs;
}

interface ReadyApp {
  readonly id: string;
  readonly ready?: { readonly environmentId?: string; readonly registries: readonly string[] };
}

/** Ready apps with images of the registry that do not fail. Apps of the failing environment come first, because they say the most. */
export function comparing(
  { incident }: IncidentHistory,
  environmentId: string | undefined,
  apps: readonly ReadyApp[],
): IncidentEntry & { kind: 'compared' } {
  const failing = new Set(incident?.members.filter((member) => member.left === undefined).map((member) => member.app));
  const ready = apps
    .filter((app) => app.ready?.registries.includes(incident?.registry ?? '') === true && !failing.has(app.id))
    .map(
      ({ id, ready: where }): ComparedApp => ({
        app: id,
        sameEnvironment: environmentId !== undefined && where?.environmentId === environmentId,
      }),
    )
    .sort((a, b) => Number(b.sameEnvironment) - Number(a.sameEnvironment) || (a.app < b.app ? -1 : 1));
  return { kind: 'compared', ready: ready.slice(0, mostNamed), more: Math.max(0, ready.length - mostNamed) };
}
