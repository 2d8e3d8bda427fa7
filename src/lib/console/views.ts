// Summaries of the histories for people and programs. They are derived from the entries on every read.

import type { Cause } from '../causes/causes.ts';
import type { Label } from '../classify/classify.ts';
import { saysPullFailed } from '../classify/classify.ts';
import { leadingSuspicion, refusedOtherwise } from '../diagnosis/text-claims.ts';
import type { Calls } from '../evidence/calls.ts';
import { approvalLastsMs } from '../history/approval.ts';
import type { Asked } from '../history/asked.ts';
import type { BindingRefusal } from '../history/binding-refusal.ts';
import type { CauseReads } from '../history/cause-reads.ts';
import type { CloseHow, CloseReason } from '../history/closing.ts';
import { type CountedSignals, keptSignals, noneCounted } from '../history/counted-signals.ts';
import { leavesQuestionOpen, type RuleName } from '../history/decision.ts';
import type { FindingCode, Sureness } from '../history/diagnosis.ts';
import type { ActionName, AlertState, Entry, OutcomeKind } from '../history/entries.ts';
import { tookEffect } from '../history/figures.ts';
import { foldTarget } from '../history/fold.ts';
import { lastQuestion } from '../history/fold-approval.ts';
import type { Writes } from '../history/last-writes.ts';
import type { StoredEntry } from '../history/ledger.ts';
import { UnreadableHistory } from '../history/ledger.ts';
import { type PullsAs, pullsAsOf } from '../history/pulls-as.ts';
import { entriesOf } from '../history/queries.ts';
import { codeOf, type Refusal } from '../history/refusals.ts';
import { type State, stateOf } from '../history/remediation-state.ts';
import type { ReplicaCount } from '../history/replica-count.ts';
import type { Remediation } from '../history/state.ts';
import { understood } from '../history/targets.ts';
import type { Comparison, Incident, IncidentReason, NotedQuestion } from '../incidents/incident.ts';
import { foldIncident } from '../incidents/incident.ts';
import { incidentFacts } from '../incidents/incident-facts.ts';
import type { Histories, Incidents, Index, SignalCounts } from '../ports/ports.ts';
import type { Command } from '../runbooks/runbook.ts';
import type { Via } from '../signals/signal.ts';
import type { AlertId } from '../words/arm-id.ts';
import type { IncidentId, RemediationId, Target } from '../words/target.ts';
import { parseRemediationId } from '../words/target.ts';
import { type UndoView, undoOf } from './undo-view.ts';

export type { State } from '../history/remediation-state.ts';

/** The last question to a person: the change that it is about, and what became of it. */
export type ApprovalView = Asked & {
  readonly state: 'pending' | 'approved' | 'rejected' | 'expired';
  /** The number that an answer names. */
  readonly question: number;
  readonly cause: Cause;
  /** While it is open: the doubts that an answer overrules, and no others. */
  readonly because: readonly Refusal[];
  readonly askedAtMs: number;
  readonly expiresAtMs: number;
  readonly by?: string;
  /** Of an approval: until when it allows the change, and when it was used. */
  readonly endsAtMs?: number;
  readonly usedAtMs?: number;
};

/** One wanted state of an alert: whether pullmedic set it, and if not, why. */
export interface AlertView {
  readonly alert: AlertId;
  readonly state: AlertState;
  /** `refused`: pullmedic left the alert as it is. */
  readonly outcome: OutcomeKind | 'refused';
  readonly because: readonly string[];
}

