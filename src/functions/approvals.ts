// HTTP: an operator answers a question by its number, has one asked again, or has pullmedic take a grant back.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import { reasonMember } from '../lib/answers/reason.ts';
import { withNamedPrincipal } from '../lib/console/view-words.ts';
import { sayAsked, sayAskedCause, sayRefusal } from '../lib/console/words.ts';
import type { Answer } from '../lib/history/entries.ts';
import { pullsAsOf } from '../lib/history/pulls-as.ts';
import {
  type Answered,
  type AskedAgain,
  answerQuestion,
  askAgain,
  type NotTaken,
  readQuestion,
} from '../lib/remediation/approval.ts';
import { askUndo, type UndoAsked } from '../lib/remediation/undo.ts';
import type { App } from './app.ts';
import { noRemediation, problem, readBody, sendReason } from './body.ts';
import { type OperatorHandler, operatorRoute } from './operator-route.ts';
import { registerRead } from './pages.ts';

export function registerApprovals(pullmedic: App): void {
  const register = (name: string, handler: OperatorHandler): void =>
    operatorRoute(pullmedic, { name, route: `remediations/{id}/${name}` }, handler);
  registerRead(pullmedic, { name: 'question', route: 'remediations/{id}/question' }, onQuestion);
  register('approve', (request, by) => onAnswer(pullmedic, request, 'approved', by));
  register('reject', (request, by) => onAnswer(pullmedic, request, 'rejected', by));
  register('ask', (request, by) => onAskAgain(pullmedic, request, by));
  register('undo', (request, by) => onUndo(pullmedic, request, by));
}

/** The history names the person who is signed in, so a body says nothing about that. */
const noBody = z.strictObject({ why: reasonMember });
const answerBody = z.strictObject({ question: z.int().min(1), why: reasonMember });

/** Shows the question that can be answered now, and what it shows. */
async function onQuestion({ ports }: App, request: HttpRequest): Promise<HttpResponseInit> {
  const found = await readQuestion(ports, request.params['id'] ?? '');
  if (found === undefined) return problem(404, noRemediation);
  const { open, remediation } = found;
  if (open === undefined) return problem(409, 'pullmedic asks nothing here now.');
  const { question, about, cause, doubts, expiresAtMs } = open;
  const of = remediation.target.appId;
  const shown = {
    asks: withNamedPrincipal(sayAsked(about), pullsAsOf(remediation)),
    cause: sayAskedCause(cause, doubts, of),
    because: doubts.map((doubt) => sayRefusal(doubt, of)),
  };
  return { status: 200, jsonBody: { question, app: remediation.target.appName, ...shown, expiresAtMs } };
}

async function onAnswer({ ports }: App, request: HttpRequest, answer: Answer, by: string): Promise<HttpResponseInit> {
  const wanted =
    'Send {"question": the number of the question}, and "why" if you like: the reason, of up to 500 characters.';
  const body = await readBody(request, answerBody, wanted);
  if (!body.ok) return body.answer;
  const given = { answer, ...body.value, by };
  return answerSaid(await answerQuestion(ports, request.params['id'] ?? '', given), given);
}

function answerSaid(answered: Answered, { answer, question }: { answer: Answer; question: number }): HttpResponseInit {
  return answered.kind === 'answered' ? { status: 202, jsonBody: { answer, question } } : notTaken(answered, question);
}

function notTaken(answered: NotTaken, question: number): HttpResponseInit {
  switch (answered.kind) {
    case 'not-found':
      return problem(404, noRemediation);
    case 'nothing-asked':
      return problem(409, `Question ${question} is not asked: pullmedic asks nothing here now.`);
    case 'another-question':
      return problem(
        409,
        `Question ${question} is not asked here. The open question is ${answered.open}: look at it first.`,
      );
    case 'already-answered':
      return problem(
        409,
        `Question ${question} was answered before. Only a yes whose change was not made yet can be taken back, by a no.`,
      );
    case 'expired':
      return problem(410, `Question ${question} has expired. "pullmedic ask" has it asked again.`);
  }
}

async function onAskAgain({ ports }: App, request: HttpRequest, by: string): Promise<HttpResponseInit> {
  const body = await readBody(request, noBody, sendReason);
  if (!body.ok) return body.answer;
  return askedSaid(await askAgain(ports, request.params['id'] ?? '', { by, ...body.value }));
}

function askedSaid(asked: AskedAgain): HttpResponseInit {
  switch (asked.kind) {
    case 'asked':
      return { status: 202, jsonBody: { ask: 'asked' } };
    case 'not-found':
      return problem(404, noRemediation);
    case 'not-expired':
      return problem(409, 'Only a question that expired without an answer is asked again, and there is none here.');
  }
}

async function onUndo({ ports, config }: App, request: HttpRequest, by: string): Promise<HttpResponseInit> {
  const send =
    'Send nothing, or {"anyway": true}, and "why" if you like: the reason, of up to 500 characters. The history names the person who is signed in.';
  const body = await readBody(request, undoBody, send);
  if (!body.ok) return body.answer;
  return undoSaid(await askUndo(ports, config, request.params['id'] ?? '', { by, ...body.value }));
}

const undoBody = z.strictObject({ anyway: z.boolean().default(false), why: reasonMember });

function undoSaid(asked: UndoAsked): HttpResponseInit {
  switch (asked) {
    case 'asked':
      return { status: 202, jsonBody: { undo: 'asked' } };
    case 'not-found':
      return problem(404, noRemediation);
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
