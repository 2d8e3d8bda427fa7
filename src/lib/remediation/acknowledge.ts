// Sets the alert that started a remediation to `Acknowledged`, and to `Closed` once the app has recovered. It comes after everything that
// the remediation needs, and nothing waits for it: an alert that cannot be set is an entry with its reason.
import { alertRefusal, firedFor, isUnsettled, wantedState } from '../decision/alert-state.ts';
import { alertRefusals } from '../decision/request-guards.ts';
import { changeTakesMs, nextAlertCheck } from '../decision/schedule.ts';
import type { AlertState, Entry } from '../history/entries.ts';
import { alertsOf } from '../history/named-alerts.ts';
import { liveOf } from '../history/queries.ts';
import type { Refusal } from '../history/refusals.ts';
import type { AlertTry, Remediation, TargetHistory } from '../history/state.ts';

import { readTarget, tryReadTarget } from '../history/targets.ts';
import { appsOfAlert } from '../look/named-apps.ts';
import type {
  ActionAnswer,
  AzureReads,
  AzureWrites,
  Clock,
  EventLog,
  Histories,
  Index,
  KillSwitch,
  LastCheck,
  Outbox,
} from '../ports/ports.ts';
import type { Config } from '../settings/config.ts';
import type { SignalAlert } from '../signals/signal.ts';
import { isPersonTold } from '../telling/person-told.ts';
import { sameAlert } from '../words/arm-id.ts';
import type { TargetId } from '../words/target.ts';
import { underKillSwitch, type WithKillSwitch } from './kill-switch.ts';
import { appendUnless, type Writing } from './turn.ts';

/** The roles that setting an alert uses. */
type Alerting = Histories & Index & AzureReads & AzureWrites & KillSwitch & Clock & Outbox & EventLog;

/** One state to be set of one alert. */
interface Task {
  readonly ports: Alerting;
  readonly config: Config;
  readonly remediation: Remediation;
  readonly named: SignalAlert;
  readonly state: AlertState;
}

/**
 * Does what is due for the alerts of a remediation: at most one try for each state of each alert. Returns when a step is needed to come
 * back to what could not be done or is not known yet; a remediation that goes on comes back anyway. Throws `Busy` when too many
 * others write to the history, and when the store cannot be reached.
 */
export async function seeToAlerts(
  ports: Alerting,
  config: Config,
  remediation: Remediation,
): Promise<number | undefined> {
  const state = wantedState(remediation, ports.now());
  if (!config.settings.alerts.setState || state === undefined) return undefined;
  let later = false;
  for (const named of alertsOf(remediation))
    later = (await step({ ports, config, remediation, named, state })) || later;
  return later ? extraStepAtMs(remediation, ports.now()) : undefined;
}

/** Appends the entry unless it is not wanted any more: a decision that another step was first with, say. */
async function record(task: Task, entry: Entry, unless: (now: Remediation) => boolean): Promise<boolean> {
  const { ports, remediation } = task;
  const { targetId } = remediation;
  const isUnwanted = (history: TargetHistory): boolean => {
    const now = asItReads(history, remediation);
    return now === undefined || unless(now);
  };
  const writing: Writing = { ports, targetId, history: await readTarget(ports, targetId) };
  return !isUnwanted(writing.history) && (await appendUnless(writing, entry, isUnwanted)) === 'appended';
}

function asItReads({ remediations }: TargetHistory, { id }: Remediation): Remediation | undefined {
  return remediations.find((one) => one.id === id);
}

function tryOf({ alertTries }: Remediation, { named, state }: Task): AlertTry | undefined {
  return alertTries.find((one) => one.alert === named.id && one.state === state);
}

async function recordDecision(task: Task, refusals: readonly Refusal[]): Promise<boolean> {
  const { remediation, named, state, ports } = task;
  const entry = { kind: 'alert-decided', remediation: remediation.id, alert: named.id, state, refusals } as const;
  const stale = (now: Remediation): boolean =>
    tryOf(now, task) !== undefined || wantedState(now, ports.now()) !== state;
  const recorded = await record(task, entry, stale);
  if (recorded) ports.log('alert-decided', { remediation: remediation.id, state, sets: refusals.length === 0 });
  return recorded;
}

