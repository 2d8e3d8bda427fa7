// Container Apps as the control plane shows them.
import { describe, expect, it } from 'vitest';
import { at, list, minute, orders, small } from './worlds.ts';

const billing = { ...orders, name: 'ca-billing', group: 'rg-billing' };

describe('a list of apps', () => {
  const world = { apps: [orders, billing, { ...orders, name: 'ca-planned', deployed: 'later' }] };

  it('holds the apps of a resource group, each as a read of it alone shows it', () => {
    const { sim, arm } = small(world);
    const group = `/subscriptions/${sim.world.subscription}/resourceGroups/rg-billing/providers/Microsoft.App/containerApps`;

    const listed = arm('GET', group);

    expect(listed.body).toEqual({ value: [arm('GET', `${group}/ca-billing`).body] });
  });

  it('holds those of every group of a subscription, but none that nobody has written', () => {
    const { sim, arm } = small(world);

    const listed = arm('GET', `/subscriptions/${sim.world.subscription}/providers/Microsoft.App/containerApps`);

    expect(list(listed.body, 'value').map((app) => at(app, 'name'))).toEqual(['ca-orders', 'ca-billing']);
    expect(listed.body).not.toHaveProperty('nextLink');
  });

  it('is empty for a group without apps and an error for a group or a subscription that is not there', () => {
    const { sim, arm } = small(world);
    const of = (scope: string) => arm('GET', `/subscriptions/${scope}/providers/Microsoft.App/containerApps`);

    expect(of(`${sim.world.subscription}/resourceGroups/rg-registry`)).toEqual({ status: 200, body: { value: [] } });
    expect(at(of(`${sim.world.subscription}/resourceGroups/rg-none`).body, 'error', 'code')).toBe(
      'ResourceGroupNotFound',
    );
    expect(at(of('00000000-0000-4000-8000-00000000dead').body, 'error', 'code')).toBe('SubscriptionNotFound');
  });
});

describe('an app that is deployed later', () => {
  it('is there from its first write on, with its own identity', () => {
    const { app, arm, now, time } = small({ apps: [{ ...orders, pullIdentity: 'system', deployed: 'later' }] });

    expect(arm('GET', app.id).status).toBe(404);
    now({ do: 'deploy', app: 'ca-orders' });
    time.advance(minute);

    expect(at(arm('GET', app.id).body, 'identity', 'principalId')).toBe(app.systemPrincipalId);
  });
});
