// HTTP: the report of one remediation, as text that people copy into their own.
import type { HttpRequest } from '@azure/functions';
import { reportPage } from '../lib/console/pages/report.ts';
import { postMortem } from '../lib/console/post-mortem.ts';
import { markdown } from '../lib/incidents/markdown.ts';
import type { App } from './app.ts';
import { storyAsked } from './console.ts';
import { type NoPage, type Page, registerPage } from './pages.ts';

export function registerReports(pullmedic: App): void {
  registerPage(pullmedic, { name: 'history-report', route: 'history/{id}/report' }, showReport);
}

async function showReport(pullmedic: App, request: HttpRequest, nowMs: number): Promise<Page | NoPage> {
  const story = await storyAsked(pullmedic, request);
  if ('status' in story) return story;
  const parts = postMortem(story, nowMs);
  return {
    html: (shell) => reportPage(story.remediation, markdown(parts), shell),
    json: () => ({ markdown: markdown(parts) }),
    markdown: () => parts,
  };
}
