// One step of a remediation: look, record, decide, record, act, record. The only place that strings these together.
import { classify } from './classify.ts';
import type { Config } from './config.ts';
import type { Decided, Decision } from './decide.ts';
import { decide, proposedGrant } from './decide.ts';
import type { Cause, Diagnosis, DiagnosisInput } from './diagnose.ts';
import { diagnose } from './diagnose.ts';
import type { Evidence, LogRow } from './evidence.ts';
import { activeRevisions, appOf, fingerprint } from './evidence.ts';
import type { Fact, Unreadable } from './fact.ts';
import { known, unreadable, valueOf } from './fact.ts';
import { gather, type Look } from './gather.ts';
import type { GuardInput, LedgerGrant } from './guards.ts';
import { deploymentGuard, killSwitchGuard } from './guards.ts';
import type { Attempt, CloseHow, Entry, PutOffReason, Remediation, TargetHistory } from './history.ts';
import { foldTarget, liveOf, principalNotFound } from './history.ts';
import type { IncidentEntry } from './incident.ts';
import { comparing, foldIncident, incidentKey, joining, leaving, wantsComparison } from './incident.ts';
import { readTarget } from './intake.ts';
import type { ActionAnswer, IndexRow, LedgerEntry, Ports, Step } from './ports.ts';
import { distinctSuspicions, judgeProgress, pulledBefore, readRows } from './recovery.ts';
import { runbookFor } from './runbooks/index.ts';
import type { IncidentId } from './target.ts';

const minute = 60_000;
/** How far back a look reads logs before the remediation was opened: alerts come minutes after the fact. */
const lookbackMs = 30 * minute;
/** How many times an append to a shared ledger is tried when others move it. */
const maxTries = 16;
const deploymentPartition = 'deployment';

/** Somebody else moved this remediation; what they wrote holds, and their step follows. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

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

/** Many others write to the same ledger at this moment. */
class Busy extends Error {
  override readonly name = 'Busy';
}

/** A first look may rest on what another app's look read of the registry and the network so long ago. */
const sharedForMs = minute / 4;

/** So long a change may be under way before it counts as interrupted. Our calls to Azure give up earlier. */
const changeTakesMs = minute;

