// `pullmedic history TERMS`: the search of the page History, refused where a term is bad.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../../src/cli/classify-command.ts';
import { searchHistory } from '../../src/cli/search-command.ts';
import { appWith, keepPrinted } from './app-answers.ts';

afterEach(() => vi.restoreAllMocks());

const path = 'history?as=json&q=app%3Aorders%20state%3Aopen';
const terms = ['app:orders', 'state:open'];
const row = {
  remediation: `t${'0'.repeat(24)}.1`,
  appId: '/subscriptions/s/resourceGroups/g/providers/Microsoft.App/containerApps/ca-orders',
  closed: false,
  needsPerson: true,
  asks: true,
  updatedAtMs: 0,
};
const facts = { appName: 'ca-orders', state: 'waiting', causes: ['pull-role-missing'], sure: 'confirmed' };
const none = { problems: [], rows: [], skipped: 0 };

async function search(answer: object, json = false): Promise<string> {
  const printed = keepPrinted();
  await searchHistory(appWith({ [path]: { ...none, ...answer } }), terms, json);
  return printed();
}

describe('history with terms', () => {
  it('prints a line for each remediation that was found', async () => {
    expect(await search({ rows: [{ ...row, facts }] })).toBe(
      `1970-01-01 00:00:00  ${row.remediation}  waiting  ca-orders  pull-role-missing (confirmed)\n`,
    );
  });

  it('says what is known of a row of an older version, and of one whose history cannot be read', async () => {
    expect(await search({ rows: [row] })).toContain('needs-approval  ca-orders  an older version wrote this row');
    expect(await search({ rows: [{ ...row, unreadable: 'too-new' }] })).toContain('cannot be read: too-new');
  });

  it('says by how much the list may be short', async () => {
    expect(await search({})).toBe('Nothing was found.\n');
    expect(await search({ skipped: 2 })).toContain('and may match: 2.');
    expect(await search({ next: 'k' })).not.toContain('Nothing was found.');
    expect(await search({ next: 'k' })).toContain('There are more');
  });

  it.each([false, true])(
    'prints nothing where a term is bad, but the sentence of the app (--json: %s)',
    async (json) => {
      const printed = keepPrinted();
      const answer = { ...none, problems: ['state: takes \u001b[1mopen'], rows: [row] };

      const asked = searchHistory(appWith({ [path]: answer }), terms, json);
      await expect(asked).rejects.toThrow(UsageError);
      await expect(asked).rejects.toThrow('state: takes  [1mopen');
      expect(printed()).toBe('');
    },
  );

  it('prints for programs what the app answered', async () => {
    expect(JSON.parse(await search({ rows: [row] }, true))).toEqual({ ...none, rows: [row] });
  });
});
