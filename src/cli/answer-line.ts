// How a person answers the open question of a remediation, in one line: the command, the number of the question, and until when it is open.
import * as z from 'zod';
import { clock, linesOf } from './printed.ts';

/** The last question of a remediation, as the app answers it. An older version of the app sends no instant. */
export const approvalShown = z
  .object({ state: z.string(), question: z.number(), expiresAtMs: z.number().optional() })
  .optional();

/** The line; none where no question is open. `appName` names what asks, as `approve` takes it. */
export function answerLines(
  appName: string,
  approval: z.infer<typeof approvalShown>,
  shown: { readonly indent?: number } = {},
): readonly string[] {
  if (approval?.state !== 'pending') return [];
  const { question, expiresAtMs } = approval;
  const until = expiresAtMs === undefined ? '' : `, until ${clock(expiresAtMs)} UTC`;
  return linesOf(`Answer: pullmedic approve ${appName}, or reject (question ${question}${until})`, shown);
}
