// Rules name addresses and ranges of them; what is neither lets nobody in, and a scenario file with it is refused.
import { describe, expect, it } from 'vitest';
import { rangeHolds } from '../../../../local/azure/network/ranges.ts';
import { small } from '../worlds.ts';

describe('a rule', () => {
  it.each([
    ['20.50.60.70', true],
    ['20.50.60.71', false],
    ['20.50.60.0/24', true],
    ['20.50.61.0/24', false],
    ['0.0.0.0/0', true],
    ['20.50.60.70/32', true],
    ['20.50.60.70/33', false],
    ['20.50.60.70/', false],
    ['not-an-ip', false],
    ['', false],
  ])('"%s" holds 20.50.60.70: %s', (rule, holds) => {
    expect(rangeHolds(rule, '20.50.60.70')).toBe(holds);
  });

  it('that is no address and no range is a mistake of the file', () => {
    expect(() => small({ registries: [{ name: 'acrshop', ipRules: ['everybody'] }] })).toThrow(
      'is not an IP address or a CIDR range',
    );
  });
});
