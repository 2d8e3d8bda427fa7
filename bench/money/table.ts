// The bill of a month, as a table for people and as bars.
import type { Bar } from '../outcome/picture.ts';
import type { Bill } from './bill.ts';
import type { MoneyFigures } from './measure.ts';

export function tableOfMoney({ idleADay, aRemediation, bills }: MoneyFigures): string {
  const rounded = (value: number): string => Math.round(value).toLocaleString('en');
  const lines = bills.map(
    ({ remediationsADay, storage, executions, logBytes, dollars }) =>
      `| ${[rounded(remediationsADay), rounded(storage), rounded(executions), `${(logBytes / 1e6).toFixed(1)} MB`, `$${dollars.toFixed(2)}`].join(' | ')} |`,
  );
  return [
    `A day without trouble: ${rounded(idleADay.storage)} requests to storage, ${rounded(idleADay.executions)} executions, ${rounded(idleADay.logBytes / 1000)} KB of log.`,
    `A remediation on top: ${rounded(aRemediation.storage)} requests, ${rounded(aRemediation.executions)} executions, ${rounded(aRemediation.logBytes / 1000)} KB of log.`,
    '',
    '| remediations a day | storage a month | executions | log | about |',
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

export function barsOfMoney(bills: readonly Bill[]): Bar[] {
  return bills.map(({ remediationsADay, dollars }) => ({
    name: `${remediationsADay.toLocaleString('en')} remediations a day`,
    value: dollars,
    said: `$${dollars.toFixed(2)} a month`,
  }));
}
