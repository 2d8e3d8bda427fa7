// The commands approve and reject: they show the open question of a remediation, and answer that question by its number.
import * as z from 'zod';
import { UsageError } from './classify-command.ts';
import { Declined } from './declined.ts';
import { type Deployed } from './deployed.ts';
import { plain } from './report.ts';
import { saysYes } from './says-yes.ts';

interface Answering {
  readonly deployed: Deployed;
  readonly id: string;
  readonly question: number | undefined;
}

/** Answers the question of this number; without one, the question that is shown here, after a yes at the terminal. */
export async function answer(verb: 'approve' | 'reject', { deployed, id, question }: Answering): Promise<void> {
  const answered = question ?? (await shownQuestion(verb, deployed, id));
  await deployed.post(`remediations/${id}/${verb}`, { question: answered });
  say(
    `${verb === 'approve' ? 'Approved' : 'Rejected'}: question ${answered} of ${id}. Its history shows what happens next.`,
  );
}

/** The number that `--question` gives. Throws {@link UsageError}. */
export function questionNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError('--question takes the number of a question, as it is shown.');
  return Number(text);
}

const asked = z.object({
  question: z.number(),
  app: z.string(),
  asks: z.string(),
  cause: z.string(),
  because: z.array(z.string()),
  expiresAtMs: z.number(),
});

async function shownQuestion(verb: 'approve' | 'reject', deployed: Deployed, id: string): Promise<number> {
  const open = asked.parse(await deployed.get(`remediations/${id}/question`));
  const until = new Date(open.expiresAtMs).toISOString().slice(0, 19).replace('T', ' ');
  say(`Question ${open.question} about ${open.app}: may pullmedic ${open.asks}? (${open.cause}; until ${until} UTC)`);
  for (const doubt of open.because) say(`  - ${doubt}`);
  // A no to what was not read does no harm; a yes has to be one to what is shown here.
  if (verb === 'reject' || (await saysYes('Approve?'))) return open.question;
  throw new Declined(`Nothing was answered. To approve this question and no other: --question ${open.question}`);
}

function say(line: string): void {
  process.stdout.write(`${plain(line)}\n`);
}
