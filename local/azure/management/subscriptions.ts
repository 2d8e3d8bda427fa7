// The subscription itself, with the members of the real answer (recorded: `GET /subscriptions/{id}`, 2022-12-01).
import { sameId } from '../model/ids.ts';
import type { Sim } from '../model/sim.ts';
import { type Answer, armError } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';

/** `GET /subscriptions/{id}`: the one subscription of the world. */
export function readSubscription(sim: Sim, { parts: [asked = ''] }: ArmRequest): Answer {
  const { subscription, tenant } = sim.world;
  if (!sameId(asked, subscription))
    return armError(404, 'SubscriptionNotFound', `The subscription '${asked}' could not be found.`);
  return {
    status: 200,
    body: {
      id: `/subscriptions/${subscription}`,
      authorizationSource: 'RoleBased',
      managedByTenants: [],
      tags: {},
      subscriptionId: subscription,
      tenantId: tenant,
      displayName: 'Shop production',
      state: 'Enabled',
      subscriptionPolicies: {
        locationPlacementId: 'Public_2014-09-01',
        quotaId: 'PayAsYouGo_2014-09-01',
        spendingLimit: 'Off',
      },
    },
  };
}
