import { describe, expect, it } from 'vitest';
import { small } from '../worlds.ts';

describe('the subscription of the world', () => {
  it('has a name and its tenant, and there is no other one', () => {
    const { arm, sim } = small();
    const { subscription, tenant } = sim.world;
    const read = arm('GET', `/subscriptions/${subscription}`, { 'api-version': '2022-12-01' });

    expect(read).toMatchObject({ status: 200, body: { displayName: 'Shop production', tenantId: tenant } });
    expect(arm('GET', `/subscriptions/${tenant}`, { 'api-version': '2022-12-01' }).status).toBe(404);
  });
});
