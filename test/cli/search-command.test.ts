// `pullmedic history`: the search of the page History, page by page, refused where a term is bad.
import { describe, expect, it } from 'vitest';
import { appAnswering, type Ran } from './ran.ts';

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

async function ran(answer: object, ...args: string[]): Promise<Ran> {
  return (await appAnswering({ [path]: { ...none, ...answer } })).ran(['history', ...terms, ...args]);
}

async function search(answer: object): Promise<string> {
  return (await ran(answer)).out;
}

describe('history', () => {
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
  });

  it('names the command for the next page, which a shell reads as it is meant', async () => {
    const said = await search({ next: "k'1 $x" });
    expect(said).toContain("There are more: pullmedic history app:orders state:open --after 'k'\\''1 $x'");

    const app = await appAnswering({ [`${path}&after=k%271%20%24x`]: { ...none, rows: [row] } });
    expect((await app.ran(['history', ...terms, '--after', "k'1 $x"])).out).toContain(row.remediation);
  });

  it('without terms lists everything', async () => {
    const app = await appAnswering({ 'history?as=json&q=': { ...none, rows: [row] } });
    expect((await app.ran(['history'])).out).toContain(row.remediation);
  });

  it.each([[[]], [['--json']], [['--watch']]])(
    'prints nothing where a term is bad, but the sentence of the app (%j)',
    async (args) => {
      const { code, out, error } = await ran({ problems: ['state: takes \u001b[1mopen'], rows: [row] }, ...args);

      expect([code, out]).toEqual([2, '']);
      expect(error).toContain('state: takes  [1mopen');
    },
  );

  it('prints for programs what the app answered', async () => {
    expect(JSON.parse((await ran({ rows: [row] }, '--json')).out)).toEqual({ ...none, rows: [row] });
  });

  it('is watched until nothing that is listed goes on', async () => {
    const { code, out } = await ran({ rows: [{ ...row, closed: true }] }, '--watch');

    expect(code).toBe(0);
    expect(out).toContain(row.remediation);
    expect(await ran({ rows: [row] }, '--watch', '--json')).toMatchObject({ code: 2, out: '' });
  });
});
