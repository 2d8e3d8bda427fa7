// A small load on virtual time: every alert is in a history, and more instances handle more of them in the same time.
import { expect, it } from 'vitest';
import { measureThroughput } from '../../../bench/throughput/measure.ts';

it('loses no alert, and two instances that share one storage are faster than one', async () => {
  const [one, two] = await measureThroughput([
    { instances: 1, alerts: 400, apps: 20 },
    { instances: 2, alerts: 400, apps: 20 },
  ]);

  expect(one?.handled).toBeGreaterThan(0);
  expect(two?.handled).toBeGreaterThan((one?.handled ?? 0) * 1.3);
  // An alert that joins is read, counted and deleted: without a request there is no measurement.
  expect(one?.requestsAnAlert).toBeGreaterThan(4);
}, 120_000);
