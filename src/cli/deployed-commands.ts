// Commands against a deployed pullmedic: answer an approval request, take a grant back, send kept messages again, read its histories.
import { readFile } from 'node:fs/promises';
import { text as textOfStream } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { answer, questionNumber } from './answer-command.ts';
import { UsageError } from './classify-command.ts';
import { Declined } from './declined.ts';
import { addressOf, type Deployed, deployedAt } from './deployed.ts';
import { forgetRefusal } from './forget-refusal.ts';
import { listOpenIncidents } from './incidents-command.ts';
import { isWholeId, remediationNamed } from './named-remediation.ts';
import { printJson, say } from './printed.ts';
import { batches, type Item, readItems } from './replay-input.ts';
import { searchHistory } from './search-command.ts';
import { lineOf, remediationShape, show } from './show-command.ts';
import { askHealth, dismiss, lookNow, setKillSwitch } from './standing-commands.ts';
import { askStatus } from './status-command.ts';
import { withReason } from './with-reason.ts';

export const deployedCommands = [
  'approve',
  'reject',
  'ask',
  'undo',
  'forget-refusal',
  'replay',
  'dismiss',
  'look',
  'health',
  'kill-switch',
  'status',
  'incidents',
  'history',
  'show',
] as const;
export type DeployedCommand = (typeof deployedCommands)[number];

export function isDeployedCommand(text: string | undefined): text is DeployedCommand {
  return deployedCommands.some((name) => name === text);
}

export const deployedUsage = `pullmedic approve|reject ID --url URL [--question NUMBER] [--why TEXT]
pullmedic ask ID --url URL [--why TEXT]
pullmedic undo ID --url URL [--anyway] [--why TEXT]
pullmedic forget-refusal ID --url URL --why TEXT
pullmedic replay --url URL (--id ID | --all | FILE | -)
pullmedic dismiss ID --url URL [--why TEXT]
pullmedic look APP --url URL [--why TEXT]
pullmedic health --url URL [--json]
pullmedic kill-switch on|off --url URL [--seen VERSION] [--why TEXT]
pullmedic status --url URL [--json]
pullmedic incidents --url URL [--json]
pullmedic history [TERMS] --url URL [--json]
pullmedic show ID --url URL [--json]

Asks a deployed pullmedic. URL is the address of the function app, ID that of a remediation (of a
dead letter for dismiss and replay --id), APP the resource id of a container app. For approve, reject,
show and look the beginning of an ID will do, or the name of an app, where it means one remediation
(for look: one app); if it means several, they are listed. PULLMEDIC_URL says the address where --url
is not given:

  export PULLMEDIC_URL=https://HOST
  pullmedic status
  pullmedic history app:orders state:open since:7d
  pullmedic show t0123
  pullmedic approve ca-orders --why "the role was lost with the old identity"

  approve, reject   show the question that is open, and answer that one after a yes at the terminal
  ask               has a question asked again that expired without an answer
  undo              has the assignment removed that this remediation made; the settings must allow it.
                    Where others rely on it, nothing is removed, and the history names them
  forget-refusal    forgets every no to a grant for this identity on this registry, so that pullmedic
                    decides anew
  replay            sends kept messages again: one, all, or events and alerts from a file (a dead-letter
                    file of Event Grid, an alert) or standard input; safe to repeat, because a signal
                    joins once
  dismiss           a dead letter that pullmedic cannot read, once you have seen it
  look              asks pullmedic to look at an app now
  health            says whether pullmedic itself is well, and if not, why
  kill-switch       on: pullmedic changes nothing until it is off again; looks and follow-ups go on
  status            the state of the world in a line, and what needs a person
  incidents         the open incidents, each with its owner and the first command to run
  history, show     all remediations or those that the terms find, or one as a timeline; show ends
                    with the commands that fix what is live, from its incident
  TERMS             as on the page History: app:, registry:, cause:, sure:, state:, needs:person,
                    since:, until:, on:, by:me

  --anyway          undo: also where others rely on the assignment, or that cannot be read
  --why TEXT        the reason, recorded with your name; forget-refusal needs one
  --question NUMBER approve, reject: answer this question and no other, without being asked at the
                    terminal; takes the whole ID
  --seen VERSION    kill-switch off: turn off this setting, and no later one (health shows it); without
                    it, a terminal asks
  --json            print what the app answered

You are signed in as "az login" has it; a program puts a token for the app into PULLMEDIC_TOKEN, never
into an argument. The person needs the app role Operator, and is recorded; for histories and health the
role Reader will do. A monitor asks for health with a function key in PULLMEDIC_KEY; the key opens
nothing else here.

Exit codes: 0 done; 1 the app declined or does not answer; 2 the command is wrong; 3 only health: the
app answers, and it is not well.
`;

