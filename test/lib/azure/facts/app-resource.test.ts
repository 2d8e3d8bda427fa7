// An app as ARM has it: which API version is asked, and why its last write failed.
import { describe, expect, it } from 'vitest';
import { readApp } from '../../../../src/lib/azure/facts/app-facts.ts';
import { getApp, writeErrorOf } from '../../../../src/lib/azure/facts/app-resource.ts';
import { unreadable } from '../../../../src/lib/words/fact.ts';
import { appId, image, target } from '../../facts.ts';
import { type AskedAzure, alwaysAnswering, clientsOver } from '../clients-over.ts';

const subnet = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/apps';
const body = (properties: object = {}, more: object = {}): object => ({
  id: appId,
  location: 'westeurope',
  properties: { template: { containers: [{ image }] }, ...properties },
  ...more,
});
const versionOf = ({ query }: AskedAzure): string | null => query.get('api-version');

describe('an app', () => {
  it('is read in the younger API version, which alone has the subnet of an Express environment', async () => {
    const { clients, asked } = alwaysAnswering(body({ networking: { outboundVnetSubnetId: subnet } }));

    expect((await getApp(clients, appId)).app.networking?.outboundVnetSubnetId).toBe(subnet);
    expect(asked.map(versionOf)).toEqual(['2026-07-01']);
  });

  it.each(['NoRegisteredProviderFound', 'InvalidApiVersionParameter'])(
    'is read in the older one where ARM answers %s, and is asked so from then on',
    async (code) => {
      const { clients, asked } = clientsOver((one) =>
        versionOf(one) === '2026-01-01' ? { body: body() } : { status: 400, body: { error: { code, message: 'x' } } },
      );

      await getApp(clients, appId);
      await getApp(clients, appId);

      expect(asked.map(versionOf)).toEqual(['2026-07-01', '2026-01-01', '2026-01-01']);
    },
  );

  it.each([
    [400, 'BadRequest', 'unexpected-answer'],
    [403, 'NoRegisteredProviderFound', 'forbidden'],
  ] as const)('that is refused with %i %s is not read in another version', async (status, code, why) => {
    const { clients, asked } = alwaysAnswering({ error: { code, message: 'x' } }, status);

    expect(await readApp(clients, target)).toEqual(unreadable(why));
    expect(asked).toHaveLength(1);
  });
});

describe('a failed write', () => {
  // A recorded app in the state Failed: `deploymentErrors` is a text, and times of `systemData` have no zone (azure-cli, May 2025).
  const failed = (properties: object = {}, lastModifiedAt: unknown = '2025-05-09T05:17:41.6748015'): unknown =>
    body(
      { provisioningState: 'Failed', deploymentErrors: 'Operation expired', ...properties },
      { systemData: { lastModifiedAt } },
    );

  it('is told by the app itself, with the time of the write', async () => {
    const error = { text: 'Operation expired', atMs: Date.parse('2025-05-09T05:17:41.674Z') };
    const fact = await readApp(alwaysAnswering(failed()).clients, target);

    expect(writeErrorOf(failed())).toEqual(error);
    expect(writeErrorOf(failed({}, '2025-05-09T05:17:41.674Z'))).toEqual(error);
    expect(fact).toMatchObject({ value: { writeError: error } });
  });

  it.each([
    ['that succeeded later', failed({ provisioningState: 'Succeeded' })],
    ['without a text', failed({ deploymentErrors: '' })],
    ['without a time', failed({}, null)],
    ['with a time that is none', failed({}, 'yesterday')],
    ['of another shape', { properties: 'x' }],
  ])('%s is not', (_, raw) => {
    expect(writeErrorOf(raw)).toBeUndefined();
  });
});
