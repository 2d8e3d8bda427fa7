// The command `report`: what it asks of the app, and what it prints.
import { describe, expect, it } from 'vitest';
import { appAnswering } from './ran.ts';

const id = `t${'0'.repeat(24)}.1`;
const ofRemediation = `history/${id}/report?as=json`;
const ofWeek = 'measures?as=json&days=7';

describe('report', () => {
  it.each([
    [[id], ofRemediation],
    [['--since', '30d'], 'measures?as=json&days=30'],
    [['--since', '90d'], 'measures?as=json&days=90'],
  ])('of %j asks the app for its text and prints it', async (args, path) => {
    const app = await appAnswering({ [path]: { markdown: '### A report\n\n- one' } });

    expect(await app.ran(['report', ...args])).toMatchObject({ code: 0, out: '### A report\n\n- one\n' });
  });

  it.each([
    [[]],
    [[id, '--since', '30d']],
    [[id, id]],
    [['--since', '31d']],
    [['--since', '']],
    [['../x']],
    [['t0.1']],
  ])('asks nothing with %j', async (args) => {
    const app = await appAnswering({});
    const { code, error } = await app.ran(['report', ...args]);

    expect([code, app.asked]).toEqual([2, []]);
    expect(error).toContain('takes');
  });

  it('of a remediation by the name of its app asks for the report of that one', async () => {
    const found = {
      problems: [],
      rows: [{ remediation: id, appId: '/x/ca-orders', closed: true, needsPerson: false, updatedAtMs: 0 }],
      skipped: 0,
    };
    const app = await appAnswering({
      'history?as=json&q=app%3Aca-orders': found,
      [ofRemediation]: { markdown: 'one' },
    });

    expect((await app.ran(['report', 'ca-orders'])).out).toBe('one\n');
  });

  it('prints what the app answered with --json', async () => {
    const answer = { markdown: 'x', opened: 3 };
    const app = await appAnswering({ [ofWeek]: answer });

    expect(JSON.parse((await app.ran(['report', '--since', '7d', '--json'])).out)).toEqual(answer);
  });

  it('prints no character that a terminal obeys, and keeps lines', async () => {
    const app = await appAnswering({ [ofRemediation]: { markdown: 'a\u001b[2J\nb\u202ec\u2060' } });

    expect((await app.ran(['report', id])).out).toBe('a [2J\nb c\u2060\n');
  });

  it('says that the app may be of another version where it answers something else', async () => {
    const app = await appAnswering({ [ofWeek]: { opened: 3 } });
    const { code, error } = await app.ran(['report', '--since', '7d']);

    expect(code).toBe(1);
    expect(error).toContain('another version');
  });
});
