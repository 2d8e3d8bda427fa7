import { describe, expect, it } from 'vitest';
import { azureLinks } from '../../../src/lib/console/azure-links.ts';
import { looked } from '../console-entries.ts';
import { appId, environmentId, registryId, zoneId } from '../facts.ts';

describe('the links to the portal', () => {
  it('lead to the app, its logs, its environment, the registry and the role assignments', () => {
    const links = azureLinks('public', { appId, registryId, environmentId });

    expect(links.map(({ text }) => text)).toEqual([
      'App ca-orders',
      'Logs of the app',
      'Activity Log of the app',
      'Environment cae-shop',
      'Registry acrshop',
      'Role assignments of the registry',
      'Network of the registry',
    ]);
    expect(links[0]?.url).toBe(`https://portal.azure.com/#resource${appId}/overview`);
  });

  it('name what the cause depends on, each resource once, and nothing that is not an id', () => {
    const detail = {
      zone: zoneId,
      again: zoneId,
      registry: registryId,
      words: 'https://evil.example',
      bad: '/subscriptions/"><b>',
    };
    const links = azureLinks('public', { appId, registryId, diagnosis: { ...looked.diagnosis, detail } });

    expect(links.filter(({ text }) => text === 'privatelink.azurecr.io')).toHaveLength(1);
    expect(links.map(({ url }) => url).join(' ')).not.toMatch(/evil|<b>/);
  });

  it('lead to the portal of the cloud', () => {
    expect(azureLinks('china', { appId })[0]?.url).toContain('https://portal.azure.cn/');
    expect(azureLinks('usgovernment', { appId })[0]?.url).toContain('https://portal.azure.us/');
  });
});
