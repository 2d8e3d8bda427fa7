// HTTP: an operator asks pullmedic to look at an app. The request becomes a signal like any other: it causes a look, never a change.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { operatorBody, readOperatorSignal } from '../lib/signals/operator.ts';
import type { App } from './app.ts';
import { bodyOf, problem } from './body.ts';
import { operatorRoute } from './operator-route.ts';

async function onOperator({ ports }: App, request: HttpRequest, by: string): Promise<HttpResponseInit> {
  const read = await bodyOf(request);
  if (!read.ok) return read.answer;
  const asked = readOperatorSignal(read.body, ports.now(), by);
  if (!asked.ok) return problem(400, `Send ${operatorBody}. ${asked.problem}`);
  for (const signal of asked.signals) await ports.queue.sendSignal(signal, ports.now());
  ports.log('signal-accepted', { via: 'operator' });
  return { status: 202, jsonBody: { accepted: asked.signals.length } };
}

export function registerOperator(pullmedic: App): void {
  operatorRoute(pullmedic, { name: 'operator', route: 'signals' }, (request, by) => onOperator(pullmedic, request, by));
}
