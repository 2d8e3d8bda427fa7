import { describe, expect, it } from 'vitest';
import { reportPage } from '../../../../src/lib/console/pages/report.ts';
import { viewRemediation } from '../../../../src/lib/console/views.ts';
import { history, nowMs } from '../../facts.ts';

describe('the page of a report', () => {
  it('shows the text as text, and how to get it at the terminal', () => {
    const [remediation] = history().remediations;
    if (remediation === undefined) throw new Error('There is no remediation.');
    const text = reportPage(viewRemediation(remediation), '### <b>x</b>', { nowMs, address: '/' });

    expect(text).toContain('<code>### &lt;b&gt;x&lt;/b&gt;</code>');
    expect(text).toContain(`pullmedic report ${remediation.id}`);
    expect(text).toContain(`href="/api/history/${remediation.id}"`);
  });
});
