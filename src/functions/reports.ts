// HTTP: the report of one remediation, as text that people copy into their own.
import type { HttpRequest } from '@azure/functions';
import { reportPage } from '../lib/console/pages/report.ts';
import { postMortem } from '../lib/console/post-mortem.ts';
import { readStory } from '../lib/console/story.ts';
import { sayUnreadableHistory } from '../lib/console/words.ts';
import { UnreadableHistory } from '../lib/history/ledger.ts';
import { markdown } from '../lib/incidents/markdown.ts';
import type { App } from './app.ts';
import { noRemediation } from './body.ts';
import { type NoPage, type Page, registerPage } from './pages.ts';

export function registerReports(pullmedic: App): void {
  registerPage(pullmedic, { name: 'history-report', route: 'history/{id}/report' }, showReport);
}

async function showReport({ ports }: App, request: HttpRequest, nowMs: number): Promise<Page | NoPage> {
  try {
    const story = await readStory(ports, request.params['id'] ?? '');
    if (story === undefined) return { status: 404, sentence: noRemediation };
    const parts = postMortem(story, nowMs);
    return {
      html: (shell) => reportPage(story.remediation, markdown(parts), shell),
      json: () => ({ markdown: markdown(parts) }),
      markdown: () => parts,
    };
  } catch (error) {
    if (!(error instanceof UnreadableHistory)) throw error;
    return { status: 409, sentence: `The ${sayUnreadableHistory(error.why)}.` };
  }
}
