// The commands approve and reject: they show the open question of a remediation, and answer that question by its number.
import * as z from 'zod';
import { readAs } from './answer-read.ts';
import type { Arguments } from './arguments.ts';
import { Declined } from './declined.ts';
import type { Deployed } from './deployed.ts';
import { withApp } from './deployed-commands.ts';
import { isWholeId, type NamedRemediation, remediationNamed, sayNamed } from './named-remediation.ts';
import { clock, printAnswer, say } from './printed.ts';
import { saysYes } from './says-yes.ts';
import { UsageError } from './usage-error.ts';

export function approveCommand(given: Arguments<'approve'>): Promise<number> {
  return answerCommand('approve', given);
}

export function rejectCommand(given: Arguments<'reject'>): Promise<number> {
  return answerCommand('reject', given);
}

type Verb = 'approve' | 'reject';

async function answerCommand(verb: Verb, given: Arguments<Verb>): Promise<number> {
  const question = questionNumber(given.values.question);
  const [what] = given.words;
  // The number of a question belongs to one remediation, and a short name may mean another one later.
  if (question !== undefined && !isWholeId(what ?? ''))
    throw new UsageError('--question takes the whole id of the remediation beside it.');
  return withApp(given, async (deployed) => {
    const named = await remediationNamed(deployed, what, 'live');
    await answer(verb, { deployed, ...named, question, json: given.values.json });
    return 0;
  });
}

interface Answering extends NamedRemediation {
  readonly deployed: Deployed;
  readonly question: number | undefined;
  readonly json?: boolean | undefined;
}

/**
 * Answers the question of this number; without one, the question that is shown here, after a yes at the terminal. With `json` a program reads
 * what is printed, so that only the answer may stand there. Throws {@link UsageError} where it does not give the number.
 */
export async function answer(verb: Verb, { deployed, id, app, question, json }: Answering): Promise<void> {
  if (json === true && question === undefined) throw new UsageError('With --json, --question says which one.');
  const shown = question === undefined ? await shownQuestion(verb, deployed, id) : undefined;
  const answered = question ?? shown?.question;
  const said = await deployed.post(`remediations/${id}/${verb}`, { question: answered });
  printAnswer(
    json,
    said,
    `${verb === 'approve' ? 'Approved' : 'Rejected'}: question ${answered} about ${sayNamed({ id, app: shown?.app ?? app })}. Its history shows what happens next.`,
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

async function shownQuestion(verb: Verb, deployed: Deployed, id: string): Promise<z.infer<typeof asked>> {
  const open = readAs(asked, await deployed.get(`remediations/${id}/question`), 'a question');
  const until = clock(open.expiresAtMs);
  say(`Question ${open.question} about ${open.app}: may pullmedic ${open.asks}? (${open.cause}; until ${until} UTC)`);
  for (const doubt of open.because) say(`- ${doubt}`, { indent: 2 });
  // A no to what was not read does no harm; a yes has to be one to what is shown here.
  if (verb === 'reject' || (await saysYes('Approve?'))) return open;
  throw new Declined(`Nothing was answered. To approve this question and no other: --question ${open.question}`);
}
