// HTTP: the page of measures, computed from a bounded number of rows and never from histories.
import type { HttpRequest } from '@azure/functions';
import { readMeasuredRows } from '../lib/console/measured-rows.ts';
import type { Measures, Period } from '../lib/console/measures.ts';
import { measuresOf, periods } from '../lib/console/measures.ts';
import { measuresMarkdown, measuresPage } from '../lib/console/pages/measures.ts';
import { markdown } from '../lib/incidents/markdown.ts';
import { valueOf } from '../lib/words/fact.ts';
import type { App } from './app.ts';
import { type Page, registerPage } from './pages.ts';

export function registerMeasures(pullmedic: App): void {
  registerPage(pullmedic, { name: 'measures', route: 'measures' }, showMeasures);
}

async function showMeasures(pullmedic: App, request: HttpRequest, nowMs: number): Promise<Page> {
  const measures = await readMeasures(pullmedic, periodIn(request), nowMs);
  const expectedMs = pullmedic.config.settings.expectedPropagationSeconds * 1000;
  return {
    html: (shell) => measuresPage(measures, expectedMs, shell),
    json: () => ({ ...measures, markdown: markdown(measuresMarkdown(measures)) }),
    markdown: () => measuresMarkdown(measures),
  };
}

async function readMeasures({ ports }: App, days: Period, nowMs: number): Promise<Measures> {
  const [rows, pulse] = await Promise.all([readMeasuredRows(ports), ports.pulse.read()]);
  const since = valueOf(pulse)?.sinceMs;
  return measuresOf(rows, { nowMs, days, ...(since === undefined ? {} : { awakeSinceMs: since }) });
}

/** Any other number of days is read as the one that the page shows by itself. */
function periodIn({ query }: HttpRequest): Period {
  const asked = Number(query.get('days'));
  return periods.find((days) => days === asked) ?? periods[0];
}
