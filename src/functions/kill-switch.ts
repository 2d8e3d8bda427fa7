// HTTP: an operator sets the kill switch. While it is on, pullmedic changes nothing; reading and follow-ups go on.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import { reasonMember } from '../lib/answers/reason.ts';
import { type KillSwitchAnswer, setKillSwitch } from '../lib/remediation/kill-switch.ts';
import type { App } from './app.ts';
import { bodyOf, problem } from './body.ts';
import { operatorRoute } from './operator-route.ts';

/** The history names the person who is signed in, so a body says nothing about that. */
const settingBody = z.discriminatedUnion('on', [
  z.strictObject({ on: z.literal(true), why: reasonMember }),
  z.strictObject({ on: z.literal(false), seen: z.string().max(100).exactOptional(), why: reasonMember }),
]);

/** Sets the switch as the body says. `by` names the operator who is signed in. */
async function onKillSwitch({ ports }: App, request: HttpRequest, by: string): Promise<HttpResponseInit> {
  const read = await bodyOf(request);
  if (!read.ok) return read.answer;
  const body = settingBody.safeParse(read.body);
  if (!body.success)
    return problem(
      400,
      'Send {"on": true}, or {"on": false, "seen": "the version that you saw"}, and "why" if you like. The record names the person who is signed in.',
    );
  const wish = { ...body.data, by };
  const answer = await setKillSwitch(ports, wish);
  return answer.done ? { status: 200, jsonBody: { on: wish.on, by } } : refused(answer);
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
  operatorRoute(pullmedic, { name: 'kill-switch', route: 'kill-switch' }, (request, by) =>
    onKillSwitch(pullmedic, request, by),
  );
}
