// Finds the columns that matter in a row, under the names of every export: `Reason`, `Reason_s`, `reason`.
import type { LogColumns } from '../lib/classify/classify.ts';

type Row = Readonly<Record<string, unknown>>;

function valueOf(row: Row, name: string): string | undefined {
  for (const [key, value] of Object.entries(row)) {
    if (key.toLowerCase().replace(/_s$/, '') === name && typeof value === 'string') return value;
  }
  return undefined;
}

/** The columns of a row that `classify` reads. */
export function columnsOf(row: Row = {}): LogColumns {
  const reason = valueOf(row, 'reason');
  const type = valueOf(row, 'type');
  const eventSource = valueOf(row, 'eventsource');
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(type === undefined ? {} : { type }),
    ...(eventSource === undefined ? {} : { eventSource }),
  };
}

/** Where the text stands: the log stream says `Msg`, Log Analytics `Log`, Kubernetes `message` or `note`. */
const textColumns = ['text', 'msg', 'log', 'message', 'note'];

/** The text of a row; `undefined` where no column holds it. */
export function textOf(row: Row): string | undefined {
  for (const name of textColumns) {
    const value = valueOf(row, name);
    if (value !== undefined) return value;
  }
  return undefined;
}
