// One step of a remediation: look, record, decide, record, act, record. The only place that strings these together.

import type { Cause } from '../causes/causes.ts';
import { classify } from '../classify/classify.ts';
import { killSwitchGuard } from '../decision/change-guards.ts';
import { decide } from '../decision/decide.ts';
import { deploymentGuard, slowStartGuard } from '../decision/deployment-guards.ts';
import { proposedGrant } from '../decision/grant-rules.ts';
import type { GuardInput } from '../decision/guard.ts';
import { changeTakesMs } from '../decision/schedule.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import { distinctSuspicions, judgeProgress, pulledBefore, readRows } from '../diagnosis/recovery.ts';
import { isServing } from '../diagnosis/trouble.ts';
import type { DiagnosisInput } from '../diagnosis/verdict.ts';
import type { Evidence, LogRow } from '../evidence/evidence.ts';
import { activeRevisions, appOf, fingerprint } from '../evidence/evidence.ts';
import type { LookContext } from '../evidence/reads.ts';
import type { CloseHow } from '../history/closing.ts';
import type { Decided, Decision, WaitReason } from '../history/decision.ts';
import type { Diagnosis } from '../history/diagnosis.ts';
import type { ActionName, Entry, PutOffReason } from '../history/entries.ts';
import { principalNotFound } from '../history/entries.ts';
import { liveOf, undoableGrant, undoingOf } from '../history/queries.ts';
import { codeOf, type Refusal } from '../history/refusals.ts';
import type { Attempt, Remediation, TargetHistory } from '../history/state.ts';
import { readTarget } from '../history/targets.ts';
import type { IncidentEntry } from '../incidents/incident.ts';
import { comparing, foldIncident, incidentKey, joining, leaving, wantsComparison } from '../incidents/incident.ts';
import { gather, type Look } from '../look/gather.ts';
import type { ActionAnswer, Ports } from '../ports/ports.ts';
import { runbookFor } from '../runbooks/index.ts';
import type { Config } from '../settings/config.ts';
import type { Step } from '../signals/step.ts';
import type { Unreadable } from '../words/fact.ts';
import { known, valueOf } from '../words/fact.ts';
import type { IncidentId, Target } from '../words/target.ts';
import { seeToAlerts } from './acknowledge.ts';
import { appendToDeployment, appendUnless, Busy, ledgerFacts } from './deployment.ts';
import { dueAtMsOf, rowOf } from './index-row.ts';
import { awakeSince } from './pulse.ts';
import { Overtaken, stepUndo } from './undo.ts';

const minute = 60_000;
/** How far back a look reads logs before the remediation was opened: alerts come minutes after the fact. */
const lookbackMs = 30 * minute;
/** How many times an append to a shared ledger is tried when others move it. */
const maxTries = 16;

/** Another host may be in the middle of a change: look again once it has either finished or died. */
class ChangeUnderWay extends Error {
  override readonly name = 'ChangeUnderWay';
}

/** The look was not made, or not to its end: it is due later, and nothing was decided. */
class PutOff extends Error {
  override readonly name = 'PutOff';
  readonly because: PutOffReason;
  constructor(because: PutOffReason) {
    super('The look is put off.');
    this.because = because;
  }
}

/** A first look may rest on what another app's look read of the registry and the network so long ago. */
const sharedForMs = minute / 4;

interface Turn {
  readonly ports: Ports;
  readonly config: Config;
  history: TargetHistory;
}

function live(turn: Turn): Remediation {
  const remediation = liveOf(turn.history);
  if (remediation === undefined) throw new Overtaken('The remediation was closed meanwhile.');
  return remediation;
}

/** Appends to the target's history and folds it again. Throws {@link Overtaken} when another step was first; signals that join overtake nobody. */
async function record(turn: Turn, entry: Entry): Promise<void> {
  const { ports } = turn;
  for (let attempt = 0; attempt < maxTries; attempt += 1) {
    const { targetId, lastSeq, staleBelowSeq } = turn.history;
    const appended = await ports.history.append(targetId, lastSeq, entry);
    turn.history = await readTarget(ports, targetId);
    if (appended === 'appended') return;
    if (turn.history.staleBelowSeq !== staleBelowSeq) throw new Overtaken('Another step wrote first.');
  }
  throw new Busy('The history is too busy.');
}

