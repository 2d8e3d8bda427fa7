// Azure says "too many requests": it is waited for as asked, but never long; what stays unanswered is unreadable, never "no".

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { happen } from '../../../../local/azure/happenings/happenings.ts';
import { identityTokens } from '../../../../local/azure/identity/endpoint.ts';
import { manualScheduler } from '../../../../local/azure/model/scheduler.ts';
import { simulateAzure } from '../../../../local/azure/simulation.ts';
import { eventSchema } from '../../../../local/azure/world/events.ts';
import { identityIn, transportTo } from '../../../../local/engine/transport.ts';
import { connectWith } from '../../../../src/lib/azure/clients/clients.ts';
import { probesOf } from '../../../../src/lib/azure/facts/evidence.ts';
import { smallLook } from '../../../../src/lib/evidence/reads.ts';
import { parseArmId } from '../../../../src/lib/words/arm-id.ts';
import { addressesOf } from '../../../../src/lib/words/cloud.ts';
import { targetOf } from '../../../../src/lib/words/target.ts';
import { small } from '../registry-worlds.ts';

const { world } = small().sim;
const app = `/subscriptions/${world.subscription}/resourceGroups/rg-apps/providers/Microsoft.App/containerApps/ca-orders`;

beforeAll(() => void vi.useFakeTimers());
afterAll(() => void vi.useRealTimers());

/** What the probe of the app reads in an Azure that asks to be left alone for an hour, and how long that took; budget in requests. */
async function read(budget: number): Promise<{ answer: unknown; tookMs: number }> {
  const azure = simulateAzure(
    { world, events: [], speed: 1, seed: 'throttled' },
    manualScheduler(Date.now()),
    (...token) => tokens.accepts(...token),
  );
  const tokens = identityTokens(azure.sim.self.clientId);
  azure.begin();
  const throttle = { at: '0s', do: 'throttle', service: 'management', for: '2h', retryAfter: 3600 };
  happen(azure.sim, eventSchema.parse(throttle));
  const transport = transportTo(azure, () => undefined);
  const clients = connectWith(identityIn(azure, tokens), addressesOf('public'), undefined, transport);
  const id = parseArmId(app);
  if (id === undefined) throw new Error(app);
  const target = targetOf(id, 'acrshop.azurecr.io/shop/orders:v1');
  let left = budget;
  const maySend = (): boolean => {
    left -= 1;
    return left >= 0;
  };
  const beganMs = Date.now();
  let tookMs = Number.NaN;
  const readProbe = probesOf({ clients, subscriptions: [] });
  const reading = readProbe('app', target, { atMs: 0 }, 0, { ...smallLook(), maySend }).finally(() => {
    tookMs = Date.now() - beganMs;
  });
  // Where nothing is due yet, because a file is still being read, the clock stands still.
  while (Number.isNaN(tookMs)) await vi.runAllTimersAsync();
  return { answer: await reading, tookMs };
}

describe('a probe that is throttled', () => {
  it('tries twice more, does not wait for as long as it is told, and is unreadable', async () => {
    const { answer, tookMs } = await read(40);

    expect(answer).toEqual({ facts: { app: { read: false, why: 'throttled' } }, calls: 3 });
    expect(tookMs).toBeGreaterThan(0);
    expect(tookMs).toBeLessThan(60_000);
  });

  it('sends nothing beyond the budget of the look, retries included', async () => {
    const { answer } = await read(2);
    expect(answer).toEqual({ facts: { app: { read: false, why: 'look-cap-reached' } }, calls: 2 });

    const none = await read(0);
    expect(none.answer).toEqual({ facts: { app: { read: false, why: 'look-cap-reached' } }, calls: 0 });
  });
});
