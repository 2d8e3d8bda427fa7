// Small worlds for tests: a registry, an identity and an app that pulls with it, on a clock that is moved by hand.
import type { z } from 'zod';
import { firstDenials } from '../../../local/azure/authorization/deny-assignments.ts';
import { firstAssignments } from '../../../local/azure/authorization/role-assignments.ts';
import { createSim } from '../../../local/azure/model/create.ts';
import type { Registry } from '../../../local/azure/model/registries.ts';
import { type ManualScheduler, manualScheduler } from '../../../local/azure/model/scheduler.ts';
import type { Sim } from '../../../local/azure/model/sim.ts';
import { worldSchema } from '../../../local/azure/world/world.ts';

export const startMs = Date.parse('2026-06-01T02:00:00Z');

export const minute = 60_000;

type WorldInput = z.input<typeof worldSchema>;

type RegistryInput = NonNullable<WorldInput['registries']>[number];

export interface Small {
  readonly sim: Sim;
  readonly time: ManualScheduler;
  readonly registry: Registry;
}

/** The environment's network beside a hub: security rules, a route table, a peering. */
export const besideHub = {
  environments: [{ name: 'cae-shop', vnet: 'vnet-shop' }],
  vnets: [
    {
      name: 'vnet-shop',
      peerings: ['vnet-hub'],
      subnets: [
        {
          name: 'snet-apps',
          nsg: [{ name: 'DenyVnet', priority: 300, access: 'Deny', destination: 'VirtualNetwork' }],
          routeToAppliance: 'allows',
        },
      ],
    },
    { name: 'vnet-hub' },
  ],
} satisfies Partial<WorldInput>;

/** `acrshop` with `shop/orders:v1` that `ca-orders` pulls with `id-orders`; the rest is as the test says. */
export function small(world: Partial<WorldInput> = {}, registry: Partial<RegistryInput> = {}): Small {
  const parsed = worldSchema.parse({
    environments: [{ name: 'cae-shop' }],
    registries: [{ name: 'acrshop', repositories: { 'shop/orders': ['v1', 'v2'] }, ...registry }],
    identities: [{ name: 'id-orders' }],
    apps: [
      {
        name: 'ca-orders',
        environment: 'cae-shop',
        pullIdentity: 'id-orders',
        containers: [{ image: 'acrshop.azurecr.io/shop/orders:v1' }],
      },
    ],
    ...world,
  });
  const time = manualScheduler(startMs);
  const sim = createSim(parsed, time, 1, 'test');
  sim.assignments = firstAssignments(sim);
  sim.denials = firstDenials(sim);
  const made = sim.registries.get('acrshop');
  if (made === undefined) throw new Error('no registry');
  return { sim, time, registry: made };
}
