// The forms on the pages, as a browser uses them: a world in which each answer is possible, opening a form, and sending it.
import { registerAnswerForms } from '../../src/functions/answer-forms.ts';
import { addressOf, type Intent, type Verb, verbs, wholeDeployment } from '../../src/lib/answers/verbs.ts';
import type { Entry } from '../../src/lib/history/entries.ts';
import { remediationIdOf } from '../../src/lib/words/target.ts';
import { acrPull, config, minute, nowMs, principal, registryId, signal, target, targetId } from '../lib/facts.ts';
import { deadStep } from '../lib/memory-upkeep.ts';
import { type Doors, doors, person } from './doors.ts';

export const id = remediationIdOf(targetId, 1);
const grant = { registryId, principalId: principal, roleId: acrPull };
const expiresAtMs = nowMs + 60 * minute;
const opened: Entry = { kind: 'opened', target, signal, mode: 'approve' };
const asked: Entry = {
  kind: 'decided',
  decision: { do: 'ask', grant, cause: 'pull-role-missing', because: 'needs-approval', expiresAtMs },
  dueAtMs: expiresAtMs,
  refusals: [{ guard: 'mode', why: 'approval-needed' }],
};
const made: readonly Entry[] = [
  { kind: 'decided', decision: { do: 'grant', grant, because: 'pull-role-missing' }, dueAtMs: nowMs, refusals: [] },
  { kind: 'outcome', action: 'grant', outcome: 'done', undo: `${registryId}/providers/x/roleassignments/made-by-us` },
];
const rejected: Entry = { kind: 'answered', grant, answer: 'rejected', by: 'bo', question: 2 };

export interface Desk extends Doors {
  /** What was written anywhere, by the names of the calls. */
  readonly written: string[];
}

const writes = /\.(?:append|put|send\w*|turnO\w+|write|remove)$/;

/** Ports in memory in which this answer is possible, with the forms registered. */
export async function deskFor(verb: Verb, register: Parameters<typeof doors>[0] = registerAnswerForms): Promise<Desk> {
  const made = doors(register, { config: config({ PULLMEDIC_SETTINGS: '{"undo":true}' }) });
  for (const [index, entry] of historyFor(verb).entries()) await made.running.histories.append(targetId, index, entry);
  if (verb === 'ask') made.running.world.nowMs = expiresAtMs + minute;
  if (verb === 'switch-off') await made.running.ports.controls.turnOn({ by: 'bo', atMs: nowMs });
  made.upkeep.letters.set(deadStep.id, deadStep);
  const written: string[] = [];
  const note = (call: string): void => void (writes.test(call) && written.push(call));
  made.running.world.before = note;
  made.upkeep.before = note;
  return { ...made, written };
}

function historyFor(verb: Verb): readonly Entry[] {
  if (verb === 'undo' || verb === 'undo-anyway') return [opened, ...made];
  return verb === 'forget' ? [opened, asked, rejected] : [opened, asked];
}

const shownOf: Readonly<Record<Verb, string>> = {
  approve: '2',
  reject: '2',
  ask: '2',
  look: '',
  undo: 'made-by-us',
  'undo-anyway': 'made-by-us',
  forget: String(nowMs),
  replay: `dead.7.${nowMs}`,
  dismiss: `dead.7.${nowMs}`,
  'switch-on': 'never',
  'switch-off': '1',
};

/** The answer that is possible on the desk for this verb. */
export function intentFor(verb: Verb): Intent {
  const ofMessage = verb === 'replay' || verb === 'dismiss';
  const subject = verb.startsWith('switch') ? wholeDeployment : ofMessage ? deadStep.id : id;
  return { verb, subject, shown: shownOf[verb] };
}

export { verbs };

/** People in the tests: two operators, a reader, a person without a role, and a browser that is not signed in. */
export const people = {
  ada: browser(person(['Operator'])),
  bo: browser(person(['Operator'], 'bo@contoso.example', '8d2f0000-0000-4000-8000-00000000000b')),
  rita: browser(person(['Reader'], 'rita@contoso.example', '8d2f0000-0000-4000-8000-00000000000c')),
  gus: browser(person([], 'gus@contoso.example', '8d2f0000-0000-4000-8000-00000000000d')),
  nobody: browser({}),
} as const;

function browser(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { ...headers, accept: 'text/html', 'sec-fetch-site': 'same-origin' };
}

export interface Seen {
  readonly status: number;
  readonly text: string;
  readonly location: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** Opens the page of an answer. */
export async function open(
  desk: Doors,
  intent: Intent,
  headers: Readonly<Record<string, string>> = people.ada,
): Promise<Seen> {
  return seen(await desk.send('answer', { address: addressOf(intent), params: { verb: intent.verb }, headers }));
}

export type Fields = Readonly<Record<string, string>>;

/** What the form of a page would send. */
export function fieldsIn(text: string): Fields {
  const hidden = [...text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)];
  return { ...Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])), why: 'it was reviewed' };
}

/** Sends a form as a browser does. */
export async function send(
  desk: Doors,
  verb: string,
  fields: Fields | string,
  headers: Readonly<Record<string, string>> = people.ada,
): Promise<Seen> {
  const body = typeof fields === 'string' ? fields : new URLSearchParams({ ...fields }).toString();
  const typed = { 'content-type': 'application/x-www-form-urlencoded' };
  const params = { verb };
  return seen(
    await desk.send('answer', { address: `/api/answers/${verb}`, params, headers: { ...headers, ...typed }, body }),
  );
}

function seen({ status = 200, body, headers = {} }: Awaited<ReturnType<Doors['send']>>): Seen {
  return { status, text: String(body ?? ''), location: headers['location'], headers };
}