/** Records what Azure answered. True if that is not known yet. */
async function recordOutcome(task: Task, answer: WithKillSwitch<ActionAnswer>): Promise<boolean> {
  const { remediation, named, state, ports } = task;
  const { outcome } = answer;
  const about = { remediation: remediation.id, alert: named.id, state };
  const recorded = await record(task, { kind: 'alert-outcome', ...about, ...answer }, (latest) => {
    const one = tryOf(latest, task);
    // What is still unknown is in the history already.
    return one === undefined || !isUnsettled(one) || (outcome === 'unknown' && one.outcome === 'unknown');
  });
  if (recorded) ports.log('alert-set', { remediation: remediation.id, state, outcome });
  return outcome === 'unknown';
}

/** Other remediations of this app that go on and carry the same alert: while one does, it is not closed. */
async function isShared({ ports, remediation, named }: Task): Promise<boolean> {
  const rows = await ports.index.liveOf(remediation.target.appId);
  for (const targetId of new Set<TargetId>(rows.map((row) => row.targetId))) {
    const read = await tryReadTarget(ports, targetId);
    // One that cannot be read may carry the alert.
    if (!read.read) return true;
    const live = liveOf(read.history);
    if (live !== undefined && alertsOf(live).some(({ id }) => id === named.id)) return true;
  }
  return false;
}

/**
 * Whether the alert that was named is the one that was meant. `later`: no request could be spared for it. `not-yet`: no
 * person was told of it so far.
 */
async function refusalsOf(task: Task): Promise<readonly Refusal[] | 'later' | 'not-yet'> {
  const { ports, config, remediation, named, state } = task;
  const { target } = remediation;
  const first = alertRefusals({ config, target, alert: named.id, killSwitch: await ports.killSwitch() });
  if (first.length > 0) return first;
  if (state === 'Acknowledged' && !(await isPersonTold(ports, remediation))) return 'not-yet';
  const facts = await ports.actions.readAlert(named.id);
  const meant = facts.read && facts.value !== 'gone' ? firedFor(facts.value, target.appId) : 'another-app';
  const apps = typeof meant === 'string' ? undefined : await appsOfAlert(ports, meant);
  if ([facts, apps].some((fact) => fact?.read === false && fact.why === 'over-budget')) return 'later';
  const question = { named, wanted: state, appId: target.appId, facts, tries: remediation.alertTries };
  const refusal = alertRefusal({
    ...question,
    // This one is not among them: what is to be closed has ended.
    shared: state === 'Closed' && (await isShared(task)),
    apps,
  });
  return refusal === undefined ? [] : [refusal];
}

/** When what has ended needs a step for its alerts, a few times; what goes on has its next look. */
function extraStepAtMs({ closed }: Remediation, nowMs: number): number | undefined {
  return closed === undefined ? undefined : nextAlertCheck(closed.atMs, nowMs);
}

/** Decides, and sets the alert if nothing refuses it. True if nothing could be decided or asked of Azure yet, or if the outcome is not known. */
async function decideAndSet(task: Task): Promise<boolean> {
  const { ports, remediation, named, state } = task;
  const found = await refusalsOf(task);
  const again = remediation.closed === undefined || extraStepAtMs(remediation, ports.now()) !== undefined;
  if (found === 'not-yet' || (found === 'later' && again)) return true;
  const refusals = found === 'later' ? [{ guard: 'alert-state', why: 'unreadable' } as const] : found;
  if (!(await recordDecision(task, refusals)) || refusals.length > 0) return false;
  const set = (lastCheck: LastCheck): Promise<ActionAnswer> => ports.actions.setAlert(named.id, state, lastCheck);
  return recordOutcome(task, await underKillSwitch(ports, set));
}

/** A change without an answer is settled by reading, never by making it again. True if it is not known yet. */
async function settle(task: Task, begun: AlertTry): Promise<boolean> {
  const { ports, named, state } = task;
  // Another host may be in the middle of it.
  if (begun.outcome === undefined && ports.now() - begun.atMs < changeTakesMs) return true;
  const facts = await ports.actions.readAlert(named.id);
  if (!facts.read) return recordOutcome(task, { outcome: 'unknown', because: 'unreadable', detail: facts.why });
  const made = facts.value !== 'gone' && sameAlert(facts.value.id, named.id) && facts.value.state === state;
  return recordOutcome(task, made ? { outcome: 'done', because: 'found' } : { outcome: 'failed', because: 'not-made' });
}

/** Does what is due for one state of one alert. True if a step has to come back to it. */
async function step(task: Task): Promise<boolean> {
  const begun = tryOf(task.remediation, task);
  if (begun === undefined) return decideAndSet(task);
  return isUnsettled(begun) && settle(task, begun);
}
