import { describe, expect, it } from 'vitest';
import { unreachedLayers } from '../../../src/lib/diagnosis/layers.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { roleMissing, target, unauthorizedRow } from '../facts.ts';

const failing = (request: string): string =>
  `Failed to pull image "${target.image}": failed to do request: ${request}: dial tcp 20.60.1.2:443: i/o timeout`;
/** What is said where the log ends with these texts, the oldest first. */
const unreached = (...texts: readonly string[]): boolean =>
  unreachedLayers(target, { ...roleMissing, logs: known(texts.map((text) => ({ ...unauthorizedRow, text }))) });

describe('the storage behind a registry', () => {
  it.each([
    'Get "https://weuprdacr1.blob.core.windows.net/a/b"',
    'Head "https://weuprdacr1.blob.core.usgovcloudapi.net/a"',
    'Get \\"https://weuprdacr1.blob.core.chinacloudapi.cn:443/a\\"',
  ])('is what %s does not reach', (request) => {
    expect(unreached(failing(request))).toBe(true);
  });

  it.each([
    'Get "https://acrshop.azurecr.io/v2/"',
    'Get "https://acrshop.azurecr.io/v2/?of=weuprdacr1.blob.core.windows.net"',
    'Get "https://weuprdacr1.blob.core.windows.net.attacker.example/a"',
    'Get "https://production.cloudflare.docker.com/a"',
  ])('is not what %s does not reach', (request) => {
    expect(unreached(failing(request))).toBe(false);
  });

  it('is told by the latest text about a connection, and by none where the log cannot be read', () => {
    const [storage, registry] = [
      failing('Get "https://weuprdacr1.blob.core.windows.net/a"'),
      failing('Get "https://acrshop.azurecr.io/v2/"'),
    ];

    expect([unreached(registry, storage), unreached(storage, registry)]).toEqual([true, false]);
    expect(unreachedLayers(target, { ...roleMissing, logs: unreadable('timed-out') })).toBe(false);
  });
});
