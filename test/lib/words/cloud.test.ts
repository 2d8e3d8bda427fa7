import { describe, expect, it } from 'vitest';
import { addressesOf, clouds } from '../../../src/lib/words/cloud.ts';
import { config } from '../facts.ts';

describe('a cloud', () => {
  it('has addresses of its own: nothing of one is sent to another', () => {
    const hosts = clouds.flatMap((cloud) => [addressesOf(cloud).arm, addressesOf(cloud).logs]);

    expect(new Set(hosts).size).toBe(hosts.length);
  });

  it('is the public one unless the settings name another', () => {
    expect(config().cloud).toBe('public');
    expect(config({ PULLMEDIC_CLOUD: 'china' }).cloud).toBe('china');
    expect(() => config({ PULLMEDIC_CLOUD: 'moon' })).toThrow(
      'PULLMEDIC_CLOUD must be one of public, china, usgovernment',
    );
  });
});
