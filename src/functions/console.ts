// HTTP: shows the history as pages and as JSON to people that the platform has signed in.
import { createHash } from 'node:crypto';
import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import { listAsked, pageOfRemediations } from '../lib/console/lists.ts';
import { historyPage, pageStyle, remediationPage } from '../lib/console/page.ts';
import { sentencesOf } from '../lib/console/sentences.ts';
import { listIncidents, showRemediation } from '../lib/console/views.ts';
import { sayEntry, sayUnread, sayUnreadableHistory, sayWithheld } from '../lib/console/words.ts';
import { UnreadableHistory } from '../lib/history/ledger.ts';
import { listDead } from '../lib/intake/dead-letter.ts';
import type { App } from './app.ts';
import { noRemediation } from './body.ts';
import { mayRead } from './sign-in.ts';

const headers = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${createHash('sha256').update(pageStyle).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

export function registerConsole(pullmedic: App): void {
  get(pullmedic, 'history', 'history', showHistory);
  get(pullmedic, 'history-one', 'history/{id}', showOne);
  get(pullmedic, 'remediations', 'remediations', listAll);
  get(pullmedic, 'remediations-one', 'remediations/{id}', readOne);
  get(pullmedic, 'incidents', 'incidents', listAllIncidents);
  get(pullmedic, 'dead-letters', 'dead-letters', listDeadLetters);
}

function get(pullmedic: App, name: string, route: string, answer: Answer): void {
  app.http(name, {
    methods: ['GET'],
    authLevel: 'anonymous',
    route,
    handler: async (request) => (mayRead(pullmedic, request) ? answer(pullmedic, request) : refused()),
  });
}

function refused(): HttpResponseInit {
  return {
    status: 401,
    headers,
    jsonBody: {
      error: 'Sign in with the role Reader or Operator. The history is shown only behind the platform’s own sign-in.',
    },
  };
}

type Answer = (pullmedic: App, request: HttpRequest) => Promise<HttpResponseInit>;

async function showHistory({ ports, config, upkeep }: App, request: HttpRequest): Promise<HttpResponseInit> {
  const shown = await pageOfRemediations(ports, request.query.get('after') ?? undefined);
  const rest = { ...shown, asked: await listAsked(ports), dead: await listDead(upkeep) };
  const [killSwitch, setting] = await Promise.all([ports.killSwitch(), ports.controls.setting()]);
  const standing = { mode: config.mode, killSwitch, setting };
  return page(historyPage(shown.remediations, await listIncidents(ports), standing, clock, rest));
}

/** The remediation of the request, or a sentence why its history cannot be read. */
async function asked(
  { ports }: App,
  request: HttpRequest,
): Promise<Awaited<ReturnType<typeof showRemediation>> | string> {
  try {
    return await showRemediation(ports, request.params['id'] ?? '');
  } catch (error) {
    if (!(error instanceof UnreadableHistory)) throw error;
    return `The ${sayUnreadableHistory(error.why)}.`;
  }
}

function page(body: string): HttpResponseInit {
  return { status: 200, headers: { ...headers, 'content-type': 'text/html; charset=utf-8' }, body };
}

function clock(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}

async function showOne(pullmedic: App, request: HttpRequest): Promise<HttpResponseInit> {
  const found = await asked(pullmedic, request);
  if (typeof found === 'string') return { status: 409, headers, body: found };
  return found === undefined
    ? { status: 404, headers, body: noRemediation }
    : page(remediationPage(found.remediation, found.entries, clock));
}

async function listAll({ ports }: App, request: HttpRequest): Promise<HttpResponseInit> {
  const shown = await pageOfRemediations(ports, request.query.get('after') ?? undefined);
  const remediations = shown.remediations.map((view) => ({ ...view, sentences: sentencesOf(view) }));
  const unreadable = shown.unreadable.map((view) => ({ ...view, says: sayUnreadableHistory(view.why) }));
  return { headers, jsonBody: { ...shown, remediations, unreadable } };
}

async function readOne(pullmedic: App, request: HttpRequest): Promise<HttpResponseInit> {
  const found = await asked(pullmedic, request);
  if (typeof found === 'string') return { status: 409, headers, jsonBody: { error: found } };
  if (found === undefined) return { status: 404, headers, jsonBody: { error: noRemediation } };
  const entries = found.entries.map(({ seq, atMs, entry }) => ({
    seq,
    atMs,
    says: sayEntry(entry),
    withheld: sayWithheld(entry),
    unreadable: sayUnread(entry),
    ...entry,
  }));
  return { headers, jsonBody: { remediation: found.remediation, entries } };
}

async function listAllIncidents({ ports }: App): Promise<HttpResponseInit> {
  return { headers, jsonBody: { incidents: await listIncidents(ports) } };
}

async function listDeadLetters({ upkeep }: App): Promise<HttpResponseInit> {
  return { headers, jsonBody: { deadLetters: await listDead(upkeep) } };
}
