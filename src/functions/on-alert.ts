// HTTP: an action group posts an alert in the common alert schema. Check, parse, queue, answer 202 within milliseconds.
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { readAlert } from '../lib/signals/alert.ts';
import type { App } from './app.ts';
import { bodyOf, problem } from './body.ts';
import { operatorOf } from './operator-route.ts';
import { rolesOf } from './sign-in.ts';

/** The app role of the identity that action groups call with. Source: Azure Monitor docs, "Secure webhook" of action groups. */
const alertRole = 'ActionGroupsSecureWebhook';

async function onAlert(pullmedic: App, request: HttpRequest): Promise<HttpResponseInit> {
  const read = await bodyOf(request);
  if (!read.ok) return read.answer;
  const alert = readAlert(read.body);
  if (!alert.ok) return problem(400, `Not an alert in the common alert schema. ${alert.problem}`);
  try {
    for (const signal of alert.signals) await pullmedic.ports.queue.sendSignal(signal, pullmedic.ports.now());
  } catch {
    pullmedic.ports.log('signal-not-queued', { via: 'log-alert' });
    return notQueued();
  }
  if (alert.signals.length === 0) pullmedic.ports.log('signal-without-app', { via: 'log-alert' });
  return { status: 202, jsonBody: { accepted: alert.signals.length } };
}

/**
 * Azure Monitor sends an alert again after 408, 429, 503 and 504 only (Microsoft Learn, "Action groups", webhook retry logic): after any
 * other status the alert would be lost. Signals that were queued before the failure join once, however often they come.
 */
function notQueued(): HttpResponseInit {
  return {
    ...problem(503, 'The queue does not take the alert now. Send it again; nothing is lost.'),
    headers: { 'retry-after': '30' },
  };
}

/**
 * Takes alerts from an action group that signs in with its own identity, so that no key is stored anywhere, and from an operator who sends
 * an alert again.
 */
export async function onSignedAlert(pullmedic: App, request: HttpRequest): Promise<HttpResponseInit> {
  const may = rolesOf(pullmedic, request).includes(alertRole) || operatorOf(pullmedic, request).ok;
  return may
    ? onAlert(pullmedic, request)
    : problem(401, `Sign in with the role ${alertRole}. Alerts are taken only behind the platform’s own sign-in.`);
}

export function registerOnAlert(pullmedic: App): void {
  app.http('on-alert', {
    methods: ['POST'],
    authLevel: 'function',
    route: 'alerts',
    handler: (request) => onAlert(pullmedic, request),
  });
  app.http('on-alert-signed', {
    methods: ['POST'],
    authLevel: 'anonymous',
    route: 'alerts/signed',
    handler: (request) => onSignedAlert(pullmedic, request),
  });
}
