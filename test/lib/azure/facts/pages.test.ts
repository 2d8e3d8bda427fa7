// Lists that come in several pages: the real clients follow the links of the simulated control plane to the end.
import { describe, expect, it } from 'vitest';
import { answerArm } from '../../../../local/azure/management/arm.ts';
import { readRevisions } from '../../../../src/lib/azure/facts/app-facts.ts';
import { listApps } from '../../../../src/lib/azure/facts/apps.ts';
import { parseArmId } from '../../../../src/lib/words/arm-id.ts';
import { minute, orders, type Small, small } from '../../../local/azure/worlds.ts';
import { target } from '../../facts.ts';
import { type ClientsOver, clientsOver } from '../clients-over.ts';

function over({ sim }: Small): ClientsOver {
  return clientsOver(({ method, path, query }) => answerArm(sim, { method, path, query, body: undefined }));
}

function idOf(text: string) {
  const id = parseArmId(text);
  if (id === undefined) throw new Error(text);
  return id;
}

describe('a list of several pages', () => {
  it('of apps is read to its end', async () => {
    const names = ['ca-orders', 'ca-billing', 'ca-third', 'ca-fourth', 'ca-fifth'];
    const world = small({ apps: names.map((name) => ({ ...orders, name })), pageSize: 2 });
    const { clients, asked } = over(world);

    const read = await listApps(clients, [idOf(`/subscriptions/${world.sim.world.subscription}`)]);

    expect(read.read && read.value.apps.map(({ id }) => id.split('/').at(-1))).toEqual(names);
    // Three pages of apps, and the empty lists of jobs and container groups.
    expect(asked.length).toBe(5);
  });

  it('of revisions is read to its end, where the active one is', async () => {
    const world = small({ apps: [orders], pageSize: 1 });
    for (const image of ['shop/orders:v2', 'shop/orders:v1']) {
      world.now({ do: 'deploy', app: 'ca-orders', image: `acrshop.azurecr.io/${image}` });
      world.time.advance(15 * minute);
    }
    const { clients, asked } = over(world);

    const read = await readRevisions(clients, { ...target, appId: idOf(world.app.id) });

    expect(world.app.revisions.length).toBe(2);
    expect(read.read && read.value.map(({ name }) => name)).toEqual(world.app.revisions.map(({ name }) => name));
    expect(read.read && read.value.at(-1)?.active).toBe(true);
    expect(asked.length).toBe(world.app.revisions.length);
  });
});
