// A person answers: approves or rejects the one grant that was asked for. The answer is an entry; the next look acts on it.
import { approvalState } from '../decision/grant-rules.ts';
import type { Answer } from '../history/entries.ts';
import { liveOf } from '../history/queries.ts';

import { readTarget } from '../history/targets.ts';
import type { Clock, EventLog, Histories, Queues } from '../ports/ports.ts';
import { parseRemediationId } from '../words/target.ts';

/** `not-pending`: nothing is asked, or it was answered or has expired. `moved`: look again, something else was written meanwhile. */
export type Answered = 'answered' | 'not-found' | 'not-pending' | 'moved';

/** Records the answer, once: a second one finds nothing pending. Throws when the store cannot be reached. */
export async function answerApproval(
  ports: Histories & Queues & Clock & EventLog,
  id: string,
  answer: Answer,
  by: string,
): Promise<Answered> {
  const parsed = parseRemediationId(id);
  if (parsed === undefined) return 'not-found';
  const history = await readTarget(ports, parsed.target);
  const asked = history.remediations[parsed.ordinal - 1];
  if (asked === undefined) return 'not-found';
  const { approval } = asked;
  const isLive = liveOf(history)?.id === asked.id;
  if (!isLive || approval === undefined || approvalState(approval, approval.grant, ports.now()) !== 'pending')
    return 'not-pending';
  const entry = { kind: 'answered', answer, grant: approval.grant, by } as const;
  if ((await ports.history.append(parsed.target, history.lastSeq, entry)) === 'taken') return 'moved';
  await ports.queue.sendStep({ targetId: parsed.target, seq: history.lastSeq + 1, wake: true }, ports.now());
  ports.log('answered', { remediation: asked.id, answer });
  return 'answered';
}
