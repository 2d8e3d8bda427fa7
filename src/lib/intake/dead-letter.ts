// Messages that cannot be handled: sent again for some hours, then kept where people see them. Nothing is thrown away.

import type { IndexRow } from '../history/index-row.ts';
import type { Clock, EventLog, Index, Names, Queues } from '../ports/ports.ts';
import { sendWake } from '../ports/send-wake.ts';
import type { DeadLetter, QueueName, Upkeep } from '../ports/upkeep.ts';
import { readQueuedSignal } from '../signals/queued.ts';
import type { Signal } from '../signals/signal.ts';
import type { Step } from '../signals/step.ts';
import { readStep } from '../signals/step.ts';
import { errorCode } from '../words/error-code.ts';

/** The roles that sending a message again uses. */
type Sending = Names & Queues & Clock & EventLog;

/** Empties the poison queues into letters. Returns how many messages it took. Throws when the store or a queue cannot be reached. */
export async function drainPoison(upkeep: Upkeep, ports: Sending & Index): Promise<number> {
  let taken = 0;
  for (let round = 0; round < mostRounds; round += 1) {
    const messages = await upkeep.poison.take();
    if (messages.length === 0) break;
    for (const message of messages) {
      const content = contentOf(message.queue, message.body, message.raw);
      await keepOrSend(upkeep, ports, message.queue, content);
      await upkeep.poison.remove(message);
    }
    taken += messages.length;
  }
  await tidy(upkeep, ports);
  return taken;
}

/** How many batches one run of the timer takes. After a storm that failed as a whole, the timer needs several runs. */
const mostRounds = 20;

/** Keeps a message that a queue handed out and that is neither a signal nor a step. Throws when it cannot be kept. */
export async function keepUnreadable(upkeep: Upkeep, ports: Sending, queue: QueueName, raw: string): Promise<void> {
  await keepOrSend(upkeep, ports, queue, { kind: 'unreadable', raw: raw.slice(0, mostKept) });
}

/** The last delivery of a message, which failed. */
interface FailedDelivery {
  readonly queue: QueueName;
  readonly body: unknown;
  readonly error: unknown;
}

/** Notes why the last delivery of a message failed. Never throws: the failure itself is what counts. */
export async function noteFailure(
  upkeep: Upkeep,
  ports: Sending,
  { queue, body, error }: FailedDelivery,
): Promise<void> {
  try {
    const letter = await letterOf(upkeep, ports, queue, contentOf(queue, body, ''));
    await upkeep.letters.put({ ...letter, lastError: errorCode(error) });
  } catch {
    // The store may be the very thing that is down.
  }
}

/** The person who answers for a letter, and the reason where the person gave one. */
export interface LetterAnswer {
  readonly by: string;
  readonly why?: string;
}

/** Sends a kept message again, now. Safe to repeat: a signal joins once, a step is a look. Throws when the store cannot be reached. */
export async function replay(upkeep: Upkeep, ports: Sending, id: string, { by, why }: LetterAnswer): Promise<Replayed> {
  const letter = await readLetter(upkeep, id);
  if (letter === undefined) return 'not-found';
  if (letter.kind === 'unreadable') return 'unreadable';
  const content = contentOf(letter.queue, bodyOf(letter), letter.message);
  if (!(await sendAgain(ports, content, ports.now()))) return 'unreadable';
  await upkeep.letters.put({ ...withoutReason(letter), state: 'replayed', by, ...given(why), lastAtMs: ports.now() });
  ports.log('replayed', { id, kind: letter.kind });
  return 'replayed';
}

/** `unreadable`: pullmedic cannot read the message, so it cannot send it again. */
export type Replayed = 'replayed' | 'not-found' | 'unreadable';

const letterIdPattern = /^d[0-9a-f]{24}$/;

/** A person has seen it and needs it no more. It is kept for another week. */
export async function dismiss(
  upkeep: Upkeep,
  ports: Sending,
  id: string,
  { by, why }: LetterAnswer,
): Promise<'dismissed' | 'not-found'> {
  const letter = await readLetter(upkeep, id);
  if (letter === undefined) return 'not-found';
  await upkeep.letters.put({ ...withoutReason(letter), state: 'dismissed', by, ...given(why), lastAtMs: ports.now() });
  ports.log('dismissed', { id, kind: letter.kind });
  return 'dismissed';
}

/** The reason of an earlier answer is not the reason of this one. */
function withoutReason({ why: _earlier, ...letter }: DeadLetter): DeadLetter {
  return letter;
}

function given(why: string | undefined): { readonly why?: string } {
  return why === undefined ? {} : { why };
}

/** A letter, if there is one of this id. Throws when the store cannot be reached. */
export async function readLetter({ letters }: Upkeep, id: string): Promise<DeadLetter | undefined> {
  return letterIdPattern.test(id) ? letters.get(id) : undefined;
}

/** What waits for a person, the latest first. */
export async function listDead(upkeep: Upkeep): Promise<DeadLetter[]> {
  const dead = (await upkeep.letters.all()).filter((letter) => letter.state === 'dead');
  return dead.sort((a, b) => b.lastAtMs - a.lastAtMs);
}

