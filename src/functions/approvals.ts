// HTTP: a person with a function key approves or rejects a pending grant, or asks pullmedic to take a grant back.
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { z } from 'zod';
import type { Answer } from '../lib/history/entries.ts';
import { type Answered, answerApproval } from '../lib/remediation/approval.ts';
import { askUndo, type UndoAsked } from '../lib/remediation/undo.ts';
import type { App } from './app.ts';
import { bodyOf, problem } from './body.ts';

/** `by` is the name that callers give themselves. All callers share a key, so the name is a note and proves nothing. */
const answerBody = z.strictObject({ by: z.string().trim().min(1).max(100).optional() });

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

type Who = { readonly ok: true; readonly by: string } | { readonly ok: false; readonly answer: HttpResponseInit };

async function whoAsks(request: HttpRequest): Promise<Who> {
  const read =
    request.headers.get('content-length') === '0' || request.body === null ? undefined : await bodyOf(request);
  if (read !== undefined && !read.ok) return read;
  const body = answerBody.safeParse(read?.body ?? {});
  if (!body.success) return { ok: false, answer: problem(400, 'Send nothing, or {"by": "who you are"}.') };
  const { by } = body.data;
  return { ok: true, by: by === undefined ? 'a person with the function key' : `"${by}" (with the function key)` };
}

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

async function onUndo({ ports, config }: App, request: HttpRequest): Promise<HttpResponseInit> {
  const who = await whoAsks(request);
  return who.ok ? undoSaid(await askUndo(ports, config, request.params['id'] ?? '', who.by)) : who.answer;
}

async function onAnswer(pullmedic: App, request: HttpRequest, answer: Answer): Promise<HttpResponseInit> {
  const who = await whoAsks(request);
  if (!who.ok) return who.answer;
  return said(await answerApproval(pullmedic.ports, request.params['id'] ?? '', answer, who.by), answer);
}

export function registerApprovals(pullmedic: App): void {
  const register = (verb: string, handler: (request: HttpRequest) => Promise<HttpResponseInit>): void =>
    app.http(verb, { methods: ['POST'], authLevel: 'function', route: `remediations/{id}/${verb}`, handler });
  register('approve', (request) => onAnswer(pullmedic, request, 'approved'));
  register('reject', (request) => onAnswer(pullmedic, request, 'rejected'));
  register('undo', (request) => onUndo(pullmedic, request));
}