interface Options {
  readonly deployed: Deployed;
  readonly what: string | undefined;
  /** The terms of a search. */
  readonly terms: readonly string[];
  readonly why: string | undefined;
  readonly seen: string | undefined;
  readonly question: number | undefined;
  readonly id: string | undefined;
  readonly all: boolean;
  readonly anyway: boolean;
  readonly json: boolean;
}

function optionsOf(command: DeployedCommand, args: readonly string[], env: NodeJS.ProcessEnv): Options | 'help' {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      url: text,
      why: text,
      seen: text,
      question: text,
      id: text,
      all: flag,
      anyway: flag,
      json: flag,
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return 'help';
  if (positionals.length > mostWords(command)) throw new UsageError(sayTooMany(command));
  return {
    deployed: withReason(deployedAt(addressOf(values.url), env), values.why),
    what: positionals[0],
    terms: positionals,
    why: values.why,
    seen: values.seen,
    question: questionNumber(values.question),
    id: values.id,
    all: values.all === true,
    anyway: values.anyway === true,
    json: values.json === true,
  };
}

/** How many words a command takes beside its options. */
function mostWords(command: DeployedCommand): number {
  if (command === 'history') return Number.POSITIVE_INFINITY;
  return command === 'status' || command === 'incidents' ? 0 : 1;
}

function sayTooMany(command: DeployedCommand): string {
  return mostWords(command) === 0 ? `${command} takes options only.` : 'One thing at a time.';
}

/** The remediation that an answer is for. The number of a question belongs to one remediation, and a short name may mean another one later. */
async function answeredId({ deployed, what, question }: Options): Promise<string> {
  if (question !== undefined && !isWholeId(what ?? ''))
    throw new UsageError('--question takes the whole id of the remediation beside it.');
  return remediationNamed(deployed, what, 'live');
}

function remediationId({ what }: Options): string {
  if (what === undefined || !/^t[0-9a-f]{24}\.\d{1,6}$/.test(what))
    throw new UsageError('This takes the id of a remediation (t….1), as its page and its incident show it.');
  return what;
}

async function request(verb: 'ask' | 'undo', options: Options): Promise<void> {
  const id = remediationId(options);
  if (options.anyway && verb !== 'undo') throw new UsageError('--anyway is for undo.');
  await options.deployed.post(`remediations/${id}/${verb}`, options.anyway ? { anyway: true } : {});
  say(`Asked: ${id}. Its history shows what happens next.`);
}

const health = z.object({ deadLetters: z.union([z.array(z.string()), z.literal('unreadable')]) });
const accepted = z.object({ accepted: z.number() });

async function replayLetters(deployed: Deployed, ids: readonly string[]): Promise<void> {
  const declined: string[] = [];
  for (const id of ids) {
    if (!/^d[0-9a-f]{24}$/.test(id)) throw new UsageError('--id takes the id of a dead letter (d…).');
    try {
      await deployed.post(`dead-letters/${id}/replay`, {});
      say(`Sent again: ${id}`);
    } catch (error) {
      if (!(error instanceof Declined)) throw error;
      declined.push(`${id}: ${error.message}`);
    }
  }
  if (declined.length > 0)
    throw new Declined(`${declined.length} of ${ids.length} were not sent. ${declined.join(' ')}`);
  if (ids.length === 0) say('There are no dead letters.');
}

