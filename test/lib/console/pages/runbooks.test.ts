import { describe, expect, it } from 'vitest';
import { causes } from '../../../../src/lib/causes/causes.ts';
import {
  runbookMarkdown,
  runbookPage,
  runbooksMarkdown,
  runbooksPage,
} from '../../../../src/lib/console/pages/runbooks.ts';
import { type CauseInForce, type RunbookList, runbookList } from '../../../../src/lib/console/runbook-list.ts';
import { markdown } from '../../../../src/lib/incidents/markdown.ts';
import { nowMs } from '../../facts.ts';
import { figures } from '../../figures.ts';

const shell = { nowMs, address: '/api/runbooks' };
const seen = { figures: [figures({ causes: ['tag-missing'] })], skipped: 0, wholeSinceMs: 0 };
const list: RunbookList = runbookList(seen, 'approve', 'https://docs.example/runbooks');

function inForce(cause: string): CauseInForce {
  const one = list.causes.find((other) => other.cause === cause);
  if (one === undefined) throw new Error(`${cause} is not in the list`);
  return one;
}

describe('the page of runbooks', () => {
  const text = runbooksPage(list, shell);

  it('has each cause at an address of its own, which measures lead to', () => {
    for (const cause of causes) {
      expect(text).toContain(`id="${cause}"`);
      expect(text).toContain(`href="/api/runbooks/${cause}"`);
    }
  });

  it('says the mode, and what happened last', () => {
    expect(text).toContain('The mode is <strong>approve</strong>');
    expect(text).toMatch(
      /<a href="\/api\/history\?q=cause%3Atag-missing">Seen 1 time<\/a>, last <time [^>]*>now<\/time>: <a href="\/api\/history\/t0+\.1">ca-orders<\/a>/,
    );
    expect(text).toContain('Counted: all 1 remediation.');
  });

  it('says how far back it counted', () => {
    const longer = runbooksPage({ ...list, wholeSinceMs: nowMs }, shell);

    expect(longer).toContain('1 remediation, which are all that go on or ended since 2026-06-01 02:00:00 UTC.');
  });
});

describe('the page of one runbook', () => {
  it('has its commands with placeholders, how to verify and how to undo', () => {
    const text = runbookPage(list, inForce('pull-role-missing'), shell);

    expect(text).toContain('az role assignment create --assignee-object-id PRINCIPAL_ID');
    expect(text).toContain('Verify:');
    expect(text).toContain('Undo of these commands:');
    expect(text).toContain('href="https://docs.example/runbooks/pull-role-missing.md"');
    expect(text).toContain('None of them had this cause.');
  });

  it('names where it happened last, and says where there is no command', () => {
    expect(runbookPage(list, inForce('tag-missing'), shell)).toContain('ca-orders');
    expect(runbookPage(list, inForce('platform-fault'), shell)).toContain('There is no command against this cause.');
  });
});

describe('the runbooks as Markdown', () => {
  it('have a line for each cause, and the commands on the page of one', () => {
    const all = markdown(runbooksMarkdown(list)).replaceAll('\\', '');
    expect(all).toContain(
      '- tag-missing: the image is not in the registry. Opens an incident with the commands. For the app team. Seen 1 time, last at',
    );
    expect(all).toContain(
      'platform-fault: an image of the platform itself cannot be pulled. Opens an incident with the commands. For Microsoft. Not seen.',
    );

    const one = markdown(runbookMarkdown(list, inForce('pull-role-missing')));
    expect(one).toContain('```sh\naz role assignment create');
    expect(one).toContain('```bicep\nresource registry');
  });
});
