// The commands ask, undo and forget-refusal: what an operator asks of one remediation, beside the answer to its question.
import type { Arguments } from './arguments.ts';
import type { Deployed } from './deployed.ts';
import { withApp } from './deployed-commands.ts';
import { grantNamed, type NamedRemediation, remediationNamed, sayNamed } from './named-remediation.ts';
import { printAnswer } from './printed.ts';
import { UsageError } from './usage-error.ts';

/** Has a question asked again that expired. Only what is live can ask. */
export function askCommand(given: Arguments<'ask'>): Promise<number> {
  return withApp(given, async (deployed) => {
    const named = await remediationNamed(deployed, given.words[0], 'live');
    return request(deployed, { path: `remediations/${named.id}/ask`, named, json: given.values.json });
  });
}

/** Has the assignment removed that a remediation made. It may have ended long ago. */
export function undoCommand(given: Arguments<'undo'>): Promise<number> {
  const { anyway, json } = given.values;
  return withApp(given, async (deployed) => {
    const named = await grantNamed(deployed, given.words[0]);
    const body = anyway === true ? { anyway: true } : {};
    return request(deployed, { path: `remediations/${named.id}/undo`, named, body, json });
  });
}

/** Has every no to a grant forgotten. The app records the person who is signed in, and the reason. */
export function forgetRefusalCommand(given: Arguments<'forget-refusal'>): Promise<number> {
  const { why, json } = given.values;
  if (why === undefined) throw new UsageError('forget-refusal takes --why: the reason is recorded.');
  return withApp(given, async (deployed) => {
    const named = await remediationNamed(deployed, given.words[0], 'all');
    const answered = await deployed.post(`remediations/${named.id}/forget-refusal`, { why });
    printAnswer(
      json,
      answered,
      `Forgotten for ${sayNamed(named)}. pullmedic decides anew, for every workload and image with this identity. What speaks against the grant otherwise still does.`,
    );
    return 0;
  });
}

interface Asking {
  readonly path: string;
  readonly named: NamedRemediation;
  readonly body?: object;
  readonly json: boolean | undefined;
}

async function request(deployed: Deployed, { path, named, body = {}, json }: Asking): Promise<number> {
  const answered = await deployed.post(path, body);
  printAnswer(json, answered, `Asked of ${sayNamed(named)}. Its history shows what happens next.`);
  return 0;
}
