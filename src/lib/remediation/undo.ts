// A person has a grant of ours taken back: asked, decided, removed, each step recorded before the next.

import { decideUndo } from '../decision/decide.ts';
import { changeTakesMs } from '../decision/schedule.ts';
import type { Entry } from '../history/entries.ts';
import type { Grant } from '../history/grant.ts';
import { isUndoing, undoableGrant, undoingOf } from '../history/queries.ts';
import { namesOf, type Reliance } from '../history/reliance.ts';
import type { Remediation, TargetHistory } from '../history/state.ts';
import { readRemediation } from '../history/targets.ts';
import type {
  AzureReads,
  AzureWrites,
  Clock,
  DeploymentLedger,
  EventLog,
  Histories,
  Index,
  KillSwitch,
  Queues,
  UndoAnswer,
} from '../ports/ports.ts';
import { sendWake } from '../ports/send-wake.ts';
import { Overtaken } from '../ports/steering.ts';
import type { Config } from '../settings/config.ts';
import { type Fact, unreadable } from '../words/fact.ts';
import { appendToDeployment } from './deployment.ts';
import { rowOf } from './index-row.ts';
import { underKillSwitch, type WithKillSwitch } from './kill-switch.ts';
import { whoRelies } from './reliance.ts';
import { appendUnless, recordAnyway, type Writing } from './turn.ts';

/** `off`: the setting does not allow it. `nothing-to-undo`: it made no assignment, or that was taken back already. */
export type UndoAsked = 'asked' | 'off' | 'not-found' | 'nothing-to-undo' | 'moved';

/** What a person wants taken back, and how. */
export interface UndoWish {
  readonly by: string;
  /** The person wants it although others may rely on the assignment. */
  readonly anyway?: boolean;
  /** The reason, where the person gave one. */
  readonly why?: string;
  /** The assignment that the person saw: no other one is taken back. */
  readonly assignment?: string;
}

/**
 * Records that a person wants it, once; asked again while it is under way, only the message is sent again. Throws when the store cannot be reached.
 */
export async function askUndo(
  ports: Histories & Index & Queues & Clock & EventLog,
  config: Config,
  id: string,
  { by, anyway, why, assignment }: UndoWish,
): Promise<UndoAsked> {
  const found = await readRemediation(ports, id);
  if (found === undefined) return 'not-found';
  const { history, remediation } = found;
  if (!config.settings.undo) return 'off';
  const { targetId, lastSeq } = history;
  if (isUndoing(remediation)) {
    await sendWake(ports, { targetId, seq: lastSeq }, ports.now());
    return 'asked';
  }
  const made = undoableGrant(remediation);
  if (made === undefined) return 'nothing-to-undo';
  if (made.assignment !== (assignment ?? made.assignment)) return 'moved';
  // The row first: should we die before the message, the schedule finds the wish by it.
  const row = rowOf(remediation, history.lastSeq, ports.now());
  await ports.index.put({ ...row, closed: false, dueAtMs: Math.min(row.dueAtMs, ports.now()) });
  const wish = { by, ...(anyway === true ? { anyway } : {}), ...(why === undefined ? {} : { why }) };
  const entry = { kind: 'undo-asked', remediation: remediation.id, ...made, ...wish } as const;
  if ((await ports.history.append(history.targetId, history.lastSeq, entry)) === 'taken') return 'moved';
  await sendWake(ports, { targetId, seq: lastSeq + 1 }, ports.now());
  ports.log('undo-asked', { remediation: remediation.id });
  return 'asked';
}

/** The roles that an undo uses. */
type Undoing = Histories & Index & DeploymentLedger & AzureReads & AzureWrites & KillSwitch & Clock & EventLog;

/** `moved`: something was recorded. `not-yet`: another host may be in the middle of it, or its outcome cannot be read now. */
export type UndoMoved = 'moved' | 'not-yet';

/** Does the next step of the oldest undo of the target. Throws {@link Overtaken} when another step was first. */
export async function stepUndo(ports: Undoing, config: Config, history: TargetHistory): Promise<UndoMoved> {
  const remediation = undoingOf(history);
  if (remediation?.undo === undefined) return 'not-yet';
  const { undo } = remediation;
  const writing: Writing = { ports, targetId: history.targetId, history };
  if (undo.decidedAtMs === undefined) {
    await decideAndRemove(ports, config, writing, remediation);
    return 'moved';
  }
  // Another host may be in the middle of it.
  if (undo.outcome === undefined && ports.now() - undo.decidedAtMs < changeTakesMs) return 'not-yet';
  const answer = await settled(ports, undo.grant, remediation);
  if (answer === undefined) return 'not-yet';
  await recordOutcome(ports, writing, remediation, answer);
  return 'moved';
}

/** Records what was decided from the history as it was. Throws {@link Overtaken} when another step was first. */
async function record(writing: Writing, entry: Entry): Promise<void> {
  if ((await appendUnless(writing, entry, () => true)) === 'unwanted') throw new Overtaken('Another step wrote first.');
}

/**
 * Records what became of the removal, also when another step wrote meanwhile: it holds all the same. Throws `Busy` when too many
 * others write; the outcome is then settled by reading the assignment again.
 */
async function recordOutcome(
  ports: EventLog,
  writing: Writing,
  { id }: Remediation,
  answer: WithKillSwitch<UndoAnswer>,
): Promise<void> {
  await recordAnyway(writing, { kind: 'undo-outcome', remediation: id, ...answer });
  ports.log('undone', { remediation: id, outcome: answer.outcome });
}

/** A removal without an answer is settled by reading, never by doing it again; a person may ask again. */
async function settled(ports: AzureWrites, grant: Grant, { id }: Remediation): Promise<UndoAnswer | undefined> {
  const made = await ports.actions.readMade(grant, id);
  if (!made.read) return undefined;
  switch (made.value.kind) {
    case 'gone':
      return { outcome: 'removed', because: 'found-gone' };
    case 'ours':
      return { outcome: 'failed', because: 'not-removed' };
    case 'another':
      return { outcome: 'withheld', because: 'reads-differently' };
  }
}

async function decideAndRemove(
  ports: Undoing,
  config: Config,
  writing: Writing,
  remediation: Remediation,
): Promise<void> {
  const { id, target } = remediation;
  const made = undoableGrant(remediation);
  const reliance: Fact<Reliance> =
    made === undefined ? unreadable('not-asked') : await whoRelies(ports, remediation, made.grant);
  const decision = decideUndo({ config, target, remediation, killSwitch: await ports.killSwitch(), reliance });
  const refusals = decision.do === 'refuse' ? decision.refusals : [];
  const names = reliance.read ? namesOf(reliance.value) : [];
  const reliedOnBy = names.length === 0 ? {} : { reliedOnBy: names };
  await record(writing, { kind: 'undo-decided', remediation: id, refusals, ...reliedOnBy });
  ports.log('undo-decided', { remediation: id, do: decision.do });
  if (decision.do === 'refuse') return;
  // Counted for the whole deployment before it is done: a grant that a person had taken back is never made again unasked.
  await appendToDeployment(ports, { kind: 'grant-undone', remediation: id, grant: decision.grant });
  const answer = await underKillSwitch(ports, (lastCheck) => ports.actions.removeGrant(decision.grant, id, lastCheck));
  await recordOutcome(ports, writing, remediation, answer);
}