/** The letter is written before the message is sent again and before it leaves the poison queue: dying in between repeats, never loses. */
async function keepOrSend(upkeep: Upkeep, ports: Sending, queue: QueueName, content: Content): Promise<DeadLetter> {
  const before = await letterOf(upkeep, ports, queue, content);
  const tries = before.tries + 1;
  const pauseMs = content.kind === 'unreadable' ? undefined : pauses[tries - 1];
  const letter: DeadLetter = { ...before, tries, state: pauseMs === undefined ? 'dead' : 'retrying' };
  await upkeep.letters.put(letter);
  if (pauseMs !== undefined) await sendAgain(ports, content, ports.now() + pauseMs);
  const { id, kind } = letter;
  ports.log(pauseMs === undefined ? 'dead-letter' : 'poison-kept', { id, kind, tries });
  return letter;
}

const minute = 60_000;

/** Pauses before it is sent again: together some ten hours, longer than most outages. After that a person decides. */
const pauses = [10, 20, 40, 80, 160, 320].map((minutes) => minutes * minute);

async function letterOf(upkeep: Upkeep, ports: Sending, queue: QueueName, content: Content): Promise<DeadLetter> {
  const id = letterId(ports, content);
  const known = await upkeep.letters.get(id);
  const nowMs = ports.now();
  const message = messageOf(content);
  // A message that was replayed or dismissed and comes again gets all its tries again.
  if (known?.state === 'retrying' || known?.state === 'dead') return { ...known, message, lastAtMs: nowMs };
  return { id, kind: content.kind, queue, message, state: 'retrying', tries: 0, firstAtMs: nowMs, lastAtMs: nowMs };
}

/** All steps of one target share one letter, because each of them makes pullmedic look at the same target. */
function letterId(ports: Names, content: Content): string {
  const text = content.kind === 'step' ? content.step.targetId : messageOf(content);
  return `d${ports.hash(`dead-letter|${content.kind}|${text}`)}`;
}

type Content =
  | { readonly kind: 'signal'; readonly signal: Signal }
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'unreadable'; readonly raw: string };

function contentOf(queue: QueueName, body: unknown, raw: string): Content {
  const signal = queue === 'signals' ? readQueuedSignal(body) : undefined;
  if (signal !== undefined) return { kind: 'signal', signal };
  const step = queue === 'steps' ? readStep(body) : undefined;
  return step === undefined ? { kind: 'unreadable', raw: raw.slice(0, mostKept) } : { kind: 'step', step };
}

/** The JSON of a letter; `undefined` where its text is none. */
function bodyOf({ message }: Pick<DeadLetter, 'message'>): unknown {
  try {
    return JSON.parse(message) as unknown;
  } catch {
    return undefined;
  }
}

/** The most letters that a list of those that wait for a person has. A full list may lack some. */
export const mostLetters = 1000;

/** A queue message holds 64 KiB; anything beyond was never one. UTF-16 units. */
export const mostKept = 70_000;

function messageOf(content: Content): string {
  switch (content.kind) {
    case 'signal':
      return JSON.stringify(content.signal);
    case 'step':
      return JSON.stringify(content.step);
    case 'unreadable':
      return content.raw;
  }
}

async function sendAgain(ports: Sending, content: Content, dueAtMs: number): Promise<boolean> {
  switch (content.kind) {
    case 'signal':
      await ports.queue.sendSignal(content.signal, dueAtMs);
      return true;
    case 'step':
      await sendWake(ports, content.step, dueAtMs);
      return true;
    case 'unreadable':
      return false;
  }
}

/** Removes letters that are no longer needed: replayed ones that did not come back, dismissed ones, and steps that the schedule replaced. */
async function tidy(upkeep: Upkeep, ports: Index & Clock): Promise<void> {
  const nowMs = ports.now();
  const letters = await upkeep.letters.all();
  const deadSteps = letters.some((letter) => letter.kind === 'step' && letter.state === 'dead');
  const live = deadSteps ? await ports.index.live() : [];
  for (const letter of letters) {
    const ageMs = nowMs - letter.lastAtMs;
    const over = ageMs > (letter.state === 'retrying' ? dayMs : 7 * dayMs) && letter.state !== 'dead';
    const madeUp = letter.kind === 'step' && letter.state === 'dead' && ageMs > 10 * minute;
    if (over || (madeUp && isMadeUpFor(letter, live, nowMs))) await upkeep.letters.remove(letter.id);
  }
}

const dayMs = 24 * 60 * minute;

/** The schedule makes up for a step that was lost: the letter is removed when its target is no longer late. */
function isMadeUpFor({ message }: DeadLetter, live: readonly IndexRow[], nowMs: number): boolean {
  const step = readStep(bodyOf({ message }));
  // A letter that a person or a newer version wrote over may hold anything. Whether the schedule made up for it is not known.
  if (step === undefined) return false;
  const rows = live.filter((row) => row.targetId === step.targetId);
  return rows.every((row) => row.dueAtMs > nowMs - 2 * minute);
}
