// Azure says "too many requests": it is waited for as asked, but never long; what stays unanswered is unreadable, never "no".

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { happen } from '../../../../local/azure/happenings/happenings.ts';
import { eventSchema } from '../../../../local/azure/world/events.ts';
import { type StartedAzure, source, startAzure } from '../../started-azure.ts';
import { small } from '../registry-worlds.ts';

const { world } = small().sim;

let started: StartedAzure;

let azure: StartedAzure['azure'];

beforeAll(async () => {
  started = await startAzure(world, 'throttled');
  azure = started.azure;
  // An hour: who waited for that would still be waiting when the test is over.
  const throttle = { at: '0s', do: 'throttle', service: 'management', for: '2h', retryAfter: 3600 };
  happen(azure.sim, eventSchema.parse(throttle));
});

afterAll(() => started.stop());

/** What the probe of the app reads, with so many requests left in the look's budget. */
async function read(left: number): Promise<unknown> {
  const code = `
    const { connect } = await import('${source('azure/clients/clients.ts')}');
    const { readProbe } = await import('${source('azure/facts/evidence.ts')}');
    const { targetOf } = await import('${source('words/target.ts')}');
    const { parseArmId } = await import('${source('words/arm-id.ts')}');
    const clients = connect(process.env.AZURE_CLIENT_ID, 'public');
    const app = '/subscriptions/${world.subscription}/resourceGroups/rg-apps/providers/Microsoft.App/containerApps/ca-orders';
    const target = targetOf(parseArmId(app), 'acrshop.azurecr.io/shop/orders:v1');
    let left = ${left};
    const maySend = () => { left -= 1; return left >= 0; };
    console.log(JSON.stringify(await readProbe(clients, [], 'app', target, { atMs: 0 }, 0, maySend)));`;
  return await started.runs(code);
}

describe('a probe that is throttled', () => {
  it('tries twice more, does not wait for as long as it is told, and is unreadable', async () => {
    expect(await read(40)).toEqual({ facts: { app: { read: false, why: 'throttled' } }, calls: 3 });
  });

  it('sends nothing beyond the budget of the look, retries included', async () => {
    expect(await read(2)).toEqual({ facts: { app: { read: false, why: 'look-cap-reached' } }, calls: 2 });
    expect(await read(0)).toEqual({ facts: { app: { read: false, why: 'look-cap-reached' } }, calls: 0 });
  });
});
