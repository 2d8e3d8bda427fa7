// The page of the report of one remediation: text to copy.

import { html } from '../html.ts';
import { layout, type Shell } from '../layout.ts';
import type { RemediationView } from '../views.ts';

export function reportPage({ id, target }: RemediationView, markdown: string, shell: Shell): string {
  return layout(
    `Report of ${target.appName}`,
    'history',
    html`<p><a href="/api/history/${id}">The remediation</a></p><h1>Report of ${target.appName}</h1>
<p class="meta">Markdown to copy into your own report. The same at the terminal: <code>pullmedic report ${id}</code></p>
<pre tabindex="0" role="group" aria-label="The report"><code>${markdown}</code></pre>`,
    shell,
  );
}
