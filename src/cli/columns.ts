// Finds the columns that matter in a row, under the names of every export: `Reason`, `Reason_s`, `reason`.
import type { LogColumns } from '../lib/classify.ts';

function valueOf(row: Readonly<Record<string, unknown>>, name: string): string | undefined {
  for (const [key, value] of Object.entries(row)) {
    if (key.toLowerCase().replace(/_s$/, '') === name && typeof value === 'string') return value;
  }
  return undefined;
}

/** The columns of a row that `classify` reads. */
export function columnsOf(row: Readonly<Record<string, unknown>> = {}): LogColumns {
  const reason = valueOf(row, 'reason');
  const type = valueOf(row, 'type');
  const eventSource = valueOf(row, 'eventsource');
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(type === undefined ? {} : { type }),
    ...(eventSource === undefined ? {} : { eventSource }),
  };
}