/** Appends what is so, whoever else wrote meanwhile: what was done was done, and an incident that holds us holds us. */
async function recordAnyway(turn: Turn, entry: Entry): Promise<void> {
  const { ports } = turn;
  for (let attempt = 0; attempt < maxTries; attempt += 1) {
    const appended = await ports.history.append(turn.history.targetId, turn.history.lastSeq, entry);
    turn.history = await readTarget(ports, turn.history.targetId);
    if (appended === 'appended') return;
  }
  throw new Error('The history is too busy.');
}

/** Rows of an earlier remediation of this target are its own business. */
function logsSince({ history }: Turn, remediation: Remediation): number {
  const before = history.remediations.at(-2)?.closed?.atMs ?? 0;
  return Math.max(remediation.openedAtMs - lookbackMs, before);
}

function unreadFacts(evidence: Evidence): { unread: string[]; whyUnread?: Record<string, Unreadable> } {
  const whyUnread = Object.fromEntries(
    Object.entries(evidence).flatMap(([name, fact]: [string, unknown]) => (isUnread(fact) ? [[name, fact.why]] : [])),
  );
  const unread = Object.keys(whyUnread);
  return unread.length === 0 ? { unread } : { unread, whyUnread };
}

/** Whether something could not be read for a reason that passes by itself, be it a part of a fact: the actions of a role, say. */
function isTransientlyUnreadable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isUnread(value)) return passing.has(value.why);
  return Object.values(value).some(isTransientlyUnreadable);
}

const passing: ReadonlySet<Unreadable> = new Set(['throttled', 'timed-out', 'unavailable', 'over-budget']);

function isUnread(fact: unknown): fact is { readonly read: false; readonly why: Unreadable } {
  return typeof fact === 'object' && fact !== null && 'read' in fact && fact.read === false;
}

function read(row: LogRow): ReturnType<typeof classify> {
  return classify(row.text, { reason: row.reason, type: row.severity });
}

/** Whom the directory did not know when we wanted to grant. */
function unknownPrincipal({ attempts }: Remediation): Pick<DiagnosisInput, 'unknownPrincipal'> {
  const grant = attempts.findLast((attempt) => attempt.because === principalNotFound)?.grant;
  return grant === undefined ? {} : { unknownPrincipal: grant.principalId };
}

/** The facts of a look, by name. */
function askedFor({ atMs: _atMs, ...facts }: Evidence): string[] {
  return Object.keys(facts);
}

function looked(turn: Turn, { evidence, calls, sent, recalled }: Look, woken: boolean): Entry & { kind: 'looked' } {
  const remediation = live(turn);
  const { target } = remediation;
  const rows = readRows(target, evidence, read);
  const suspicions = distinctSuspicions(rows);
  const recoveries = turn.history.remediations.filter((earlier) => earlier.closed?.how === 'recovered').length;
  const before = pulledBefore(target, evidence, valueOf(evidence.logs) ?? [], recoveries);
  return {
    kind: 'looked',
    suspicions,
    diagnosis: diagnose({ target, evidence, suspicions, pulledBefore: before, ...unknownPrincipal(remediation) }),
    progress: judgeProgress(target, evidence, remediation, rows),
    revisions: activeRevisions(target, evidence).map((revision) => revision.name),
    ...unreadFacts(evidence),
    clouded: isTransientlyUnreadable(evidence),
    asked: askedFor(evidence),
    ...(recalled.length === 0 ? {} : { recalled }),
    ...(woken ? { woken } : {}),
    calls,
    sent,
  };
}

function withheld(refusal: Refusal): ActionAnswer {
  return { outcome: 'withheld', because: codeOf(refusal) };
}

/** Counts a grant against the deployment's limits before it is made; withheld if one was reached meanwhile. */
async function countGrant({ ports, config }: Turn, remediation: Remediation): Promise<ActionAnswer | undefined> {
  const awakeSinceMs = await awakeSince(ports);
  // Who answered for this grant is no backlog.
  const answered = remediation.approval?.answer?.answer === 'approved';
  const counted = await appendUnless(ports, { kind: 'grant-counted', remediation: remediation.id }, (grants) => {
    const input = { nowMs: ports.now(), config, ledger: known(grants), awakeSinceMs };
    return deploymentGuard(input) ?? (answered ? undefined : slowStartGuard(input));
  });
  if (counted === 'appended') return undefined;
  return withheld(counted === 'busy' ? { guard: 'hourly-limit', why: 'busy' } : counted);
}

