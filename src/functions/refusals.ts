// HTTP: an operator has a refusal forgotten, so that pullmedic may decide about the grant anew.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import { type Forgotten, forgetRefusal } from '../lib/remediation/forget-refusal.ts';
import type { App } from './app.ts';
import { bodyOf, noRemediation, problem } from './body.ts';
import { operatorRoute } from './operator-route.ts';

export function registerRefusals(pullmedic: App): void {
  const path = { name: 'forget-refusal', route: 'remediations/{id}/forget-refusal' };
  operatorRoute(pullmedic, path, (request, by) => onForgetRefusal(pullmedic, request, by));
}

/** The reason is recorded and shown, with the person who is signed in. */
const forgetBody = z.strictObject({ why: z.string().trim().min(1).max(500) });

/** Forgets the refusal that binds the remediation. `by` names the operator who is signed in. */
async function onForgetRefusal({ ports }: App, request: HttpRequest, by: string): Promise<HttpResponseInit> {
  const read = await bodyOf(request);
  if (!read.ok) return read.answer;
  const body = forgetBody.safeParse(read.body);
  if (!body.success)
    return problem(400, 'Send {"why": "why the refusal no longer holds"}; it is recorded with who is signed in.');
  return said(await forgetRefusal(ports, request.params['id'] ?? '', { by, why: body.data.why }));
}

function said(forgotten: Forgotten): HttpResponseInit {
  switch (forgotten) {
    case 'forgotten':
      return { status: 202, jsonBody: { refusal: 'forgotten' } };
    case 'not-found':
      return problem(404, noRemediation);
    case 'no-refusal':
      return problem(409, 'No refusal binds the grant of this remediation: there is nothing to forget.');
    case 'another':
      return problem(409, 'Another refusal binds the grant by now. Look at it first.');
    case 'unreadable':
      return problem(503, 'The refusals cannot be read now. Try again in a minute.');
  }
}
