// A person answers: approves or rejects the one grant that was asked for. The answer is an entry; the next look acts on it.
import { approvalState } from '../decision/grant-rules.ts';
import type { Answer } from '../history/entries.ts';
import { liveOf } from '../history/queries.ts';

import { readTarget } from '../history/targets.ts';
import type { Clock, DeploymentLedger, EventLog, Histories, Names, Queues } from '../ports/ports.ts';
import { parseRemediationId } from '../words/target.ts';
import { remember } from './access-memory.ts';

/** `not-pending`: nothing is asked, or it was answered or has expired. `moved`: look again, something else was written meanwhile. */
export type Answered = 'answered' | 'not-found' | 'not-pending' | 'moved';

/** Records the answer, once: a second one finds nothing pending. Throws when the store cannot be reached. */
export async function answerApproval(
  ports: Histories & Queues & DeploymentLedger & Names & Clock & EventLog,
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
  const { grant } = approval;
  const about = { grant, by, remediation: asked.id };
  // A no binds the whole deployment, so it is remembered first: it holds even if this history cannot take the answer.
  if (answer === 'rejected')
    await remember(ports, grant, { kind: 'grant-refused', how: 'rejected', app: asked.target.appId, ...about });
  const entry = { kind: 'answered', answer, grant, by } as const;
  if ((await ports.history.append(parsed.target, history.lastSeq, entry)) === 'taken') return 'moved';
  if (answer === 'approved') await remember(ports, grant, { kind: 'grant-approved', ...about });
  await ports.queue.sendStep({ targetId: parsed.target, seq: history.lastSeq + 1, wake: true }, ports.now());
  ports.log('answered', { remediation: asked.id, answer });
  return 'answered';
}
