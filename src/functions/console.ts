// HTTP: the pages of what happens and what happened, and the lists of the same as JSON.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { readBoard } from '../lib/console/board.ts';
import { surenessesIn } from '../lib/console/decision-sureness.ts';
import { type IncidentStory, readIncidentStory } from '../lib/console/incident-story.ts';
import { pageOfRemediations } from '../lib/console/lists.ts';
import { historyCsv, historyJson, historyMarkdown, historyPage } from '../lib/console/pages/history.ts';
import { incidentMarkdown, incidentPage } from '../lib/console/pages/incident.ts';
import { nowJson, nowMarkdown, nowPage } from '../lib/console/pages/now.ts';
import { remediationMarkdown, remediationPage } from '../lib/console/pages/remediation.ts';
import { searchResult } from '../lib/console/search-result.ts';
import { sentencesOf } from '../lib/console/sentences.ts';
import { readStory, type Story } from '../lib/console/story.ts';
import { withNamedPrincipal } from '../lib/console/view-words.ts';
import { pageOfIncidents } from '../lib/console/views.ts';
import { sayEntry, sayUnread, sayUnreadableHistory, sayWithheld } from '../lib/console/words.ts';
import { UnreadableHistory } from '../lib/history/ledger.ts';
import { listDead } from '../lib/intake/dead-letter.ts';
import { sentTo } from '../lib/telling/sent-to.ts';
import { parseArmId, subscriptionOf } from '../lib/words/arm-id.ts';
import type { App } from './app.ts';
import { noRemediation } from './body.ts';
import { type NoPage, type Page, registerPage, registerRead } from './pages.ts';
import { personOf } from './sign-in.ts';

export function registerConsole(pullmedic: App): void {
  registerPage(pullmedic, { name: 'now', route: 'now' }, showNow);
  registerPage(pullmedic, { name: 'history', route: 'history' }, showHistory);
  registerPage(pullmedic, { name: 'history-one', route: 'history/{id}' }, showOne);
  registerRead(pullmedic, { name: 'remediations', route: 'remediations' }, listAll);
  registerRead(pullmedic, { name: 'remediations-one', route: 'remediations/{id}' }, readOne);
  registerRead(pullmedic, { name: 'incidents', route: 'incidents' }, listAllIncidents);
  registerPage(pullmedic, { name: 'incidents-one', route: 'incidents/{id}' }, showIncident);
  registerRead(pullmedic, { name: 'dead-letters', route: 'dead-letters' }, listDeadLetters);
}

async function showNow({ ports, config, upkeep }: App, _request: HttpRequest, nowMs: number): Promise<Page> {
  const board = await readBoard(ports, upkeep, config.mode, Object.keys(config.settings.incidents.systems));
  return {
    html: (shell) => nowPage(board, shell),
    json: () => nowJson(board, nowMs),
    markdown: () => nowMarkdown(board, nowMs),
  };
}

async function showHistory(pullmedic: App, request: HttpRequest, nowMs: number): Promise<Page> {
  const result = await searchResult(pullmedic.ports, {
    text: request.query.get('q') ?? '',
    after: request.query.get('after') ?? undefined,
    nowMs,
    me: personOf(pullmedic, request)?.id,
  });
  return {
    html: (shell) => historyPage(result, shell),
    json: () => historyJson(result),
    written: { search: result.text },
    markdown: () => historyMarkdown(result),
    csv: () => historyCsv(result),
  };
}

/** The remediation of the request, or why there is no page of it. */
export async function storyAsked({ ports }: App, request: HttpRequest): Promise<Story | NoPage> {
  try {
    return (await readStory(ports, request.params['id'] ?? '')) ?? { status: 404, sentence: noRemediation };
  } catch (error) {
    if (!(error instanceof UnreadableHistory)) throw error;
    return { status: 409, sentence: `The ${sayUnreadableHistory(error.why)}.` };
  }
}

async function showOne(pullmedic: App, request: HttpRequest): Promise<Page | NoPage> {
  const story = await storyAsked(pullmedic, request);
  if ('status' in story) return story;
  const { cloud, settings } = pullmedic.config;
  const [subscription] = await subscriptionsOf(pullmedic, [story.remediation.target.appId]);
  const named = subscription?.name === undefined ? {} : { subscription: subscription.name };
  const place = { cloud, undo: settings.undo, ...named };
  return {
    html: (shell) => remediationPage(story, place, shell),
    json: () => remediationJson(story),
    markdown: () => remediationMarkdown(story),
  };
}

async function showIncident(pullmedic: App, request: HttpRequest): Promise<Page | NoPage> {
  const read = await readIncidentStory(pullmedic.ports, request.params['id'] ?? '');
  if (read === undefined) return { status: 404, sentence: 'There is no incident of this id that can be read.' };
  const story = { ...read, subscriptions: await subscriptionsOf(pullmedic, read.incident.apps) };
  return {
    html: (shell) => incidentPage(story, shell),
    json: () => story,
    markdown: () => incidentMarkdown(story),
  };
}

/** The subscriptions of these apps, by name where Azure says it: each one once. */
async function subscriptionsOf(
  { ports }: App,
  apps: readonly string[],
): Promise<NonNullable<IncidentStory['subscriptions']>> {
  const ids = new Set(apps.flatMap((app) => parseArmId(app) ?? []).map(subscriptionOf));
  return Promise.all(
    [...ids].map(async (id) => {
      const name = await ports.subscriptions.nameOf(id);
      return name === undefined ? { id } : { id, name };
    }),
  );
}

async function listAll({ ports }: App, request: HttpRequest): Promise<HttpResponseInit> {
  const shown = await pageOfRemediations(ports, request.query.get('after') ?? undefined);
  return { jsonBody: remediationList(shown) };
}

function remediationList(shown: Awaited<ReturnType<typeof pageOfRemediations>>): object {
  const remediations = shown.remediations.map((view) => ({ ...view, sentences: sentencesOf(view) }));
  const unreadable = shown.unreadable.map((view) => ({ ...view, says: sayUnreadableHistory(view.why) }));
  return { ...shown, remediations, unreadable };
}

async function readOne(pullmedic: App, request: HttpRequest): Promise<HttpResponseInit> {
  const found = await storyAsked(pullmedic, request);
  return 'status' in found
    ? { status: found.status, jsonBody: { error: found.sentence } }
    : { jsonBody: remediationJson(found) };
}

function remediationJson({ remediation, entries: stored }: Story): object {
  const of = remediation.target.appId;
  const sure = surenessesIn(stored);
  const entries = stored.map(({ seq, atMs, entry }) => ({
    seq,
    atMs,
    says: withNamedPrincipal(sayEntry(entry, of, sure.get(seq)), remediation),
    withheld: sayWithheld(entry, of),
    unreadable: sayUnread(entry),
    ...entry,
  }));
  return { remediation: { ...remediation, sentences: sentencesOf(remediation) }, entries };
}

async function listAllIncidents({ ports }: App, request: HttpRequest): Promise<HttpResponseInit> {
  const page = await pageOfIncidents(ports, request.query.get('after') ?? undefined);
  const incidents = await Promise.all(
    page.incidents.map(async (incident) =>
      incident.state === 'open' ? { ...incident, sentTo: await sentTo(ports, incident.id) } : incident,
    ),
  );
  return { jsonBody: { ...page, incidents } };
}

async function listDeadLetters({ upkeep }: App): Promise<HttpResponseInit> {
  return { jsonBody: { deadLetters: await listDead(upkeep) } };
}
