// What the row of a remediation says to lists and to the schedule, and what the schedule sends by it.
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { rowOf } from '../../../src/lib/remediation/index-row.ts';
import { sendOverdue } from '../../../src/lib/remediation/overdue.ts';
import { remediationIdOf } from '../../../src/lib/words/target.ts';
import {
  acrPull,
  config,
  dnsUnlinked,
  history,
  minute,
  nowMs,
  principal,
  registryId,
  signal,
  targetId,
} from '../facts.ts';
import { memory } from '../memory-ports.ts';

const grant = { registryId, principalId: principal, roleId: acrPull };
const id = remediationIdOf(targetId, 1);
const ask: Entry = {
  kind: 'decided',
  decision: { do: 'ask', grant, cause: 'pull-role-missing', because: 'needs-approval', expiresAtMs: nowMs + minute },
  dueAtMs: nowMs - 60 * minute,
  refusals: [],
};
const incident: Entry = { ...ask, decision: { do: 'incident', cause: 'tag-missing', because: 'needs-a-person' } };
const closed: Entry = { kind: 'closed', how: 'withdrawn', because: 'superseded' };

function row(...entries: Entry[]) {
  const [remediation] = history(...entries).remediations;
  if (remediation === undefined) throw new Error('A history begins with its opening.');
  return rowOf(remediation, 9, nowMs);
}

describe('a row', () => {
  it('says that a person is asked while a question is what was decided last, and the remediation goes on', () => {
    expect([row(ask), row(incident), row(ask, closed), row()].map(({ asks }) => asks)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('of what has ended is due for its undo, whatever was due before', () => {
    const undo: Entry = { kind: 'undo-asked', remediation: id, grant, assignment: 'x', by: 'ada' };

    expect(row(ask, undo).dueAtMs).toBe(nowMs - 60 * minute);
    expect(row(ask, closed, undo).dueAtMs).toBe(nowMs);
  });
});

describe('a step that seemed lost', () => {
  it('is sent as a late one that nothing woke, said in the log, and not again for four minutes', async () => {
    const running = memory(config(), dnsUnlinked, nowMs);
    await running.deliver(signal);
    running.world.steps.length = 0;
    running.world.nowMs += 30 * minute;
    const lines: unknown[] = [];
    Object.assign(running.ports, { log: (...line: unknown[]) => void lines.push(line) });
    const [before] = running.rows.values();
    await sendOverdue(running.ports);
    const [after] = running.rows.values();

    expect(running.world.steps).toEqual([
      {
        step: { targetId: before?.targetId, seq: before?.seq, wake: false, late: true },
        dueAtMs: running.world.nowMs,
      },
    ]);
    expect(after).toEqual({ ...before, dueAtMs: running.world.nowMs + 4 * minute });
    expect(lines).toEqual([['overdue-found', { remediation: before?.remediation }]]);
  });
});