/** The last look before the write: the app as it is now, and the kill switch as it is now. */
async function lastLook(
  { ports }: Turn,
  remediation: Remediation,
  evidence: Evidence,
): Promise<ActionAnswer | undefined> {
  const { target } = remediation;
  const killed = killSwitchGuard({ killSwitch: await ports.killSwitch() });
  if (killed !== undefined) return withheld(killed);
  const { facts } = await ports.azure.probe('app', target, { atMs: ports.now() }, ports.now());
  const before = appOf(evidence);
  const now = appOf({ atMs: ports.now(), ...facts });
  if (before === undefined || now === undefined) return withheld({ guard: 'superseded', why: 'unreadable' });
  return fingerprint(target, before) === fingerprint(target, now)
    ? undefined
    : withheld({ guard: 'superseded', why: 'changed' });
}

type Change = Extract<Decision, { do: ActionName }>;

async function perform(
  turn: Turn,
  change: Change,
  remediation: Remediation,
  evidence: Evidence,
): Promise<ActionAnswer> {
  const refused = await lastLook(turn, remediation, evidence);
  if (refused !== undefined) return refused;
  const { actions } = turn.ports;
  switch (change.do) {
    case 'restart':
      return actions.restart(remediation.target.appId, change.revision);
    case 'new-revision':
      return actions.newRevision(remediation.target.appId, change.suffix, change.template);
    case 'grant':
      return (await countGrant(turn, remediation)) ?? actions.grant(change.grant, remediation.id);
  }
}

async function act(turn: Turn, change: Change, evidence: Evidence): Promise<void> {
  const remediation = live(turn);
  const answer = await perform(turn, change, remediation, evidence);
  await recordAnyway(turn, { kind: 'outcome', action: change.do, ...answer });
  turn.ports.log('acted', { remediation: remediation.id, action: change.do, outcome: answer.outcome });
}

/**
 * A change that was decided but has no outcome, or an unknown one: the step died or timed out. It is settled by reading, never by
 * doing it again: a grant has a name that can be looked up, a restart has not and stays unknown.
 */
async function settle(turn: Turn): Promise<void> {
  const last = live(turn).attempts.at(-1);
  if (last === undefined || (last.outcome !== undefined && last.outcome !== 'unknown')) return;
  if (last.outcome === undefined && turn.ports.now() - last.atMs < changeTakesMs)
    throw new ChangeUnderWay('A change is under way.');
  const entry = await settled(turn, last);
  if (entry !== undefined) await record(turn, entry);
}

/** So long Azure may take to make a revision that it accepted. */
const revisionTakesMs = 5 * minute;

/** Whether the revision that we asked for is there, and whether it is of the template that we meant. */
async function settledRevision({ ports }: Turn, target: Target, attempt: Attempt): Promise<Entry | undefined> {
  const { facts } = await ports.azure.probe('app', target, { atMs: ports.now() }, ports.now());
  const app = appOf({ atMs: ports.now(), ...facts });
  if (app === undefined) return undefined;
  const outcome = { kind: 'outcome', action: 'new-revision' } as const;
  // Something else may differ although the suffix is ours: somebody deployed in the same moment.
  if (app.latestRevision === attempt.revision)
    return { ...outcome, outcome: 'done', because: app.template === attempt.template ? 'found' : 'template-differs' };
  const late = ports.now() - attempt.atMs > revisionTakesMs && app.provisioningState !== 'InProgress';
  return late ? { ...outcome, outcome: 'failed', because: 'not-made' } : undefined;
}

