// HTTP: a person throws the kill switch, with a function key. From then on nothing is changed; reading and follow-ups go on.
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { setKillSwitch } from '../lib/remediation/kill-switch.ts';
import type { App } from './app.ts';
import { bodyOf, problem } from './body.ts';

/** Who sets it, in their own words: a key tells nobody apart, so this is a note and no proof. */
const settingBody = z.strictObject({ on: z.boolean(), by: z.string().trim().min(1).max(100) });

/** Sets the switch as the body says. Who may call at all is for the key to say. */
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
