// A person has a grant of ours taken back: asked, decided, removed, each step recorded before the next.

import { killSwitchGuard } from '../decision/change-guards.ts';
import { decideUndo } from '../decision/decide.ts';
import { changeTakesMs } from '../decision/schedule.ts';
import type { Entry } from '../history/entries.ts';
import type { Grant } from '../history/grant.ts';
import { isUndoing, undoableGrant, undoingOf } from '../history/queries.ts';
import { codeOf } from '../history/refusals.ts';
import type { Remediation, TargetHistory } from '../history/state.ts';

import { readTarget } from '../history/targets.ts';
import type { Ports, UndoAnswer } from '../ports/ports.ts';
import type { Config } from '../settings/config.ts';
import { parseRemediationId } from '../words/target.ts';
import { appendToDeployment } from './deployment.ts';
import { rowOf } from './index-row.ts';

/** `off`: the setting does not allow it. `nothing-to-undo`: it made no assignment, or that was taken back already. */
export type UndoAsked = 'asked' | 'off' | 'not-found' | 'nothing-to-undo' | 'moved';

/** Another step wrote to this target first. Its entry counts, and its own next step follows. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/**
 * Records that a person wants it, once; asked again while it is under way, only the message is sent again. Throws when the store
 * cannot be reached.
 */
export async function askUndo(
  ports: Pick<Ports, 'history' | 'index' | 'queue' | 'now' | 'log'>,
  config: Config,
  id: string,
  by: string,
): Promise<UndoAsked> {
  const parsed = parseRemediationId(id);
  if (parsed === undefined) return 'not-found';
  const history = await readTarget(ports, parsed.target);
  const remediation = history.remediations[parsed.ordinal - 1];
  if (remediation === undefined) return 'not-found';
  if (!config.settings.undo) return 'off';
  const wake = { targetId: parsed.target, wake: true } as const;
  if (isUndoing(remediation)) {
    await ports.queue.sendStep({ ...wake, seq: history.lastSeq }, ports.now());
    return 'asked';
  }
  const made = undoableGrant(remediation);
  if (made === undefined) return 'nothing-to-undo';
  // The row first: should we die before the message, the schedule finds the wish by it.
  const row = rowOf(remediation, history.lastSeq, ports.now());
  await ports.index.put({ ...row, closed: false, dueAtMs: Math.min(row.dueAtMs, ports.now()) });
  const entry = { kind: 'undo-asked', remediation: remediation.id, ...made, by } as const;
  if ((await ports.history.append(parsed.target, history.lastSeq, entry)) === 'taken') return 'moved';
  await ports.queue.sendStep({ ...wake, seq: history.lastSeq + 1 }, ports.now());
  ports.log('undo-asked', { remediation: remediation.id });
  return 'asked';
}

async function record(ports: Ports, history: TargetHistory, entry: Entry): Promise<TargetHistory> {
  if ((await ports.history.append(history.targetId, history.lastSeq, entry)) === 'taken')
    throw new Overtaken('Another step wrote first.');
  return readTarget(ports, history.targetId);
}

/** Records the result of the undo. Appends it even if other writers added entries meanwhile, because the result is a fact. */
async function recordOutcome(
  ports: Ports,
  history: TargetHistory,
  { id }: Remediation,
  answer: UndoAnswer,
): Promise<TargetHistory> {
  let now = history;
  for (;;) {
    try {
      now = await record(ports, now, { kind: 'undo-outcome', remediation: id, ...answer });
      ports.log('undone', { remediation: id, outcome: answer.outcome });
      return now;
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
      now = await readTarget(ports, history.targetId);
    }
  }
}

/** A removal without an answer is settled by reading, never by doing it again; a person may ask again. */
async function settled(ports: Ports, grant: Grant, { id }: Remediation): Promise<UndoAnswer | undefined> {
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

async function decideIt(
  ports: Ports,
  config: Config,
  history: TargetHistory,
  remediation: Remediation,
): Promise<TargetHistory> {
  const { id, target } = remediation;
  const decision = decideUndo({ config, target, remediation, killSwitch: await ports.killSwitch() });
  const refusals = decision.do === 'refuse' ? decision.refusals : [];
  const decided = await record(ports, history, { kind: 'undo-decided', remediation: id, refusals });
  ports.log('undo-decided', { remediation: id, do: decision.do });
  if (decision.do === 'refuse') return decided;
  // Recorded for the whole deployment before the removal: no target gets a grant that a person took back without asking a person.
  await appendToDeployment(ports, { kind: 'grant-undone', remediation: id, grant: decision.grant });
  const killed = killSwitchGuard({ killSwitch: await ports.killSwitch() });
  const answer: UndoAnswer =
    killed === undefined
      ? await ports.actions.removeGrant(decision.grant, id)
      : { outcome: 'withheld', because: codeOf(killed) };
  return recordOutcome(ports, decided, remediation, answer);
}

/**
 * Does the next step of the oldest undo of the target, if there is one, and answers the history after it. Throws {@link Overtaken} when
 * another step was first.
 */
export async function stepUndo(ports: Ports, config: Config, history: TargetHistory): Promise<TargetHistory> {
  const remediation = undoingOf(history);
  if (remediation?.undo === undefined) return history;
  const { undo } = remediation;
  if (undo.decidedAtMs === undefined) return decideIt(ports, config, history, remediation);
  // Another host may be in the middle of it.
  if (undo.outcome === undefined && ports.now() - undo.decidedAtMs < changeTakesMs) return history;
  const answer = await settled(ports, undo.grant, remediation);
  return answer === undefined ? history : recordOutcome(ports, history, remediation, answer);
}
