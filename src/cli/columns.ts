// Finds the columns that `classify` needs in a row. Exports name them differently: `Reason`, `Reason_s`, `reason`.
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

/** Names of the column that holds the text: the log stream says `Msg`, Log Analytics `Log`, Kubernetes `message` or `note`. */
const textColumns = ['text', 'msg', 'log', 'message', 'note'];

/** The text of a row; `undefined` if no column holds it. */
export function textOf(row: Row): string | undefined {
  for (const name of textColumns) {
    const value = valueOf(row, name);
    if (value !== undefined) return value;
  }
  return undefined;
}