export interface RemediationView {
  readonly id: RemediationId;
  readonly target: Target;
  readonly state: State;
  readonly openedAtMs: number;
  readonly updatedAtMs: number;
  readonly dueAtMs?: number;
  /** All that joined: those in the history and those that were only counted. */
  readonly signals: number;
  /** Signals that only repeated what the history says: it does not hold them. */
  readonly repeated?: { readonly count: number; readonly lastAtMs: number; readonly lastRevision?: string };
  /** The kind of the signal that opened it. */
  readonly startedBy: Via;
  readonly revisions: readonly string[];
  /** The most requests that one look needed, of each kind. */
  readonly mostCalls: Calls;
  /** The look that named the causes: the probes that it asked, and the requests that they took. */
  readonly foundBy?: { readonly asked: readonly string[]; readonly calls: Calls };
  readonly suspicion?: Label;
  readonly causes: readonly Cause[];
  readonly sureness?: Sureness;
  /** How the cause read to the last look, where the app served. */
  readonly causeReads?: CauseReads;
  /** How many of the wanted replicas have recovered by the last look, where it is some and not all. */
  readonly partly?: ReplicaCount;
  /** Findings that support the causes. */
  readonly findings: readonly FindingCode[];
  /** Findings against the causes, or without meaning for them. */
  readonly ruledOut: readonly FindingCode[];
  /** `rule`: the name of the rule that decided; absent where an older version did. */
  readonly decision?: { readonly do: string; readonly because: string; readonly rule?: RuleName };
  readonly refusals: readonly string[];
  /** The no of a person, or of a question without an answer, that keeps pullmedic from the grant. */
  readonly bound?: BindingRefusal;
  readonly actions: readonly {
    readonly action: ActionName;
    readonly outcome: OutcomeKind;
    readonly because?: string;
    readonly atMs: number;
  }[];
  readonly approval?: ApprovalView;
  readonly undo?: UndoView;
  readonly alerts: readonly AlertView[];
  readonly incident?: IncidentId;
  /** The identity that pulls, by the name that people gave it. */
  readonly pullsAs?: PullsAs;
  /** Who deployed: who wrote the app before it failed, and since; absent until a look has read the app. */
  readonly writes?: Writes;
  readonly closed?: { readonly how: CloseHow; readonly because: CloseReason; readonly atMs: number };
  /** Its history was read from the archive. */
  readonly archived?: true;
  readonly times: {
    readonly failedAtMs?: number;
    readonly detectedAtMs: number;
    readonly diagnosedAtMs?: number;
    readonly actedAtMs?: number;
    readonly recoveredAtMs?: number;
  };
}

export interface IncidentView {
  readonly id: IncidentId;
  readonly cause: Cause;
  readonly sureness: Sureness;
  readonly registry: string;
  readonly state: 'open' | 'resolved' | 'withdrawn';
  readonly title: string;
  readonly owner: string;
  readonly advice: string;
  readonly members: readonly string[];
  readonly apps: readonly string[];
  /** Counter-examples: apps with images of the same registry whose latest revision was ready at that time. */
  readonly ready?: Comparison;
  /** The last question about each app: asked, or expired without an answer. */
  readonly questions: readonly NotedQuestion[];
  readonly commands: readonly Command[];
  readonly verify: string;
  readonly undo: string;
  readonly openedAtMs: number;
  /** How often it was opened since `sinceMs`. A later opening counts only within the time in which an incident counts as coming back. */
  readonly occurrences: number;
  readonly sinceMs: number;
  readonly resolvedAtMs?: number;
  /** Why it ended: all its apps recovered, no failing app is left, or the apps recovered and the cause does not read clear. */
  readonly because?: IncidentReason;
  /** How each member of the latest opening left. */
  readonly left: readonly { readonly app: string; readonly how: string }[];
}

export function viewRemediation(remediation: Remediation, counted: CountedSignals = noneCounted): RemediationView {
  const state = stateOf(remediation);
  const suspicion = suspicionOf(remediation);
  const { decision } = remediation;
  const approval = approvalOf(remediation);
  const undo = undoOf(remediation);
  return {
    id: remediation.id,
    target: remediation.target,
    state,
    openedAtMs: remediation.openedAtMs,
    updatedAtMs: remediation.updatedAtMs,
    signals: remediation.signals.length + counted.count,
    ...repeatedOf(counted),
    startedBy: remediation.signals[0]?.via ?? 'schedule',
    revisions: remediation.revisions,
    mostCalls: remediation.mostCalls,
    ...(remediation.bestDiagnosis?.cost === undefined ? {} : { foundBy: remediation.bestDiagnosis.cost }),
    ...causesOf(remediation),
    ...(remediation.look?.causeReads === undefined ? {} : { causeReads: remediation.look.causeReads }),
    ...partlyOf(remediation),
    findings: (remediation.bestDiagnosis?.diagnosis.for ?? []).map(({ code }) => code),
    ruledOut: (remediation.bestDiagnosis?.diagnosis.against ?? []).map(({ code }) => code),
    refusals: (decision?.refusals ?? []).map(codeOf),
    actions: remediation.attempts.map(({ action, outcome, because, atMs }) => ({
      action,
      outcome: outcome ?? 'unknown',
      atMs,
      ...(because === undefined ? {} : { because }),
    })),
    alerts: alertsOf(remediation),
    times: timesOf(remediation),
    ...pullsAsOf(remediation),
    ...(remediation.writes === undefined ? {} : { writes: remediation.writes }),
    ...(suspicion === undefined ? {} : { suspicion }),
    ...(decision === undefined ? {} : { decision: summaryOf(decision) }),
    ...(decision === undefined || state === 'closed' ? {} : { dueAtMs: decision.dueAtMs }),
    ...(approval === undefined ? {} : { approval }),
    ...(decision?.bound === undefined ? {} : { bound: decision.bound }),
    ...(undo === undefined ? {} : { undo }),
    ...(remediation.incident === undefined ? {} : { incident: remediation.incident }),
    ...(remediation.closed === undefined ? {} : { closed: remediation.closed }),
    ...(remediation.archived ? { archived: true } : {}),
  };
}

