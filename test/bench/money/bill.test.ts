// A bill is counted operations times prices.
import { expect, it } from 'vitest';
import { beyondIdle, billOf, prices } from '../../../bench/money/bill.ts';

const idle = { storage: 24_000, executions: 2400, logBytes: 240_000 };
const one = { storage: 300, executions: 20, logBytes: 9000 };

it('a month has thirty days of what happens anyway, and so many remediations a day on top', () => {
  expect(billOf(idle, one, 0)).toMatchObject({ storage: 720_000, executions: 72_000, logBytes: 7_200_000 });
  expect(billOf(idle, one, 10)).toMatchObject({ storage: 810_000, executions: 78_000, logBytes: 9_900_000 });
});

it('each kind of operation is paid by its price, and an execution by its time too', () => {
  const nothing = { storage: 0, executions: 0, logBytes: 0 };
  expect(billOf({ ...nothing, storage: 10_000 }, nothing, 0).dollars).toBeCloseTo(30 * 0.004, 6);
  expect(billOf({ ...nothing, executions: 1_000_000 }, nothing, 0).dollars).toBeCloseTo(30 * (0.4 + 52), 6);
  expect(billOf({ ...nothing, logBytes: 1e9 }, nothing, 0).dollars).toBeCloseTo(30 * prices.telemetryGigabytes, 6);
});

it('what an hour costs anyway is not the price of the remediation that took that hour, and no price is below nothing', () => {
  expect(beyondIdle({ storage: 1300, executions: 120, logBytes: 5000 }, idle, 3_600_000)).toEqual({
    storage: 300,
    executions: 20,
    logBytes: 0,
  });
});
