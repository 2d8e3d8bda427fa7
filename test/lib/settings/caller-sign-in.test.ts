// Who says that callers are signed in: the platform, or else the template; the platform's no outweighs the template.
import { describe, expect, it } from 'vitest';
import { callerSignIn } from '../../../src/lib/settings/caller-sign-in.ts';

const clientId = '0f0f0f0f-1111-4222-8333-444444444444';

describe('callers are signed in', () => {
  it.each([
    ['where the platform says so', { WEBSITE_AUTH_ENABLED: 'True' }, { state: 'on' }],
    ['where the template says so and the platform nothing', { PULLMEDIC_SIGN_IN: clientId }, 'on-by-setting'],
    ['where both say so', { WEBSITE_AUTH_ENABLED: 'true', PULLMEDIC_SIGN_IN: clientId.toUpperCase() }, 'on'],
    ['not where neither says so', {}, { state: 'off' }],
    ['not where the template says nothing', { PULLMEDIC_SIGN_IN: ' ' }, { state: 'off' }],
    ['not where the platform says no', { WEBSITE_AUTH_ENABLED: 'False', PULLMEDIC_SIGN_IN: clientId }, 'off'],
    [
      'not where the platform says what is not known',
      { WEBSITE_AUTH_ENABLED: '1', PULLMEDIC_SIGN_IN: clientId },
      'off',
    ],
  ])('%s', (_, env, expected) => {
    expect(callerSignIn(env)).toEqual(typeof expected === 'string' ? { state: expected, clientId } : expected);
  });

  it.each(['true', 'pullmedic', `${clientId}0`, `api://${clientId}`])(
    'and a setting that is no id is refused: %s',
    (text) => {
      expect(callerSignIn({ PULLMEDIC_SIGN_IN: text })).toBeUndefined();
    },
  );
});
