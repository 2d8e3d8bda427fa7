// HTTP: the pages of what happens and what happened, and the lists of the same as JSON.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { listAsked, pageOfRemediations } from '../lib/console/lists.ts';
import { historyPage, remediationPage } from '../lib/console/page.ts';
import { sentencesOf } from '../lib/console/sentences.ts';
import { listIncidents, showRemediation } from '../lib/console/views.ts';
import { sayEntry, sayUnread, sayUnreadableHistory, sayWithheld } from '../lib/console/words.ts';
import { UnreadableHistory } from '../lib/history/ledger.ts';
import { listDead } from '../lib/intake/dead-letter.ts';
import type { App } from './app.ts';
import { noRemediation } from './body.ts';
import { type NoPage, type Page, pageHeaders, registerPage, registerRead } from './pages.ts';

export function registerConsole(pullmedic: App): void {
  registerPage(pullmedic, { name: 'now', route: 'now' }, (app, request) => showList(app, request, 'now'));
  registerPage(pullmedic, { name: 'history', route: 'history' }, (app, request) => showList(app, request, 'history'));
  registerPage(pullmedic, { name: 'history-one', route: 'history/{id}' }, showOne);
  registerRead(pullmedic, { name: 'remediations', route: 'remediations' }, listAll);
  registerRead(pullmedic, { name: 'remediations-one', route: 'remediations/{id}' }, readOne);
  registerRead(pullmedic, { name: 'incidents', route: 'incidents' }, listAllIncidents);
  registerRead(pullmedic, { name: 'dead-letters', route: 'dead-letters' }, listDeadLetters);
}

async function showList(pullmedic: App, request: HttpRequest, current: 'now' | 'history'): Promise<Page> {
  const { ports, config, upkeep } = pullmedic;
  const shown = await pageOfRemediations(ports, request.query.get('after') ?? undefined);
  const rest = { ...shown, asked: await listAsked(ports), dead: await listDead(upkeep) };
  const [killSwitch, setting] = await Promise.all([ports.killSwitch(), ports.controls.setting()]);
  const standing = { mode: config.mode, killSwitch, setting };
  const incidents = await listIncidents(ports);
  return {
    html: (shell) => historyPage(shown.remediations, incidents, standing, clock, rest, { ...shell, current }),
    json: () => ({ ...remediationList(shown), incidents }),
    markdown: () => [{ kind: 'heading', text: 'pullmedic' }],
  };
}

/** The remediation of the request, or why there is no page of it. */
async function asked(
  { ports }: App,
  request: HttpRequest,
): Promise<NonNullable<Awaited<ReturnType<typeof showRemediation>>> | NoPage> {
  try {
    return (await showRemediation(ports, request.params['id'] ?? '')) ?? { status: 404, sentence: noRemediation };
  } catch (error) {
    if (!(error instanceof UnreadableHistory)) throw error;
    return { status: 409, sentence: `The ${sayUnreadableHistory(error.why)}.` };
  }
}

function clock(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}

async function showOne(pullmedic: App, request: HttpRequest): Promise<Page | NoPage> {
  const found = await asked(pullmedic, request);
  if ('status' in found) return found;
  return {
    html: (shell) => remediationPage(found.remediation, found.entries, clock, shell),
    json: () => remediationJson(found),
    markdown: () => [{ kind: 'heading', text: found.remediation.target.appName }],
  };
}

async function listAll({ ports }: App, request: HttpRequest): Promise<HttpResponseInit> {
  const shown = await pageOfRemediations(ports, request.query.get('after') ?? undefined);
  return { headers: pageHeaders, jsonBody: remediationList(shown) };
}

function remediationList(shown: Awaited<ReturnType<typeof pageOfRemediations>>): object {
  const remediations = shown.remediations.map((view) => ({ ...view, sentences: sentencesOf(view) }));
  const unreadable = shown.unreadable.map((view) => ({ ...view, says: sayUnreadableHistory(view.why) }));
  return { ...shown, remediations, unreadable };
}

async function readOne(pullmedic: App, request: HttpRequest): Promise<HttpResponseInit> {
  const found = await asked(pullmedic, request);
  return 'status' in found
    ? { status: found.status, headers: pageHeaders, jsonBody: { error: found.sentence } }
    : { headers: pageHeaders, jsonBody: remediationJson(found) };
}

function remediationJson({
  remediation,
  entries: stored,
}: NonNullable<Awaited<ReturnType<typeof showRemediation>>>): object {
  const entries = stored.map(({ seq, atMs, entry }) => ({
    seq,
    atMs,
    says: sayEntry(entry),
    withheld: sayWithheld(entry),
    unreadable: sayUnread(entry),
    ...entry,
  }));
  return { remediation, entries };
}

async function listAllIncidents({ ports }: App): Promise<HttpResponseInit> {
  return { headers: pageHeaders, jsonBody: { incidents: await listIncidents(ports) } };
}

async function listDeadLetters({ upkeep }: App): Promise<HttpResponseInit> {
  return { headers: pageHeaders, jsonBody: { deadLetters: await listDead(upkeep) } };
}
