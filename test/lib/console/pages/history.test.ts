import { describe, expect, it } from 'vitest';
import { historyMarkdown, historyPage } from '../../../../src/lib/console/pages/history.ts';
import { viewRemediation } from '../../../../src/lib/console/views.ts';
import { markdown } from '../../../../src/lib/incidents/markdown.ts';
import type { RemediationId } from '../../../../src/lib/words/target.ts';
import { looked } from '../../console-entries.ts';
import { history, nowMs } from '../../facts.ts';

const shell = { nowMs, address: '/api/history' };
const remediations = history(looked).remediations.map((one) => viewRemediation(one));

describe('the page History', () => {
  it('lists remediations with a link to each, and to the older ones', () => {
    const next = `t${'0'.repeat(24)}.1` as RemediationId;
    const page = historyPage({ remediations, unreadable: [], skipped: 0, next }, shell);

    expect(page).toContain(`/api/history/${remediations[0]?.id}`);
    expect(page).toContain(`/api/history?after=${next}`);
  });

  it('says that nothing failed yet', () => {
    expect(historyPage({ remediations: [], unreadable: [], skipped: 0 }, shell)).toContain('Nothing has failed yet.');
  });

  it('says how many rows cannot be read, where there are any', () => {
    expect(historyPage({ remediations, unreadable: [], skipped: 2 }, shell)).toContain(
      '2 rows of this page cannot be read',
    );
    expect(historyPage({ remediations, unreadable: [], skipped: 0 }, shell)).not.toContain('cannot be read');
  });

  it('is there as Markdown', () => {
    expect(markdown(historyMarkdown({ remediations, unreadable: [], skipped: 0 }))).toContain('1 remediation');
  });
});