async function settled(turn: Turn, attempt: Attempt): Promise<Entry | undefined> {
  const { ports } = turn;
  if (attempt.action === 'new-revision') return settledRevision(turn, live(turn).target, attempt);
  if (attempt.action === 'restart' || attempt.grant === undefined) {
    return attempt.outcome === undefined
      ? { kind: 'outcome', action: attempt.action, outcome: 'unknown', because: 'interrupted' }
      : undefined;
  }
  const found = await ports.actions.findGrant(attempt.grant);
  if (!found.read) return undefined;
  if (!found.value) return { kind: 'outcome', action: 'grant', outcome: 'failed', because: 'not-made' };
  // That it is there does not say who made it: only what carries our remediation's name can be undone.
  const made = await ports.actions.readMade(attempt.grant, live(turn).id);
  const undo = made.read && made.value.kind === 'ours' ? { undo: made.value.assignment } : {};
  return { kind: 'outcome', action: 'grant', outcome: 'done', because: 'found', ...undo };
}

async function editIncident(
  ports: Ports,
  id: IncidentId,
  edit: (history: ReturnType<typeof foldIncident>) => readonly IncidentEntry[],
): Promise<void> {
  for (let attempt = 0; attempt < maxTries; attempt += 1) {
    const history = foldIncident(id, await ports.incidents.read(id));
    const [entry] = edit(history);
    if (entry === undefined) return;
    // One entry at a time: the rest follows from the folded history, also after a crash in between.
    await ports.incidents.append(id, history.lastSeq, entry);
  }
  throw new Busy('The incident is too busy.');
}

async function leave(
  ports: Ports,
  remediation: Remediation,
  how: CloseHow | 'another-diagnosis',
  clear: boolean,
): Promise<void> {
  const { incident, id } = remediation;
  if (incident !== undefined) await editIncident(ports, incident, (history) => leaving(history, id, how, clear));
}

/** The list of all apps serves several incidents. */
const listLastsMs = 5 * minute;

/** Names apps that do not fail although they use the same registry. No list, no comparison: it is evidence, not a condition. */
async function compare({ ports }: Turn, id: IncidentId, evidence: Evidence): Promise<void> {
  const nowMs = ports.now();
  if (!wantsComparison(foldIncident(id, await ports.incidents.read(id)), nowMs)) return;
  const apps = await ports.azure.listApps(nowMs - listLastsMs);
  if (!apps.read) return;
  const environment = appOf(evidence)?.environmentId;
  await editIncident(ports, id, (history) =>
    wantsComparison(history, nowMs) ? [comparing(history, environment, apps.value)] : [],
  );
}

/** Makes the remediation a member of its root cause's incident, and of no other. */
async function link(turn: Turn, cause: Cause, diagnosis: Diagnosis, evidence: Evidence): Promise<void> {
  const { ports } = turn;
  const remediation = live(turn);
  const { target } = remediation;
  const key = incidentKey(target, cause, diagnosis, evidence);
  const id = `i${ports.hash(key)}` as IncidentId;
  if (remediation.incident !== undefined && remediation.incident !== id)
    await leave(ports, remediation, 'another-diagnosis', false);
  const grant = proposedGrant({ target, evidence });
  const runbook = runbookFor({
    target,
    cause,
    diagnosis,
    evidence,
    ...(grant === undefined ? {} : { grant }),
  });
  const opening = {
    kind: 'incident-opened',
    key,
    cause,
    sure: diagnosis.sure,
    registry: target.registry,
    runbook,
  } as const;
  await ports.index.noteIncident(id);
  await editIncident(ports, id, (history) =>
    joining(history, opening, { remediation: remediation.id, app: target.appId }),
  );
  if (remediation.incident !== id) await recordAnyway(turn, { kind: 'incident-linked', incident: id });
  const now = turn.history.remediations.find((one) => one.id === remediation.id);
  // Closed by another step in the meantime: that one knew of no incident to leave.
  if (now?.closed !== undefined) await leave(ports, now, now.closed.how, true);
  await compare(turn, id, evidence);
}

/** An app that slept when its grant should have shown its worth, and serves now that it was asked to: the grant helped. */
async function noteWoken({ ports, history }: Turn, how: CloseHow, evidence: Evidence): Promise<void> {
  const [before, now] = history.remediations.slice(-2);
  if (before === undefined || now === undefined || before.closed?.because !== 'no-replica-asked-to-start') return;
  if (how !== 'withdrawn' || !isServing(now.target, evidence)) return;
  if (before.attempts.some((attempt) => attempt.action === 'grant' && attempt.outcome === 'done'))
    await appendToDeployment(ports, { kind: 'grant-proven', remediation: before.id });
}

