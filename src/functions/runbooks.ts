// HTTP: the pages of runbooks, one for each cause.
import type { HttpRequest } from '@azure/functions';
import { readMeasuredRows } from '../lib/console/measured-rows.ts';
import { runbookMarkdown, runbookPage, runbooksMarkdown, runbooksPage } from '../lib/console/pages/runbooks.ts';
import { type RunbookList, runbookList } from '../lib/console/runbook-list.ts';
import type { App } from './app.ts';
import { type NoPage, type Page, registerPage } from './pages.ts';

export function registerRunbooks(pullmedic: App): void {
  registerPage(pullmedic, { name: 'runbooks', route: 'runbooks' }, showRunbooks);
  registerPage(pullmedic, { name: 'runbooks-one', route: 'runbooks/{id}' }, showRunbook);
}

async function showRunbooks(pullmedic: App): Promise<Page> {
  const list = await readRunbooks(pullmedic);
  return {
    html: (shell) => runbooksPage(list, shell),
    json: () => list,
    markdown: () => runbooksMarkdown(list),
  };
}

async function showRunbook(pullmedic: App, request: HttpRequest): Promise<Page | NoPage> {
  const list = await readRunbooks(pullmedic);
  const one = list.causes.find(({ cause }) => cause === request.params['id']);
  if (one === undefined) return { status: 404, sentence: 'There is no cause of this name.' };
  return {
    html: (shell) => runbookPage(list, one, shell),
    json: () => ({ mode: list.mode, ...one }),
    markdown: () => runbookMarkdown(list, one),
  };
}

async function readRunbooks({ ports, config }: App): Promise<RunbookList> {
  return runbookList(await readMeasuredRows(ports), config.mode, config.settings.incidents.runbooks);
}
