// HTTP: an operator replays or dismisses a message that pullmedic could not handle, or sends events that Event Grid gave up on.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import { reasonMember } from '../lib/answers/reason.ts';
import { dismiss, type Replayed, replay } from '../lib/intake/dead-letter.ts';
import type { Signal } from '../lib/signals/signal.ts';
import type { App } from './app.ts';
import { bodyOf, problem, readBody, sendReason } from './body.ts';
import { signalsOfEvent } from './event-envelope.ts';
import { type OperatorHandler, operatorRoute } from './operator-route.ts';

function replaySaid(replayed: Replayed): HttpResponseInit {
  switch (replayed) {
    case 'replayed':
      return { status: 202, jsonBody: { letter: 'replayed' } };
    case 'not-found':
      return problem(404, 'There is no dead letter of this id.');
    case 'unreadable':
      return problem(409, 'This message cannot be read, so it cannot be sent again. Look at it, then dismiss it.');
  }
}

const letterBody = z.object({ why: reasonMember });

async function onReplay({ ports, upkeep }: App, request: HttpRequest, by: string): Promise<HttpResponseInit> {
  const body = await readBody(request, letterBody, sendReason);
  if (!body.ok) return body.answer;
  return replaySaid(await replay(upkeep, ports, request.params['id'] ?? '', { by, ...body.value }));
}

async function onDismiss({ ports, upkeep }: App, request: HttpRequest, by: string): Promise<HttpResponseInit> {
  const body = await readBody(request, letterBody, sendReason);
  if (!body.ok) return body.answer;
  const dismissed = await dismiss(upkeep, ports, request.params['id'] ?? '', { by, ...body.value });
  return dismissed === 'dismissed'
    ? { status: 202, jsonBody: { letter: dismissed } }
    : problem(404, 'There is no dead letter of this id.');
}

const events = z.array(z.unknown()).min(1).max(1000);

/** Reads every event before it sends the first, so that a file with a mistake is refused as a whole and not half sent. */
async function onEvents({ ports, config }: App, request: HttpRequest): Promise<HttpResponseInit> {
  const read = await bodyOf(request);
  if (!read.ok) return read.answer;
  const list = events.safeParse(Array.isArray(read.body) ? read.body : [read.body]);
  if (!list.success) return problem(400, 'Send one event, or a list of up to 1000.');
  const signals: Signal[] = [];
  for (const [index, event] of list.data.entries()) {
    const found = await signalsOfEvent(event, config.clientId);
    if (!found.ok) return problem(400, `Event ${index + 1} cannot be read. ${found.problem}`);
    signals.push(...found.signals);
  }
  for (const signal of signals) await ports.queue.sendSignal(signal, ports.now());
  return { status: 202, jsonBody: { accepted: signals.length, events: list.data.length } };
}

export function registerDeadLetters(pullmedic: App): void {
  const post = (name: string, route: string, handler: OperatorHandler): void =>
    operatorRoute(pullmedic, { name, route }, handler);
  post('dead-letters-replay', 'dead-letters/{id}/replay', (request, by) => onReplay(pullmedic, request, by));
  post('dead-letters-dismiss', 'dead-letters/{id}/dismiss', (request, by) => onDismiss(pullmedic, request, by));
  post('events-again', 'events', (request) => onEvents(pullmedic, request));
}
