import { describe, expect, it } from 'vitest';
import { registerSettings } from '../../src/functions/settings.ts';
import { doors, signedIn } from './doors.ts';

const headers = signedIn('Reader');

describe('the page of settings', () => {
  it('is refused without a sign-in', async () => {
    expect((await doors(registerSettings).send('settings')).status).toBe(401);
  });

  it('shows the settings in force, in each form', async () => {
    const { send } = doors(registerSettings);

    expect((await send('settings', { headers })).body).toContain('limits.grantsPerHour');
    expect((await send('settings', { headers, query: { as: 'md' } })).body).toMatch(/^### Settings in force/);
    const { groups } = (await send('settings', { headers, query: { as: 'json' } })).jsonBody as {
      groups: { settings: object[] }[];
    };
    expect(groups[0]?.settings[0]).toMatchObject({ name: 'mode', value: 'act' });
  });
});