function suspicionOf(remediation: Remediation): Label | undefined {
  const found = leadingSuspicion(remediation.bestDiagnosis?.suspicions ?? []);
  const last = leadingSuspicion(remediation.look?.suspicions ?? []);
  if (found !== undefined && saysPullFailed(found)) return found.label;
  const other = refusedOtherwise(remediation.look?.suspicions ?? []) === undefined ? undefined : 'not-a-pull-failure';
  return (last ?? found)?.label ?? other;
}

/** The last question as people see it. Without an answer it is `expired` once pullmedic no longer asks. */
function approvalOf(remediation: Remediation): ApprovalView | undefined {
  const { decision, closed } = remediation;
  const last = lastQuestion(remediation);
  if (last === undefined) return undefined;
  const { about, question, cause, doubts, askedAtMs, expiresAtMs, answer, usedAtMs } = last;
  const asks = decision !== undefined && leavesQuestionOpen(decision.decision);
  const state = answer?.answer ?? (asks && closed === undefined ? 'pending' : 'expired');
  const because = state === 'pending' ? doubts : [];
  const shown: ApprovalView = { ...about, state, question, cause, because, askedAtMs, expiresAtMs };
  if (answer === undefined) return shown;
  const ends = answer.answer === 'approved' ? { endsAtMs: answer.atMs + approvalLastsMs } : {};
  return { ...shown, by: answer.by, ...ends, ...(usedAtMs === undefined ? {} : { usedAtMs }) };
}

function alertsOf({ alertTries }: Remediation): AlertView[] {
  return alertTries.map(({ alert, state, refusals, outcome, because }) => ({
    alert,
    state,
    outcome: refusals.length > 0 ? 'refused' : (outcome ?? 'unknown'),
    because: [...refusals.map(codeOf), ...(because === undefined ? [] : [because])],
  }));
}

function timesOf(remediation: Remediation): RemediationView['times'] {
  const recovered = remediation.closed?.how === 'recovered' ? remediation.provenAtMs : undefined;
  const acted = tookEffect(remediation);
  return {
    detectedAtMs: remediation.openedAtMs,
    ...(remediation.failedAtMs === undefined ? {} : { failedAtMs: remediation.failedAtMs }),
    ...(remediation.diagnosedAtMs === undefined ? {} : { diagnosedAtMs: remediation.diagnosedAtMs }),
    ...(acted === undefined ? {} : { actedAtMs: acted }),
    ...(recovered === undefined ? {} : { recoveredAtMs: recovered }),
  };
}

function summaryOf({ decision, rule }: NonNullable<Remediation['decision']>): NonNullable<RemediationView['decision']> {
  return { do: decision.do, because: decision.because, ...(rule === undefined ? {} : { rule }) };
}

export type Reading = Histories & SignalCounts & Incidents & Index;

/** One remediation with its entries; `undefined` if there is no remediation with this id. Throws `UnreadableHistory`. */
export async function showRemediation(
  ports: Reading,
  text: string,
): Promise<{ remediation: RemediationView; entries: readonly StoredEntry<Entry>[] } | undefined> {
  const id = parseRemediationId(text);
  if (id === undefined) return undefined;
  const entries = await ports.history.read(id.target);
  const remediation = understood(() => foldTarget(id.target, entries).remediations[id.ordinal - 1]);
  if (remediation === undefined) return undefined;
  const counted = await countedOf(ports, remediation);
  return understood(() => ({
    remediation: viewRemediation(remediation, counted),
    // Where an entry stands is for the remediation to say.
    entries: entriesOf(entries, id.target, id.ordinal).map(({ archived: _archived, ...entry }) => entry),
  }));
}

/** A remediation that keeps all its signals has counted none: then the store is not asked. */
async function countedOf(ports: SignalCounts, { id, signals }: Remediation): Promise<CountedSignals> {
  return signals.length < keptSignals ? noneCounted : (await ports.counted.read(id)).counted;
}

/** All remediations, the latest first. Only for histories that are known to be small. */
export async function listRemediations(ports: Reading): Promise<RemediationView[]> {
  const rows = await ports.index.all();
  const targets = [...new Set(rows.map((row) => row.targetId))];
  const histories = await Promise.all(
    targets.map(async (target) => foldTarget(target, await ports.history.read(target))),
  );
  const views = await Promise.all(
    histories
      .flatMap((history) => history.remediations)
      .map(async (remediation) => viewRemediation(remediation, await countedOf(ports, remediation))),
  );
  return views.sort((a, b) => b.openedAtMs - a.openedAtMs);
}

