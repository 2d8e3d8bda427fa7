// The benchmark of money.
import type { Outcome } from '../outcome/benchmark.ts';
import { pictureOfBars } from '../outcome/picture.ts';
import { measureMoney } from './measure.ts';
import { barsOfMoney, tableOfMoney } from './table.ts';

export async function money(): Promise<Outcome> {
  const figures = await measureMoney();
  const title = 'About what a month costs (list prices of 2025, before free amounts)';
  const idle = figures.bills[0];
  return {
    figures,
    table: tableOfMoney(figures),
    rows: [
      {
        what: 'a month without trouble',
        figure: `$${idle?.dollars.toFixed(2) ?? '-'}`,
        against: 'list prices of 2025',
        goal: 'at most $10',
        met: (idle?.dollars ?? Number.NaN) <= 10,
      },
    ],
    pictures: { 'money.svg': pictureOfBars({ title, bars: barsOfMoney(figures.bills) }) },
  };
}
