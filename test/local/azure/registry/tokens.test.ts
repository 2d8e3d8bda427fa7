// Tokens of a registry on the wire: what the real SDK reads of the simulated Azure, and what they let an app do there.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pullOutcome } from '../../../../local/azure/apps/pulls.ts';
import { happen } from '../../../../local/azure/happenings/happenings.ts';
import { eventSchema } from '../../../../local/azure/world/events.ts';
import { type StartedAzure, source, startAzure } from '../../started-azure.ts';
import { minute, small, startMs } from '../registry-worlds.ts';

const image = 'acrshop.azurecr.io/shop/orders:v1';

const world = {
  apps: [
    {
      name: 'ca-orders',
      environment: 'cae-shop',
      registries: [{ server: 'acrshop.azurecr.io', username: 'Shop-Pull', passwordSecretRef: 'acr-token' }],
      secrets: [{ name: 'acr-token' }],
      containers: [{ image }],
    },
  ],
};

const registry = {
  tokens: [
    { name: 'shop-pull', passwords: [{ name: 'password1' as const, expires: '5m' }, { name: 'password2' as const }] },
    { name: 'shop-off', enabled: false },
  ],
};

describe('a pull with a token', () => {
  function shop() {
    const { sim, time, registry: made } = small(world, registry);
    const app = sim.apps.get('ca-orders');
    if (app === undefined) throw new Error('no app');
    const pulls = () => pullOutcome(sim, app, { name: 'app', image, init: false }).ok;
    const now = (event: Record<string, unknown>) => happen(sim, eventSchema.parse({ at: '0s', ...event }));
    return { time, registry: made, pulls, now };
  }

  it('works until the password of the secret ends, and again with the other password', () => {
    const { time, pulls, now } = shop();
    expect(pulls()).toBe(true);
    time.advance(5 * minute);
    expect(pulls()).toBe(false);
    now({ do: 'configure-app', app: 'ca-orders', secrets: [{ name: 'acr-token', password: 'password2' }] });
    expect(pulls()).toBe(true);
  });

  it('works only while the token is enabled', () => {
    const { pulls, now } = shop();
    now({ do: 'set-token', registry: 'acrshop', token: 'shop-pull', enabled: false });
    expect(pulls()).toBe(false);
    now({ do: 'set-token', registry: 'acrshop', token: 'shop-pull', enabled: true, passwords: [] });
    expect(pulls()).toBe(false);
  });
});

describe('the probe of a token', () => {
  let started: StartedAzure;
  const parsed = small(world, registry).sim.world;

  beforeAll(async () => {
    started = await startAzure(parsed, 'tokens');
  });

  afterAll(() => started.stop());

  /** What the SDK reads for these user names, over the wire. */
  async function read(usernames: readonly string[]): Promise<unknown> {
    const code = `
      const { connect } = await import('${source('azure/clients/clients.ts')}');
      const { probesOf } = await import('${source('azure/facts/evidence.ts')}');
      const { known } = await import('${source('words/fact.ts')}');
      const { targetOf } = await import('${source('words/target.ts')}');
      const { parseArmId } = await import('${source('words/arm-id.ts')}');
      const clients = connect(process.env.AZURE_CLIENT_ID, 'public');
      const readProbe = probesOf({ clients, subscriptions: [] });
      const target = targetOf(parseArmId('/subscriptions/${parsed.subscription}/resourceGroups/rg-apps/providers/Microsoft.App/containerApps/ca-orders'), '${image}');
      const id = parseArmId('/subscriptions/${parsed.subscription}/resourceGroups/rg-registry/providers/Microsoft.ContainerRegistry/registries/acrshop');
      const answers = [];
      for (const username of ${JSON.stringify(usernames)}) {
        const app = { registries: [{ server: 'acrshop.azurecr.io', username, secret: 'acr-token' }] };
        const evidence = { atMs: 0, app: known(app), registry: known({ id, loginServer: 'acrshop.azurecr.io' }) };
        answers.push(await readProbe('token', target, evidence, 0));
      }
      console.log(JSON.stringify(answers));`;
    return await started.runs(code);
  }

  it('reads status and ends of passwords, and that there is none, each with one call', async () => {
    const fact = (value: unknown) => ({ facts: { token: { read: true, value } }, calls: 1 });
    const passwords = [{ name: 'password1', expiresAtMs: startMs + 5 * minute }, { name: 'password2' }];

    expect(await read(['Shop-Pull', 'shop-off', 'shop-gone', 'acrshop'])).toEqual([
      fact({ enabled: true, passwords }),
      fact({ enabled: false, passwords: [] }),
      fact('none'),
      { facts: { token: { read: false, why: 'not-asked' } }, calls: 0 },
    ]);
  });
});
