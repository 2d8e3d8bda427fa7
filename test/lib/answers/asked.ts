// A world with one remediation, for the tests of what forms propose and do.
import type { Answering } from '../../../src/lib/answers/answering.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { DeadLetter } from '../../../src/lib/ports/upkeep.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import {
  acrPull,
  config,
  minute,
  nowMs,
  principal,
  registryId,
  roleMissing,
  signal,
  target,
  targetId,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { deadStep, type MemoryUpkeep, memoryUpkeep } from '../memory-upkeep.ts';

export const id = remediationIdOf(targetId, 1);
export const grant = { registryId, principalId: principal, roleId: acrPull };
export const expiresAtMs = nowMs + 60 * minute;
export const opened: Entry = { kind: 'opened', target, signal, mode: 'approve' };
/** A question about a grant; its number is 2 where it follows the opening. */
export const asks: Entry = {
  kind: 'decided',
  decision: { do: 'ask', grant, cause: 'pull-role-missing', because: 'needs-approval', expiresAtMs },
  dueAtMs: expiresAtMs,
  refusals: [{ guard: 'mode', why: 'approval-needed' }],
};
export const assignment = `${registryId}/providers/microsoft.authorization/roleassignments/made-by-us`;
/** A grant that was decided and made. */
export const made: readonly Entry[] = [
  { kind: 'decided', decision: { do: 'grant', grant, because: 'pull-role-missing' }, dueAtMs: nowMs, refusals: [] },
  { kind: 'outcome', action: 'grant', outcome: 'done', undo: assignment },
];

export interface Here extends Answering {
  readonly running: Memory;
  readonly kept: MemoryUpkeep;
}

/** The world after these entries, with this message kept. */
export async function after(entries: readonly Entry[], letter: DeadLetter = deadStep): Promise<Here> {
  const settings = config({ PULLMEDIC_SETTINGS: '{"undo":true}' });
  const running = memory(settings, roleMissing, nowMs);
  const kept = memoryUpkeep();
  kept.letters.set(letter.id, letter);
  for (const [at, entry] of entries.entries()) await running.histories.append(targetId, at, entry);
  return { running, kept, ports: running.ports, upkeep: kept.upkeep, config: settings };
}
