import { describe, expect, it } from 'vitest';
import { registerSettings } from '../../src/functions/settings.ts';
import { doors, signedIn } from './doors.ts';

const headers = signedIn('Reader');

describe('the page of settings', () => {
  it('is refused without a sign-in', async () => {
    expect((await doors(registerSettings).send('settings')).status).toBe(401);
  });

  it('names a subscription, and has the whole id in its JSON', async () => {
    const { send, running } = doors(registerSettings);
    running.world.subscriptionNames.set('5f0c1d2e-0000-4000-8000-000000000001', 'Shop production');

    expect((await send('settings', { headers })).body).toContain('<strong>Shop production</strong>');
    const { jsonBody } = await send('settings', { headers, query: { as: 'json' } });
    expect(JSON.stringify(jsonBody)).toContain('/subscriptions/5f0c1d2e-0000-4000-8000-000000000001');
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
