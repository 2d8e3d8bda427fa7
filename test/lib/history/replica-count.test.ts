// The words for an app of which some replicas have recovered.
import { expect, it } from 'vitest';
import { sayPartly } from '../../../src/lib/history/replica-count.ts';

it('says of how many replicas the image runs', () => {
  expect(sayPartly({ ready: 1, wanted: 10 })).toBe('partly recovered: 1 of 10 replicas runs the image');
  expect(sayPartly({ ready: 9, wanted: 10 })).toBe('partly recovered: 9 of 10 replicas run the image');
});
