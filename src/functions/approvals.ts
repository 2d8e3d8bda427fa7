// HTTP: an operator approves or rejects a pending grant, or asks pullmedic to take a grant back.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import type { Answer } from '../lib/history/entries.ts';
import { type Answered, answerApproval } from '../lib/remediation/approval.ts';
import { askUndo, type UndoAsked } from '../lib/remediation/undo.ts';
import type { App } from './app.ts';
import { bodyOf, problem } from './body.ts';
import { type OperatorHandler, operatorRoute } from './operator-route.ts';

/** The body of an answer. The history names the person who is signed in, so a body says nothing about that. */
const answerBody = z.strictObject({});

function said(answered: Answered, answer: Answer): HttpResponseInit {
  switch (answered) {
    case 'answered':
      return { status: 202, jsonBody: { answer } };
    case 'not-found':
      return problem(404, 'There is no remediation of this id.');
    case 'not-pending':
      return problem(409, 'No approval is pending here: it was answered before, has expired, or was never requested.');
    case 'moved':
      return problem(409, 'The remediation changed at this very moment. Look at it again, then answer.');
  }
}

/** Reads a body that may be absent. If it does not fit, the result holds the answer that refuses it. */
async function optionalBody<T>(
  request: HttpRequest,
  schema: z.ZodType<T>,
  send: string,
): Promise<{ readonly ok: true; readonly body: T } | { readonly ok: false; readonly answer: HttpResponseInit }> {
  const read =
    request.headers.get('content-length') === '0' || request.body === null ? undefined : await bodyOf(request);
  if (read !== undefined && !read.ok) return read;
  const body = schema.safeParse(read?.body ?? {});
  return body.success ? { ok: true, body: body.data } : { ok: false, answer: problem(400, send) };
}

const sendNothing = 'Send nothing, or {}. The history names the person who is signed in.';

const undoBody = z.strictObject({ anyway: z.boolean().default(false) });

function undoSaid(asked: UndoAsked): HttpResponseInit {
  switch (asked) {
    case 'asked':
      return { status: 202, jsonBody: { undo: 'asked' } };
    case 'not-found':
      return problem(404, 'There is no remediation of this id.');
    case 'off':
      return problem(409, 'Undo is off. Set "undo": true in PULLMEDIC_SETTINGS, or use the command in the runbook.');
    case 'nothing-to-undo':
      return problem(
        409,
        'There is nothing to undo: this remediation made no assignment of its own, or the assignment was removed already.',
      );
    case 'moved':
      return problem(409, 'The remediation changed at this very moment. Look at it again, then ask.');
  }
}

async function onUndo({ ports, config }: App, request: HttpRequest, by: string): Promise<HttpResponseInit> {
  const send = 'Send nothing, or {"anyway": true}. The history names the person who is signed in.';
  const read = await optionalBody(request, undoBody, send);
  if (!read.ok) return read.answer;
  return undoSaid(await askUndo(ports, config, request.params['id'] ?? '', by, read.body.anyway));
}

async function onAnswer(pullmedic: App, request: HttpRequest, answer: Answer, by: string): Promise<HttpResponseInit> {
  const read = await optionalBody(request, answerBody, sendNothing);
  if (!read.ok) return read.answer;
  return said(await answerApproval(pullmedic.ports, request.params['id'] ?? '', answer, by), answer);
}

export function registerApprovals(pullmedic: App): void {
  const register = (name: string, handler: OperatorHandler): void =>
    operatorRoute(pullmedic, { name, route: `remediations/{id}/${name}` }, handler);
  register('approve', (request, by) => onAnswer(pullmedic, request, 'approved', by));
  register('reject', (request, by) => onAnswer(pullmedic, request, 'rejected', by));
  register('undo', (request, by) => onUndo(pullmedic, request, by));
}
