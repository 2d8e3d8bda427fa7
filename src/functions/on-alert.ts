// HTTP: an action group posts an alert in the common alert schema. Check, parse, queue, answer 202 within milliseconds.
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import type { App } from '../app.ts';
import { readAlert } from '../lib/signal.ts';
import { bodyOf, problem } from './body.ts';

async function onAlert(pullmedic: App, request: HttpRequest): Promise<HttpResponseInit> {
  const read = await bodyOf(request);
  if (!read.ok) return read.answer;
  const alert = readAlert(read.body);
  if (!alert.ok) return problem(400, `Not an alert in the common alert schema. ${alert.problem}`);
  for (const signal of alert.signals) await pullmedic.ports.queue.sendSignal(signal, pullmedic.ports.now());
  if (alert.signals.length === 0) pullmedic.ports.log('signal-without-app', { via: 'log-alert' });
  return { status: 202, jsonBody: { accepted: alert.signals.length } };
}

export function registerOnAlert(pullmedic: App): void {
  app.http('on-alert', {
    methods: ['POST'],
    authLevel: 'function',
    route: 'alerts',
    handler: (request) => onAlert(pullmedic, request),
  });
}
