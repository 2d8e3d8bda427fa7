// The words of a runbook follow how sure its cause is: a title states nothing as a fact that is only suspected.
import type { Cause } from '../causes/causes.ts';
import type { RunbookInput, RunbookText } from './runbook.ts';

/** Their titles say what was seen and name no reason for it. */
const saysNoReason: ReadonlySet<Cause> = new Set<Cause>(['unexplained', 'something-else', 'write-rejected']);

/** The runbook of a cause that is only suspected says so before anything else: its title and its first sentence. */
export function asSureAs({ cause, diagnosis, pullHangs }: RunbookInput, text: RunbookText): RunbookText {
  const isSuspected = diagnosis.sure === 'suspected' && diagnosis.causes.includes(cause);
  if (!isSuspected || saysNoReason.has(cause) || pullHangs === true) return text;
  return {
    ...text,
    title: `Suspected: ${text.title}`,
    advice: `This is suspected and not proved, so check it before you change anything. ${text.advice}`,
  };
}
