// HTTP: a person with a function key sets the kill switch. While it is on, pullmedic changes nothing; reading and follow-ups go on.
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { setKillSwitch } from '../lib/remediation/kill-switch.ts';
import type { App } from './app.ts';
import { bodyOf, problem } from './body.ts';

/** `by` is the name that callers give themselves. All callers share a key, so the name is a note and proves nothing. */
const settingBody = z.strictObject({ on: z.boolean(), by: z.string().trim().min(1).max(100) });

/** Sets the switch as the body says. The platform checks the function key before this handler runs. */
export async function onKillSwitch({ ports }: App, request: HttpRequest): Promise<HttpResponseInit> {
  const read = await bodyOf(request);
  if (!read.ok) return read.answer;
  const body = settingBody.safeParse(read.body);
  if (!body.success) return problem(400, 'Send {"on": true or false, "by": "who you are"}.');
  const { on, by } = await setKillSwitch(ports, body.data.on, `"${body.data.by}" (with the function key)`);
  return { status: 200, jsonBody: { on, by } };
}

export function registerKillSwitch(pullmedic: App): void {
  app.http('kill-switch', {
    methods: ['POST'],
    authLevel: 'function',
    route: 'kill-switch',
    handler: (request) => onKillSwitch(pullmedic, request),
  });
}
