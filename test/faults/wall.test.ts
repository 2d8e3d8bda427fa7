// The short form of `npm run faults -- --wall N`, in a process of its own: it has the clock, the proxy and the trusted authorities.
import { expect, it } from 'vitest';
import { sweepWall } from './wall.ts';

it('ends the same with the real clients, whatever becomes of a request to Azure', { timeout: 900_000 }, async () => {
  const { faults, violations } = await sweepWall({ runs: 15, seed: 3 });

  expect(Object.keys(faults).length).toBeGreaterThan(3);
  expect(violations.map(({ run, what }) => `${what.join('; ')}   ${JSON.stringify(run)}`)).toEqual([]);
});