async function close(
  turn: Turn,
  decision: Decision & { do: 'close' },
  diagnosis: Diagnosis,
  evidence: Evidence,
): Promise<void> {
  const remediation = live(turn);
  const found = remediation.bestDiagnosis?.diagnosis.causes ?? [];
  // A young role that lets the pull through is no cause any more, however young it still is.
  const clear = !diagnosis.causes.some((cause) => cause !== 'pull-role-propagating' && found.includes(cause));
  await leave(turn.ports, remediation, decision.how, clear || diagnosis.sure !== 'confirmed');
  if (
    decision.how === 'recovered' &&
    remediation.attempts.some((attempt) => attempt.action === 'grant' && attempt.outcome === 'done')
  ) {
    await appendToDeployment(turn.ports, { kind: 'grant-proven', remediation: remediation.id });
  }
  await noteWoken(turn, decision.how, evidence);
  await record(turn, { kind: 'closed', how: decision.how, because: decision.because });
  turn.ports.log('closed', { remediation: remediation.id, how: decision.how, because: decision.because });
}

async function carryOut(turn: Turn, decided: Decided, diagnosis: Diagnosis, evidence: Evidence): Promise<void> {
  const { decision } = decided;
  switch (decision.do) {
    case 'grant':
    case 'restart':
    case 'new-revision':
      return act(turn, decision, evidence);
    case 'incident':
    case 'ask':
      return link(turn, decision.cause, diagnosis, evidence);
    case 'close':
      return close(turn, decision, diagnosis, evidence);
    case 'wait':
      return undefined;
  }
}

function isOverBudget(evidence: Evidence): boolean {
  return Object.values(evidence).some((fact: unknown) => isUnread(fact) && fact.why === 'over-budget');
}

/**
 * A step that somebody's change or answer sent reads everything anew, and so does the first look after it. So does a look again,
 * because what the last one saw was too old or could not be read.
 */
function recallFor({ history }: Turn, remediation: Remediation, woken: boolean): LookContext['recall'] {
  const { id, cacheValidFromSeq, decision } = remediation;
  const again = decision?.decision.do === 'wait' && decision.decision.because === 'looking-again';
  return { remediation: id, seq: history.lastSeq, since: woken || again ? history.lastSeq + 1 : cacheValidFromSeq };
}

async function look(turn: Turn, woken: boolean): Promise<void> {
  const { ports, config } = turn;
  await settle(turn);
  const before = live(turn);
  const recall = recallFor(turn, before, woken);
  // What something woke, and what comes after another look, must see what changed since.
  const shared = before.look === undefined && !woken ? ports.now() - sharedForMs : undefined;
  const seen = await gather(ports, before.target, logsSince(turn, before), undefined, recall, shared);
  if (isOverBudget(seen.evidence)) throw new PutOff('over-budget');
  const entry = looked(turn, seen, woken);
  await record(turn, entry);
  const remediation = live(turn);
  const { target } = remediation;
  const { evidence } = seen;
  const [killSwitch, ledgers, awakeSinceMs] = await Promise.all([
    ports.killSwitch(),
    ledgerFacts(ports),
    awakeSince(ports),
  ]);
  const input: GuardInput = {
    nowMs: ports.now(),
    config,
    target,
    evidence,
    diagnosis: entry.diagnosis,
    remediation,
    history: turn.history,
    killSwitch,
    ...ledgers,
    awakeSinceMs,
  };
  const decided = decide(input);
  await record(turn, { kind: 'decided', ...decided });
  const refused = [...new Set(decided.refusals.map((refusal) => refusal.guard))].join(' ');
  const { do: what, because } = decided.decision;
  ports.log('decided', { remediation: remediation.id, do: what, because, ...(refused === '' ? {} : { refused }) });
  await carryOut(turn, decided, entry.diagnosis, evidence);
}

