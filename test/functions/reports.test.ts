import { describe, expect, it } from 'vitest';
import { registerReports } from '../../src/functions/reports.ts';
import { signal } from '../lib/facts.ts';
import { appSignal, spoil } from '../lib/spoiled-histories.ts';
import { doors, signedIn } from './doors.ts';

const headers = signedIn('Reader');

describe('the report of a remediation', () => {
  it('is refused without a sign-in', async () => {
    expect((await doors(registerReports).send('history-report', { id: 'x' })).status).toBe(401);
  });

  it('is the same text in each form', async () => {
    const { send, running } = doors(registerReports);
    await running.deliver(signal);
    const id = [...running.rows.keys()][0] ?? '';

    expect((await send('history-report', { id, headers })).body).toContain('### ca-orders');
    expect((await send('history-report', { id, headers, query: { as: 'md' } })).body).toMatch(/^### ca/);
    expect((await send('history-report', { id, headers, query: { as: 'json' } })).jsonBody).toMatchObject({
      markdown: expect.stringContaining('What happened') as string,
    });
  });

  it('of no remediation is not there, and of one that cannot be read says why', async () => {
    const { send, running } = doors(registerReports);
    await running.deliver(appSignal('ca-0'));
    const [bad] = [...running.rows.values()];
    if (bad === undefined) throw new Error('There is no remediation.');
    await spoil(running, bad.targetId, 'newer-version');

    expect(await send('history-report', { id: '<script>', headers })).toMatchObject({ status: 404 });
    expect(await send('history-report', { id: bad.remediation, headers })).toMatchObject({
      status: 409,
      body: 'The history cannot be read: written by a newer version.',
    });
  });
});
