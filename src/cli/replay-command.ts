// The commands replay and dismiss: what becomes of messages that pullmedic could not handle, and of events that Event Grid gave up on.
import { readFile } from 'node:fs/promises';
import { text as textOfStream } from 'node:stream/consumers';
import * as z from 'zod';
import { readAs } from './answer-read.ts';
import type { Arguments } from './arguments.ts';
import { Declined } from './declined.ts';
import type { Deployed } from './deployed.ts';
import { withApp } from './deployed-commands.ts';
import { printAnswer, printJson, say } from './printed.ts';
import { batches, type Item, readItems } from './replay-input.ts';
import { UsageError } from './usage-error.ts';

export async function replayCommand(given: Arguments<'replay'>): Promise<number> {
  const { id, all, json } = given.values;
  const [file] = given.words;
  if ([file !== undefined, id !== undefined, all === true].filter(Boolean).length !== 1)
    throw new UsageError('replay takes one of --id ID, --all, a file, or - for standard input.');
  if (id !== undefined) checkLetter(id);
  const items = file === undefined ? undefined : readItems(await textOf(file));
  return withApp(given, async (deployed) => {
    if (items !== undefined) return sendItems(deployed, items, json);
    return sendLetters(
      deployed,
      id === undefined ? await lettersOf(deployed) : [await letterNamed(deployed, id)],
      json,
    );
  });
}

export async function dismissCommand(given: Arguments<'dismiss'>): Promise<number> {
  const text = given.words[0] ?? '';
  checkLetter(text);
  return withApp(given, async (deployed) => {
    const id = await letterNamed(deployed, text);
    const answered = await deployed.post(`dead-letters/${id}/dismiss`, {});
    printAnswer(given.values.json, answered, `Dismissed: ${id}. It is kept for another week.`);
    return 0;
  });
}

function textOf(file: string): Promise<string> {
  return file === '-' ? textOfStream(process.stdin) : readFile(file, 'utf8');
}

const listed = z.object({ deadLetters: z.array(z.object({ id: z.string().regex(/^d[0-9a-f]{24}$/) })) });

/** The ids of the dead letters. */
async function lettersOf(deployed: Deployed): Promise<readonly string[]> {
  const { deadLetters } = readAs(listed, await deployed.get('dead-letters'), 'a list of dead letters');
  return deadLetters.map(({ id }) => id);
}

function checkLetter(text: string): void {
  if (!/^d[0-9a-f]{1,24}$/.test(text))
    throw new UsageError('This takes the id of a dead letter (d…), as the page and health show it, or its beginning.');
}

/** The one dead letter whose id begins so. A whole id is taken as it is, so that the app says what became of it. */
async function letterNamed(deployed: Deployed, text: string): Promise<string> {
  checkLetter(text);
  if (text.length === wholeLength) return text;
  const [only, ...others] = (await lettersOf(deployed)).filter((id) => id.startsWith(text));
  if (only === undefined) throw new Declined(`No dead letter has an id that begins with ${text}.`);
  if (others.length > 0)
    throw new UsageError(`${text} is the beginning of ${others.length + 1} ids of dead letters: give more of it.`);
  return only;
}

const wholeLength = 25;

async function sendLetters(deployed: Deployed, ids: readonly string[], json: boolean | undefined): Promise<number> {
  const declined: string[] = [];
  const sent: string[] = [];
  for (const id of ids) {
    try {
      await deployed.post(`dead-letters/${id}/replay`, {});
      sent.push(id);
    } catch (error) {
      if (!(error instanceof Declined)) throw error;
      declined.push(`${id}: ${error.message}`);
    }
  }
  if (json === true) printJson({ sent, declined });
  else if (ids.length === 0) say('There are no dead letters.');
  else if (sent.length > 0) say(`Sent again: ${sent.join(', ')}`);
  if (declined.length === 0) return 0;
  throw new Declined(`${declined.length} of ${ids.length} were not sent. ${declined.join(' ')}`);
}

const accepted = z.object({ accepted: z.number() });

async function sendItems(deployed: Deployed, items: readonly Item[], json: boolean | undefined): Promise<number> {
  let signals = 0;
  const send = async (path: string, body: unknown): Promise<void> => {
    signals += readAs(accepted, await deployed.post(path, body), 'a number of signals').accepted;
  };
  for (const { kind, body } of items) if (kind === 'alert') await send('alerts/signed', body);
  const events = items.filter((item) => item.kind === 'event').map((item) => item.body);
  for (const batch of batches(events)) await send('events', batch);
  const answered = { items: items.length, signals };
  printAnswer(json, answered, `Items sent: ${items.length}. Signals that pullmedic made from them: ${signals}.`);
  return 0;
}