/** Index first, then the message: a crash in between leaves a row that the schedule finds overdue. */
async function schedule({ ports, history }: Turn): Promise<void> {
  const last = history.remediations.at(-1);
  if (last === undefined) return;
  const row = rowOf(last, history.lastSeq, ports.now());
  await ports.index.put(row);
  if (!row.closed)
    await ports.queue.sendStep({ targetId: last.targetId, seq: history.lastSeq, wake: false }, row.dueAtMs);
}

/** A step that was overtaken, or delivered again after a crash: the recorded state decides what is due. */
async function resume(turn: Turn): Promise<void> {
  const remediation = liveOf(turn.history);
  if (remediation === undefined) {
    const last = turn.history.remediations.at(-1);
    if (last !== undefined) await turn.ports.index.put(rowOf(last, turn.history.lastSeq, turn.ports.now()));
    return;
  }
  await schedule(turn);
}

/**
 * A step of a target with an undo under way: that comes first. What is still live is looked at right after: its world has changed,
 * and the message that was on its way to it is stale now. `false`: the undo cannot go on yet; the schedule finds it by its row.
 */
async function undo(turn: Turn, step: Step): Promise<boolean> {
  const asked = undoingOf(turn.history);
  if (asked === undefined) return false;
  const { ports, config, history } = turn;
  // The row first: should we die on the way, the schedule finds the undo by it.
  await ports.index.put(rowOf(asked, history.lastSeq, ports.now()));
  try {
    turn.history = await stepUndo(ports, config, history);
    if (turn.history === history) return false;
    if (liveOf(turn.history) !== undefined) await lookOrPutOff(turn, true);
  } catch (error) {
    if (!(error instanceof Overtaken || error instanceof ChangeUnderWay)) throw error;
    ports.log('step-overtaken', { target: step.targetId, seq: step.seq });
    turn.history = await readTarget(ports, step.targetId);
  }
  const now = turn.history.remediations.find((one) => one.id === asked.id) ?? asked;
  await ports.index.put(rowOf(now, turn.history.lastSeq, ports.now()));
  if (liveOf(turn.history) !== undefined) await schedule(turn);
  return true;
}

function isStale({ seq, wake }: Step, history: TargetHistory, nowMs: number): boolean {
  if (!wake) return seq < history.staleBelowSeq;
  const last = liveOf(history)?.look;
  // A look that recalled something may have missed what this step is about, however young it is.
  if (last === undefined || (last.recalled ?? []).length > 0) return false;
  return seq < history.staleBelowSeq && nowMs - last.atMs < minute / 2;
}

/** Between 1 and 2, another one for each target and each entry: what was put off together does not come back together. */
function jitter({ ports, history }: Turn): number {
  return 1 + Number.parseInt(ports.hash(`jitter|${history.targetId}|${history.lastSeq}`).slice(0, 4), 16) / 0xffff;
}

/** After so long a step comes back that could not write to a shared ledger, times the jitter. */
const busyMs = 5000;
/** So long a look is put off, times the jitter: one without requests to spend, and one that others go before. */
const putOffMs: Readonly<Record<PutOffReason, number>> = { 'over-budget': minute / 2, 'first-looks-first': 2 * minute };

/** Waits that a minute more does not harm: nothing was changed, and nothing failing was found. */
const patient: ReadonlySet<WaitReason> = new Set(['no-text-yet', 'registry-busy', 'proving-stability']);

/** A look that nobody waits for: nothing says that anything changed, and a person has been asked or nothing is being done. */
function canWait(turn: Turn, woken: boolean): boolean {
  const remediation = live(turn);
  const asked = remediation.waitingForPersonSinceMs !== undefined && remediation.approval === undefined;
  const decision = remediation.decision?.decision;
  const waits = decision?.do === 'wait' && patient.has(decision.because);
  const idle = (asked && remediation.incident !== undefined) || waits;
  return idle && !woken && turn.ports.azure.scarce();
}

async function putOff(turn: Turn, because: PutOffReason): Promise<void> {
  const dueAtMs = turn.ports.now() + Math.round(putOffMs[because] * jitter(turn));
  await record(turn, { kind: 'put-off', because, dueAtMs });
  turn.ports.log('put-off', { remediation: live(turn).id, because });
}