async function replayItems(deployed: Deployed, items: readonly Item[]): Promise<void> {
  let signals = 0;
  const send = async (path: string, body: unknown): Promise<void> => {
    signals += accepted.parse(await deployed.post(path, body)).accepted;
  };
  for (const { kind, body } of items) if (kind === 'alert') await send('alerts/signed', body);
  const events = items.filter((item) => item.kind === 'event').map((item) => item.body);
  for (const batch of batches(events)) await send('events', batch);
  say(`Items sent: ${items.length}. Signals that pullmedic made from them: ${signals}.`);
}

async function deadIds(deployed: Deployed): Promise<readonly string[]> {
  const { deadLetters } = health.parse(await deployed.get(deployed.healthPath));
  if (deadLetters === 'unreadable') throw new Declined('The app cannot read its dead letters now.');
  return deadLetters;
}

async function replay({ deployed, what, id, all }: Options): Promise<void> {
  if ([what !== undefined, id !== undefined, all].filter(Boolean).length !== 1)
    throw new UsageError('replay takes one of --id ID, --all, a file, or - for standard input.');
  if (id !== undefined) return replayLetters(deployed, [id]);
  if (what === undefined) return replayLetters(deployed, await deadIds(deployed));
  return replayItems(deployed, readItems(await (what === '-' ? textOfStream(process.stdin) : readFile(what, 'utf8'))));
}

// An older version of the app does not send `unreadable`.
const unreadableOne = z.object({ id: z.string(), appId: z.string(), says: z.string() });
const listed = z.object({ remediations: z.array(remediationShape), unreadable: z.array(unreadableOne).default([]) });

async function history({ deployed, json, terms }: Options): Promise<void> {
  if (terms.length > 0) return searchHistory(deployed, terms, json);
  const answered = await deployed.get('remediations');
  if (json) return printJson(answered);
  const { remediations, unreadable } = listed.parse(answered);
  for (const one of remediations) say(lineOf(one));
  for (const { id, appId, says } of unreadable) say(`${appId.split('/').at(-1) ?? appId}  ${id}  ${says}`);
  if (remediations.length + unreadable.length === 0) say('There are no remediations.');
}

async function run(command: DeployedCommand, options: Options): Promise<number> {
  switch (command) {
    case 'approve':
    case 'reject':
      await answer(command, { ...options, id: await answeredId(options) });
      return 0;
    case 'ask':
    case 'undo':
      await request(command, options);
      return 0;
    case 'forget-refusal':
      return forgetRefusal(options.deployed, remediationId(options), options.why);
    case 'replay':
      await replay(options);
      return 0;
    case 'dismiss':
      return dismiss(options.deployed, options.what);
    case 'look':
      return lookNow(options.deployed, options.what);
    case 'health':
      return askHealth(options.deployed, options.json);
    case 'kill-switch':
      return setKillSwitch(options.deployed, options.what, options.seen);
    case 'status':
      await askStatus(options.deployed, options.json);
      return 0;
    case 'incidents':
      await listOpenIncidents(options.deployed, options.json);
      return 0;
    case 'history':
      await history(options);
      return 0;
    case 'show':
      await show(options.deployed, await remediationNamed(options.deployed, options.what, 'all'), options.json);
      return 0;
  }
}

/** Runs one of the commands; the answer is its exit code. Throws {@link UsageError}. */
export async function deployedCommand(command: DeployedCommand, args: readonly string[]): Promise<number> {
  const options = optionsOf(command, args, process.env);
  if (options === 'help') {
    process.stdout.write(deployedUsage);
    return 0;
  }
  try {
    return await run(command, options);
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    process.stderr.write(`pullmedic: ${error.message}\n`);
    return 1;
  }
}
