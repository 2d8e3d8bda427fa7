// HTTP: a person with a function key has a refusal forgotten, so that pullmedic may decide about the grant anew.
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import { type Forgotten, forgetRefusal } from '../lib/remediation/forget-refusal.ts';
import type { App } from './app.ts';
import { bodyOf, problem } from './body.ts';

export function registerRefusals(pullmedic: App): void {
  app.http('forget-refusal', {
    methods: ['POST'],
    authLevel: 'function',
    route: 'remediations/{id}/forget-refusal',
    handler: (request) => onForgetRefusal(pullmedic, request),
  });
}

const text = (most: number): z.ZodString => z.string().trim().min(1).max(most);
/** Both are recorded and shown. `by` is the name that callers give themselves: all callers share a key, so it proves nothing. */
const forgetBody = z.strictObject({ by: text(100), why: text(500) });

/** Forgets the refusal that binds the remediation. The platform checks the function key before this handler runs. */
export async function onForgetRefusal({ ports }: App, request: HttpRequest): Promise<HttpResponseInit> {
  const read = await bodyOf(request);
  if (!read.ok) return read.answer;
  const body = forgetBody.safeParse(read.body);
  if (!body.success)
    return problem(400, 'Send {"by": "who you are", "why": "why the refusal no longer holds"}; both are recorded.');
  const { by, why } = body.data;
  const id = request.params['id'] ?? '';
  return said(await forgetRefusal(ports, id, `"${by}" (with the function key)`, why));
}

function said(forgotten: Forgotten): HttpResponseInit {
  switch (forgotten) {
    case 'forgotten':
      return { status: 202, jsonBody: { refusal: 'forgotten' } };
    case 'not-found':
      return problem(404, 'There is no remediation of this id.');
    case 'no-refusal':
      return problem(409, 'No refusal binds the grant of this remediation: there is nothing to forget.');
    case 'unreadable':
      return problem(503, 'The refusals cannot be read now. Try again in a minute.');
  }
}
