// HTTP: a person approves or rejects a pending grant, with a function key. The console's own buttons come with its sign-in.
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import type { App } from '../app.ts';
import { type Answered, answerApproval } from '../lib/approval.ts';
import type { Answer } from '../lib/history.ts';
import { bodyOf, problem } from './body.ts';

/** Who answers, in their own words: a key tells nobody apart, so this is a note and no proof. */
const answerBody = z.strictObject({ by: z.string().trim().min(1).max(100).optional() });

function said(answered: Answered, answer: Answer): HttpResponseInit {
  switch (answered) {
    case 'answered':
      return { status: 202, jsonBody: { answer } };
    case 'not-found':
      return problem(404, 'There is no remediation of this id.');
    case 'not-pending':
      return problem(
        409,
        'Nothing is waiting for an answer here: it was answered before, has expired, or was never asked.',
      );
    case 'moved':
      return problem(409, 'The remediation moved at this very moment. Look at it again, then answer.');
  }
}

async function onAnswer(pullmedic: App, request: HttpRequest, answer: Answer): Promise<HttpResponseInit> {
  const read =
    request.headers.get('content-length') === '0' || request.body === null ? undefined : await bodyOf(request);
  if (read !== undefined && !read.ok) return read.answer;
  const body = answerBody.safeParse(read?.body ?? {});
  if (!body.success) return problem(400, 'Send nothing, or {"by": "who you are"}.');
  const by =
    body.data.by === undefined ? 'somebody with the function key' : `"${body.data.by}" (with the function key)`;
  return said(await answerApproval(pullmedic.ports, request.params['id'] ?? '', answer, by), answer);
}

export function registerApprovals(pullmedic: App): void {
  const register = (name: string, verb: string, answer: Answer): void =>
    app.http(name, {
      methods: ['POST'],
      authLevel: 'function',
      route: `remediations/{id}/${verb}`,
      handler: (request) => onAnswer(pullmedic, request, answer),
    });
  register('approve', 'approve', 'approved');
  register('reject', 'reject', 'rejected');
}
