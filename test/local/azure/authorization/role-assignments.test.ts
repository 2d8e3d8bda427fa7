// Role assignments as Azure makes them, with the rights that pullmedic has.
import { describe, expect, it } from 'vitest';
import { roleIds } from '../../../../local/azure/model/assignments.ts';
import { at, orders, type Small, small } from '../worlds.ts';

const version = { 'api-version': '2022-04-01' };

/** Asks for a pull role for the shop's identity; without `principalType` where a test says so. */
function grant(world: Small, more: Record<string, unknown> = { principalType: 'ServicePrincipal' }) {
  const { sim, arm } = world;
  const path = `${sim.registries.get('acrshop')?.id ?? ''}/providers/Microsoft.Authorization/roleAssignments/00000000-0000-4000-8000-000000000001`;
  const roleDefinitionId = `/subscriptions/${sim.world.subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleIds['AcrPull'] ?? ''}`;
  const principalId = sim.identities.get('id-orders')?.principalId;
  return arm('PUT', path, version, { properties: { roleDefinitionId, principalId, ...more } });
}

describe('a role for an identity that was deleted', () => {
  it('is assigned and stays as an orphan: with principalType Azure does not look it up', () => {
    const world = small({ apps: [orders] });
    world.now({ do: 'delete-identity', identity: 'id-orders' });

    expect(grant(world).status).toBe(201);
    expect(world.sim.assignments.map(({ by }) => by)).toEqual(['pullmedic']);
  });
});

describe('a role without principalType', () => {
  it('is refused by the condition on the right to assign roles', () => {
    const world = small({ apps: [orders] });

    expect(grant(world, {}).status).toBe(403);
    expect(world.sim.assignments).toEqual([]);
  });
});

describe('an assignment', () => {
  it('says who made it and who changed it', () => {
    const world = small({ apps: [orders] });
    const { body } = grant(world);

    expect(at(body, 'properties', 'createdBy')).toBe(world.sim.self.principalId);
    expect(at(body, 'properties', 'updatedBy')).toBe(world.sim.self.principalId);
    expect(at(body, 'properties', 'delegatedManagedIdentityResourceId')).toBeNull();
  });
});
