// Finds the columns that `classify` needs in a row. Exports name them differently: `Reason`, `Reason_s`, `reason`.
import type { LogColumns } from '../lib/classify/classify.ts';

/** Where and when a row was written, as its columns say it. */
export interface Origin {
  readonly app?: string;
  readonly revision?: string;
  readonly time?: string;
}

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

const appColumns = ['containerappname', 'jobname'];
const timeColumns = ['timestamp', 'time', 'timegenerated', 'lasttimestamp', 'eventtime'];

/** The app, the revision and the time of a row; `undefined` where it names none of them. */
export function originOf(row: Row): Origin | undefined {
  const first = (names: readonly string[]): string | undefined =>
    names.map((name) => valueOf(row, name)).find((value) => value !== undefined && value !== '');
  const [app, revision, time] = [first(appColumns), first(['revisionname']), first(timeColumns)];
  if (app === undefined && revision === undefined && time === undefined) return undefined;
  return {
    ...(app === undefined ? {} : { app }),
    ...(revision === undefined ? {} : { revision }),
    ...(time === undefined ? {} : { time }),
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
