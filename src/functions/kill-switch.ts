// HTTP: a person with a function key sets the kill switch. While it is on, pullmedic changes nothing; reading and follow-ups go on.
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { type KillSwitchAnswer, setKillSwitch } from '../lib/remediation/kill-switch.ts';
import type { App } from './app.ts';
import { bodyOf, problem } from './body.ts';

/** `by` is the name that callers give themselves. All callers share a key, so the name is a note and proves nothing. */
const by = z.string().trim().min(1).max(100);
const settingBody = z.discriminatedUnion('on', [
  z.strictObject({ on: z.literal(true), by }),
  z.strictObject({ on: z.literal(false), by, seen: z.string().max(100).exactOptional() }),
]);

/** Sets the switch as the body says. The platform checks the function key before this handler runs. */
export async function onKillSwitch({ ports }: App, request: HttpRequest): Promise<HttpResponseInit> {
  const read = await bodyOf(request);
  if (!read.ok) return read.answer;
  const body = settingBody.safeParse(read.body);
  if (!body.success)
    return problem(
      400,
      'Send {"on": true, "by": "who you are"}, or {"on": false, "by": "who you are", "seen": "the version that you saw"}.',
    );
  const wish = { ...body.data, by: `"${body.data.by}" (with the function key)` };
  const answer = await setKillSwitch(ports, wish);
  return answer.done ? { status: 200, jsonBody: { on: wish.on, by: wish.by } } : refused(answer);
}

function refused(answer: KillSwitchAnswer & { done: false }): HttpResponseInit {
  switch (answer.because) {
    case 'not-seen':
      return problem(
        428,
        'The kill switch stays as it is: say which setting you turn off. "seen" takes the version of "killSwitchSet" in the answer of GET /api/health.',
      );
    case 'set-since':
      return problem(
        409,
        `The kill switch stays as it is: ${answer.now === undefined ? 'it' : `it was set ${answer.now.on ? 'on' : 'off'} by ${answer.now.by}, and that`} is not the setting that you saw. Look at it again first.`,
      );
    case 'unreadable':
      return problem(
        503,
        'The kill switch stays as it is: its setting cannot be read, which counts as on. If that lasts, turn it on, then off.',
      );
  }
}

export function registerKillSwitch(pullmedic: App): void {
  app.http('kill-switch', {
    methods: ['POST'],
    authLevel: 'function',
    route: 'kill-switch',
    handler: (request) => onKillSwitch(pullmedic, request),
  });
}
