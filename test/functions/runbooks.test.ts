import { describe, expect, it } from 'vitest';
import { registerRunbooks } from '../../src/functions/runbooks.ts';
import { doors, signedIn } from './doors.ts';

const headers = signedIn('Reader');

describe('the pages of runbooks', () => {
  it.each(['runbooks', 'runbooks-one'])('are refused without a sign-in: %s', async (name) => {
    expect((await doors(registerRunbooks).send(name, { id: 'custom-dns' })).status).toBe(401);
  });

  it('are one for all causes and one for each', async () => {
    const { send } = doors(registerRunbooks);

    expect((await send('runbooks', { headers })).body).toContain('/api/runbooks/custom-dns');
    expect((await send('runbooks', { headers, query: { as: 'json' } })).jsonBody).toMatchObject({ mode: 'act' });
    expect((await send('runbooks-one', { id: 'custom-dns', headers })).body).toContain('VNET_ID');
    expect((await send('runbooks-one', { id: 'custom-dns', headers, query: { as: 'json' } })).jsonBody).toMatchObject({
      cause: 'custom-dns',
    });
    for (const name of ['runbooks', 'runbooks-one'])
      expect((await send(name, { id: 'custom-dns', headers, query: { as: 'md' } })).body).toMatch(/^### /);
  });

  it('of no cause is not there', async () => {
    const { send } = doors(registerRunbooks);

    for (const id of ['', 'constructor', 'nothing'])
      expect(await send('runbooks-one', { id, headers })).toMatchObject({ status: 404 });
  });
});