export interface IncidentPage {
  /** The latest opening first. One whose history cannot be read is left out: its remediations are shown all the same. */
  readonly incidents: readonly IncidentView[];
  /** How many of this page cannot be read, their row or their history: a newer version or a person wrote it. */
  readonly skipped: number;
  /** Where the next page of those that have ended begins; absent on the last one. */
  readonly next?: string;
}

/** The open incidents and those that ended last; with `after`, the page of ended ones that begins where another one ended. */
export async function pageOfIncidents(ports: Reading, after?: string): Promise<IncidentPage> {
  const open = after === undefined ? await ports.index.openIncidents() : { rows: [], skipped: 0 };
  const { rows, skipped, next } = await ports.index.closedIncidents({ after, limit: endedIncidentsShown });
  const ids = new Set([...open.rows, ...rows].map(({ id }) => id));
  const views = (await Promise.all([...ids].map((id) => incidentView(ports, id)))).filter((view) => view !== undefined);
  const incidents = views.sort((a, b) => b.openedAtMs - a.openedAtMs);
  const unread = ids.size - incidents.length;
  return { incidents, skipped: open.skipped + skipped + unread, ...(next === undefined ? {} : { next }) };
}

/** The incidents of the first page. */
export async function listIncidents(ports: Reading): Promise<readonly IncidentView[]> {
  return (await pageOfIncidents(ports)).incidents;
}

/** How many incidents that have ended a page shows. */
const endedIncidentsShown = 50;

/** One incident; `undefined` if it has no entry or cannot be read. */
export async function incidentView(ports: Reading, id: IncidentId): Promise<IncidentView | undefined> {
  try {
    const entries = await ports.incidents.read(id);
    return understood(() => {
      const { incident } = foldIncident(id, entries);
      return incident === undefined ? undefined : viewIncident(incident);
    });
  } catch (error) {
    if (!(error instanceof UnreadableHistory)) throw error;
    return undefined;
  }
}

/** What is said of an incident comes from the facts that the incident systems are told, so that the page and they say the same. */
function viewIncident(incident: Incident): IncidentView {
  const { members, questions, closed } = incident;
  const { id, state, sure, registry, title, owner, advice, unaffected, ...facts } = incidentFacts(incident, {});
  const { commands, verify, undo, openedAtMs, occurrences, sinceMs } = facts;
  return {
    id,
    cause: incident.cause,
    sureness: sure,
    registry,
    state,
    title,
    owner,
    advice,
    members: members.map((member) => member.remediation),
    apps: [...new Set(members.map((member) => member.app))],
    ...(incident.comparison === undefined ? {} : { ready: { ...incident.comparison, ready: unaffected } }),
    questions,
    commands,
    verify,
    undo,
    openedAtMs,
    occurrences,
    sinceMs,
    left: members.flatMap(({ app, left }) => (left === undefined ? [] : [{ app, how: left }])),
    ...(closed === undefined ? {} : { because: closed.because }),
    ...(closed?.how === 'resolved' ? { resolvedAtMs: closed.atMs } : {}),
  };
}

/** Endings that say that no pull of the app failed. A cause that an earlier look suspected is not shown then. */
const withoutCause: ReadonlySet<CloseReason> = new Set<CloseReason>([
  'not-a-pull-failure',
  'push-refused',
  'build-refused',
  'nothing-failing',
  'waits-for-another',
]);

function causesOf(remediation: Remediation): { causes: readonly Cause[]; sureness?: Sureness } {
  const stoodDown = remediation.closed !== undefined && withoutCause.has(remediation.closed.because);
  const diagnosis = remediation.bestDiagnosis?.diagnosis;
  return diagnosis === undefined || stoodDown ? { causes: [] } : { causes: diagnosis.causes, sureness: diagnosis.sure };
}

function partlyOf({ look, closed }: Remediation): Pick<RemediationView, 'partly'> {
  const partly = look?.progress.partly;
  return partly === undefined || closed !== undefined ? {} : { partly };
}

function repeatedOf({ count, recent }: CountedSignals): Pick<RemediationView, 'repeated'> {
  const last = recent.at(-1);
  if (last === undefined) return {};
  const { countedAtMs: lastAtMs, revision } = last;
  return { repeated: { count, lastAtMs, ...(revision === undefined ? {} : { lastRevision: revision }) } };
}