async function lookOrPutOff(turn: Turn, woken: boolean): Promise<void> {
  if (canWait(turn, woken)) return putOff(turn, 'first-looks-first');
  try {
    return await look(turn, woken);
  } catch (error) {
    if (error instanceof PutOff) return putOff(turn, error.because);
    throw error;
  }
}

/** The alerts of what goes on, and of what ended just before it. One that ended has no step of its own any more: it is sent one. */
async function tendAlerts({ ports, config, history }: Turn): Promise<void> {
  const { targetId, lastSeq, remediations } = history;
  for (const remediation of remediations.slice(-2)) {
    const againAtMs = await seeToAlerts(ports, config, remediation);
    if (againAtMs !== undefined) await ports.queue.sendStep({ targetId, seq: lastSeq, wake: false }, againAtMs);
  }
}

/** A wish to undo that died before it was recorded has left the row of its remediation open, be it one that ended long ago. */
async function restoreRows({ ports, history }: Turn): Promise<void> {
  const earlier = history.remediations.filter((one) => one.closed !== undefined && undoableGrant(one) !== undefined);
  for (const one of earlier) await ports.index.put(rowOf(one, history.lastSeq, ports.now()));
}

/**
 * Handles one step message. `redelivered` says that an earlier delivery of it died: then a stale step still makes sure that the
 * next one is on its way. Throws when the store or the queue cannot be reached; the queue delivers again.
 */
export async function handleStep(ports: Ports, config: Config, step: Step, redelivered: boolean): Promise<void> {
  const turn: Turn = { ports, config, history: await readTarget(ports, step.targetId) };
  await takeStep(turn, step, redelivered);
  // The next step is on its way by now: no remediation waits for its alert.
  await tendAlerts(turn);
}

async function takeStep(turn: Turn, step: Step, redelivered: boolean): Promise<void> {
  const { ports } = turn;
  if (await undo(turn, step)) return;
  if (step.late === true) await restoreRows(turn);
  if (liveOf(turn.history) === undefined || isStale(step, turn.history, ports.now())) {
    ports.log('step-stale', { target: step.targetId, seq: step.seq });
    if (redelivered || step.late === true) await resume(turn);
    return;
  }
  if (step.late === true && dueAtMsOf(live(turn)) > ports.now()) {
    // It came meanwhile, and the next one is on its way; should that get lost, the row tells when.
    await ports.index.put(rowOf(live(turn), turn.history.lastSeq, ports.now()));
    return;
  }
  try {
    await lookOrPutOff(turn, step.wake);
  } catch (error) {
    if (error instanceof ChangeUnderWay || error instanceof Busy) {
      const waitMs = error instanceof Busy ? busyMs * jitter(turn) : changeTakesMs;
      await ports.queue.sendStep({ ...step, seq: turn.history.lastSeq }, ports.now() + waitMs);
      return;
    }
    if (!(error instanceof Overtaken)) throw error;
    ports.log('step-overtaken', { target: step.targetId, seq: step.seq });
    // Who was first may have looked at what it remembered: whether that will do is judged once its look is recorded.
    if (step.wake) await ports.queue.sendStep(step, ports.now());
    return;
  }
  await schedule(turn);
}

/** A step that seemed lost is not sent again before this. */
const lateAgainMs = 4 * minute;
/** So many are sent again in one minute, the longest overdue first: where more are late, they are mostly waiting for their turn. */
const lateAtOnce = 50;

/**
 * Steps that should have come and did not: their message was lost, or their host died for good. In a storm they are only waiting for
 * their turn; so a row is not sent again each minute, and a step that came meanwhile is not looked at twice. Answers how many are overdue.
 */
export async function sendOverdue(ports: Ports): Promise<number> {
  const overdue = await ports.index.overdue(ports.now() - 2 * minute);
  const longest = [...overdue].sort((a, b) => a.dueAtMs - b.dueAtMs).slice(0, lateAtOnce);
  for (const row of longest) {
    await ports.queue.sendStep({ targetId: row.targetId, seq: row.seq, wake: true, late: true }, ports.now());
    await ports.index.put({ ...row, dueAtMs: ports.now() + lateAgainMs });
    ports.log('overdue-found', { remediation: row.remediation });
  }
  return overdue.length;
}