interface Turn {
  readonly ports: Ports;
  readonly config: Config;
  /** Something that it depends on may just have changed. */
  readonly woken: boolean;
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
    const { targetId, lastSeq, stepSeq } = turn.history;
    const appended = await ports.history.append(targetId, lastSeq, entry);
    turn.history = await readTarget(ports, targetId);
    if (appended === 'appended') return;
    if (turn.history.stepSeq !== stepSeq) throw new Overtaken('Another step wrote first.');
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

function unreadNames(evidence: Evidence): string[] {
  return Object.entries(evidence).flatMap(([name, fact]: [string, unknown]) => (isUnread(fact) ? [name] : []));
}

/** Whether something could not be read for a reason that passes by itself. */
function isClouded(evidence: Evidence): boolean {
  return Object.values(evidence).some(
    (fact: unknown) => isUnread(fact) && passing.has((fact as { readonly why: Unreadable }).why),
  );
}

const passing: ReadonlySet<Unreadable> = new Set(['throttled', 'timed-out', 'unavailable', 'over-budget']);

function isUnread(fact: unknown): boolean {
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

function looked(turn: Turn, { evidence, calls }: Look): Entry & { kind: 'looked' } {
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
    unread: unreadNames(evidence),
    clouded: isClouded(evidence),
    calls,
  };
}

async function ledgerGrants(ports: Ports): Promise<{ grants: LedgerGrant[]; lastSeq: number }> {
  const entries = await ports.deployment.read(deploymentPartition);
  const proven = new Set(entries.flatMap(({ entry }) => (entry.kind === 'grant-proven' ? [entry.remediation] : [])));
  const grants = entries.flatMap(({ entry, atMs }) =>
    entry.kind === 'grant-counted'
      ? [{ remediation: entry.remediation, atMs, proven: proven.has(entry.remediation) }]
      : [],
  );
  return { grants, lastSeq: entries.at(-1)?.seq ?? 0 };
}

async function ledgerFact(ports: Ports): Promise<Fact<readonly LedgerGrant[]>> {
  try {
    return known((await ledgerGrants(ports)).grants);
  } catch {
    return unreadable('unavailable');
  }
}

/** Appends to the deployment's ledger, whoever else does so at the same time. */
async function note(ports: Ports, entry: LedgerEntry): Promise<void> {
  for (let attempt = 0; attempt < maxTries; attempt += 1) {
    const { lastSeq } = await ledgerGrants(ports);
    if ((await ports.deployment.append(deploymentPartition, lastSeq, entry)) === 'appended') return;
  }
  throw new Busy('The deployment ledger is too busy.');
}

/** Counts a grant against the deployment's limits before it is made; a refusal if the limit was reached meanwhile. */
async function countGrant({ ports, config }: Turn, remediation: Remediation): Promise<ActionAnswer | undefined> {
  for (let attempt = 0; attempt < maxTries; attempt += 1) {
    const { grants, lastSeq } = await ledgerGrants(ports);
    const refusal = deploymentGuard({ nowMs: ports.now(), config, ledger: known(grants) });
    if (refusal !== undefined) return { outcome: 'withheld', because: `${refusal.guard}: ${refusal.why}` };
    const entry: LedgerEntry = { kind: 'grant-counted', remediation: remediation.id };
    if ((await ports.deployment.append(deploymentPartition, lastSeq, entry)) === 'appended') return undefined;
  }
  return { outcome: 'withheld', because: 'hourly-limit: busy' };
}

/** The last look before the write: the app as it is now, and the kill switch as it is now. */
async function lastLook(
  { ports }: Turn,
  remediation: Remediation,
  evidence: Evidence,
): Promise<ActionAnswer | undefined> {
  const { target } = remediation;
  const killed = killSwitchGuard({ killSwitch: await ports.killSwitch() });
  if (killed !== undefined) return { outcome: 'withheld', because: `${killed.guard}: ${killed.why}` };
  const { facts } = await ports.azure.probe('app', target, { atMs: ports.now() }, ports.now());
  const before = appOf(evidence);
  const now = appOf({ atMs: ports.now(), ...facts });
  if (before === undefined || now === undefined) return { outcome: 'withheld', because: 'superseded: unreadable' };
  return fingerprint(target, before) === fingerprint(target, now)
    ? undefined
    : { outcome: 'withheld', because: 'superseded: changed' };
}

type Change = Extract<Decision, { do: 'grant' | 'restart' }>;

async function perform(
  turn: Turn,
  change: Change,
  remediation: Remediation,
  evidence: Evidence,
): Promise<ActionAnswer> {
  const withheld = await lastLook(turn, remediation, evidence);
  if (withheld !== undefined) return withheld;
  if (change.do === 'restart') return turn.ports.actions.restart(remediation.target.appId, change.revision);
  return (await countGrant(turn, remediation)) ?? turn.ports.actions.grant(change.grant);
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

async function settled({ ports }: Turn, attempt: Attempt): Promise<Entry | undefined> {
  if (attempt.action === 'restart' || attempt.grant === undefined) {
    return attempt.outcome === undefined
      ? { kind: 'outcome', action: attempt.action, outcome: 'unknown', because: 'interrupted' }
      : undefined;
  }
  const found = await ports.actions.findGrant(attempt.grant);
  if (!found.read) return undefined;
  return {
    kind: 'outcome',
    action: 'grant',
    outcome: found.value ? 'done' : 'failed',
    because: found.value ? 'found' : 'not-made',
  };
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

async function close(turn: Turn, decision: Decision & { do: 'close' }, diagnosis: Diagnosis): Promise<void> {
  const remediation = live(turn);
  const found = remediation.found?.diagnosis.causes ?? [];
  // A young role that lets the pull through is no cause any more, however young it still is.
  const clear = !diagnosis.causes.some((cause) => cause !== 'pull-role-propagating' && found.includes(cause));
  await leave(turn.ports, remediation, decision.how, clear || diagnosis.sure !== 'confirmed');
  if (
    decision.how === 'recovered' &&
    remediation.attempts.some((attempt) => attempt.action === 'grant' && attempt.outcome === 'done')
  ) {
    await note(turn.ports, { kind: 'grant-proven', remediation: remediation.id });
  }
  await record(turn, { kind: 'closed', how: decision.how, because: decision.because });
  turn.ports.log('closed', { remediation: remediation.id, how: decision.how, because: decision.because });
}

async function carryOut(turn: Turn, decided: Decided, diagnosis: Diagnosis, evidence: Evidence): Promise<void> {
  const { decision } = decided;
  switch (decision.do) {
    case 'grant':
    case 'restart':
      return act(turn, decision, evidence);
    case 'incident':
    case 'ask':
      return link(turn, decision.cause, diagnosis, evidence);
    case 'close':
      return close(turn, decision, diagnosis);
    case 'wait':
      return undefined;
  }
}

function isOverBudget(evidence: Evidence): boolean {
  return Object.values(evidence).some(
    (fact: unknown) => isUnread(fact) && (fact as { readonly why: Unreadable }).why === 'over-budget',
  );
}

/** A look that something woke, or that comes after another one, must see what changed since. */
function factsSince(turn: Turn): number {
  const first = live(turn).look === undefined && !turn.woken;
  return turn.ports.now() - (first ? sharedForMs : 0);
}

async function look(turn: Turn): Promise<void> {
  const { ports, config } = turn;
  await settle(turn);
  const seen = await gather(ports, live(turn).target, logsSince(turn, live(turn)), undefined, factsSince(turn));
  if (isOverBudget(seen.evidence)) throw new PutOff('over-budget');
  const entry = looked(turn, seen);
  await record(turn, entry);
  const remediation = live(turn);
  const { target } = remediation;
  const { evidence } = seen;
  const [killSwitch, ledger] = await Promise.all([ports.killSwitch(), ledgerFact(ports)]);
  const input: GuardInput = {
    nowMs: ports.now(),
    config,
    target,
    evidence,
    diagnosis: entry.diagnosis,
    remediation,
    history: turn.history,
    killSwitch,
    ledger,
  };
  const decided = decide(input);
  await record(turn, { kind: 'decided', ...decided });
  ports.log('decided', { remediation: remediation.id, do: decided.decision.do, because: decided.decision.because });
  await carryOut(turn, decided, entry.diagnosis, evidence);
}

function dueAtMsOf({ putOffUntilMs, decision, updatedAtMs }: Remediation): number {
  return putOffUntilMs ?? decision?.dueAtMs ?? updatedAtMs;
}

function rowOf(remediation: Remediation, seq: number): IndexRow {
  return {
    remediation: remediation.id,
    targetId: remediation.targetId,
    appId: remediation.target.appId,
    closed: remediation.closed !== undefined,
    needsPerson: remediation.waitingForPersonSinceMs !== undefined && remediation.closed === undefined,
    dueAtMs: dueAtMsOf(remediation),
    seq,
    updatedAtMs: remediation.updatedAtMs,
    openedAtMs: remediation.openedAtMs,
    asks: remediation.decision?.decision.do === 'ask' && remediation.closed === undefined,
  };
}

/** Index first, then the message: a crash in between leaves a row that the schedule finds overdue. */
async function schedule({ ports, history }: Turn): Promise<void> {
  const last = history.remediations.at(-1);
  if (last === undefined) return;
  const row = rowOf(last, history.lastSeq);
  await ports.index.put(row);
  if (!row.closed)
    await ports.queue.sendStep({ targetId: last.targetId, seq: history.lastSeq, wake: false }, row.dueAtMs);
}

/** A step that was overtaken, or delivered again after a crash: the recorded state decides what is due. */
async function resume(turn: Turn): Promise<void> {
  const remediation = liveOf(turn.history);
  if (remediation === undefined) {
    const last = turn.history.remediations.at(-1);
    if (last !== undefined) await turn.ports.index.put(rowOf(last, turn.history.lastSeq));
    return;
  }
  await schedule(turn);
}

function isStale({ seq, wake }: Step, history: TargetHistory, nowMs: number): boolean {
  if (!wake) return seq < history.stepSeq;
  const lookedAtMs = liveOf(history)?.look?.atMs ?? 0;
  return seq < history.stepSeq && nowMs - lookedAtMs < minute / 2;
}

/** Between 1 and 2, another one for each target and each entry: what was put off together does not come back together. */
function jitter({ ports, history }: Turn): number {
  return 1 + Number.parseInt(ports.hash(`jitter|${history.targetId}|${history.lastSeq}`).slice(0, 4), 16) / 0xffff;
}

/** After so long a step comes back that could not write to a shared ledger, times the jitter. */
const busyMs = 5000;
/** So long a look is put off, times the jitter: one without requests to spend, and one that others go before. */
const putOffMs: Readonly<Record<PutOffReason, number>> = { 'over-budget': minute / 2, 'first-looks-first': 2 * minute };

/** A look that nobody waits for: a person has been asked, and nothing says that anything changed. */
function canWait(turn: Turn): boolean {
  const remediation = live(turn);
  const asked = remediation.waitingForPersonSinceMs !== undefined && remediation.approval === undefined;
  return asked && remediation.incident !== undefined && !turn.woken && turn.ports.azure.scarce();
}

async function putOff(turn: Turn, because: PutOffReason): Promise<void> {
  const dueAtMs = turn.ports.now() + Math.round(putOffMs[because] * jitter(turn));
  await record(turn, { kind: 'put-off', because, dueAtMs });
  turn.ports.log('put-off', { remediation: live(turn).id, because });
}

async function lookOrPutOff(turn: Turn): Promise<void> {
  if (canWait(turn)) return putOff(turn, 'first-looks-first');
  try {
    return await look(turn);
  } catch (error) {
    if (error instanceof PutOff) return putOff(turn, error.because);
    throw error;
  }
}

/**
 * Handles one step message. `redelivered` says that an earlier delivery of it died: then a stale step still makes sure that the
 * next one is on its way. Throws when the store or the queue cannot be reached; the queue delivers again.
 */
export async function handleStep(ports: Ports, config: Config, step: Step, redelivered: boolean): Promise<void> {
  const history = foldTarget(step.targetId, await ports.history.read(step.targetId));
  const turn: Turn = { ports, config, woken: step.wake, history };
  if (liveOf(turn.history) === undefined || isStale(step, turn.history, ports.now())) {
    ports.log('step-stale', { target: step.targetId, seq: step.seq });
    if (redelivered || step.late === true) await resume(turn);
    return;
  }
  if (step.late === true && dueAtMsOf(live(turn)) > ports.now()) {
    // It came meanwhile, and the next one is on its way; should that get lost, the row tells when.
    await ports.index.put(rowOf(live(turn), history.lastSeq));
    return;
  }
  try {
    await lookOrPutOff(turn);
  } catch (error) {
    if (error instanceof ChangeUnderWay || error instanceof Busy) {
      const waitMs = error instanceof Busy ? busyMs * jitter(turn) : changeTakesMs;
      await ports.queue.sendStep({ ...step, seq: turn.history.lastSeq }, ports.now() + waitMs);
      return;
    }
    if (!(error instanceof Overtaken)) throw error;
    ports.log('step-overtaken', { target: step.targetId, seq: step.seq });
    return;
  }
  await schedule(turn);
}

/** A step that seemed lost is not sent again before this. */
const lateAgainMs = 4 * minute;

/**
 * Steps that should have come and did not: their message was lost, or their host died for good. In a storm they are only waiting for
 * their turn; so a row is not sent again each minute, and a step that came meanwhile is not looked at twice.
 */
export async function sendOverdue(ports: Ports): Promise<number> {
  const overdue = await ports.index.overdue(ports.now() - 2 * minute);
  for (const row of overdue) {
    await ports.queue.sendStep({ targetId: row.targetId, seq: row.seq, wake: true, late: true }, ports.now());
    await ports.index.put({ ...row, dueAtMs: ports.now() + lateAgainMs });
    ports.log('overdue-found', { remediation: row.remediation });
  }
  return overdue.length;
}
