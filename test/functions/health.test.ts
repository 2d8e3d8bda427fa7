// Health for monitors: the status says whether pullmedic is well, the body says what is not.
import { describe, expect, it } from 'vitest';
import { registerHealth, registerUnusable } from '../../src/functions/health.ts';
import { doors, person } from './doors.ts';

describe('health', () => {
  it('answers 200 while pullmedic is well, and is never cached', async () => {
    const { send, options } = doors(registerHealth);

    expect(options('health')).toMatchObject({ authLevel: 'function', methods: ['GET'] });
    expect(await send('health')).toMatchObject({
      status: 200,
      jsonBody: { well: true, callerSignIn: 'on' },
      headers: { 'cache-control': 'no-store' },
    });
  });

  it('answers 503 if a dependency is down, and names it', async () => {
    const { send, upkeep } = doors(registerHealth);
    upkeep.states = { ...upkeep.states, signIn: 'down' };

    expect(await send('health')).toMatchObject({
      status: 503,
      jsonBody: { well: false, dependencies: { signIn: 'down' } },
    });
  });

  it('answers 503 if storage cannot be used, and says why', async () => {
    const { send } = doors(registerHealth, { storageTrouble: () => 'no-answer' });

    expect(await send('health')).toMatchObject({ status: 503, jsonBody: { storage: 'no-answer' } });
  });

  it.each([
    ['a reader', person(['Reader']), 200],
    ['an operator', person(['Operator']), 200],
    ['an action group', person(['ActionGroupsSecureWebhook']), 401],
    ['a caller who is not signed in', { 'x-functions-key': 'k' }, 401],
  ])('is shown without a key to %s, or is not', async (_, headers, status) => {
    const { send, options } = doors(registerHealth);

    expect(options('health-signed')).toMatchObject({ authLevel: 'anonymous', methods: ['GET'] });
    expect((await send('health-signed', { headers })).status).toBe(status);
  });

  it.each(['on-by-setting', 'off'] as const)('says whether callers are signed in: %s', async (state) => {
    const { send } = doors(registerHealth, { callers: { state } });

    expect(await send('health')).toMatchObject({ jsonBody: { callerSignIn: state } });
  });

  it('refuses a caller who is not signed in with the registration to sign in to, where it is known', async () => {
    const clientId = '0f0f0f0f-1111-4222-8333-444444444444';
    const named = doors(registerHealth, { callers: { state: 'on-by-setting', clientId } });

    expect(await named.send('health-signed')).toMatchObject({ status: 401, jsonBody: { clientId } });
    expect((await doors(registerHealth).send('health-signed')).jsonBody).toEqual({
      error: 'Sign in with the role Reader or Operator.',
    });
  });

  it('of an app with invalid settings answers 503 with every mistake', async () => {
    const problems = ['PULLMEDIC_SCOPES is missing', 'PULLMEDIC_MODE must be observe, approve or act'];
    const { send, options } = doors((pullmedic) => registerUnusable(problems, pullmedic));

    expect(options('health')).toMatchObject({ authLevel: 'function' });
    expect(await send('health')).toMatchObject({ status: 503, jsonBody: { well: false, settings: problems } });
  });
});
