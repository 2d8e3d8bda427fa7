// Finds the columns that `classify` needs in a row. Exports name them differently: `Reason`, `Reason_s`, `reason`.
import type { LogColumns } from '../lib/classify/classify.ts';

/** Where and when a row was written, as its columns say it. */
export interface Origin {
  readonly app?: string;
  readonly revision?: string;
  readonly time?: string;
}

type Row = Readonly<Record<string, unknown>>;

/** The texts of a row by the plain names of their columns. */
export type Texts = ReadonlyMap<string, string>;

/** Rows of a log have the same few columns, so their plain names are kept. */
const plainNames = new Map<string, string>();
/** A log of rows that each have columns of their own must not fill the memory. */
const mostNames = 500;

function plainName(column: string): string {
  const kept = plainNames.get(column);
  if (kept !== undefined) return kept;
  const name = column.toLowerCase().replace(/_s$/, '');
  if (plainNames.size < mostNames) plainNames.set(column, name);
  return name;
}

/** The texts of a row. Of two columns with the same plain name the first counts. */
export function textsOf(row: Row): Texts {
  const texts = new Map<string, string>();
  for (const column of Object.keys(row)) {
    const value = row[column];
    if (typeof value !== 'string') continue;
    const name = plainName(column);
    if (!texts.has(name)) texts.set(name, value);
  }
  return texts;
}

/** The columns of a row that `classify` reads. */
export function columnsOf(texts: Texts): LogColumns {
  const [reason, type, eventSource] = [texts.get('reason'), texts.get('type'), texts.get('eventsource')];
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(type === undefined ? {} : { type }),
    ...(eventSource === undefined ? {} : { eventSource }),
  };
}

const appColumns = ['containerappname', 'jobname'];
const timeColumns = ['timestamp', 'time', 'timegenerated', 'lasttimestamp', 'eventtime'];

/** The app, the revision and the time of a row; `undefined` where it names none of them. */
export function originOf(texts: Texts): Origin | undefined {
  const first = (names: readonly string[]): string | undefined => {
    for (const name of names) {
      const value = texts.get(name);
      if (value !== undefined && value !== '') return value;
    }
    return undefined;
  };
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
export function textOf(texts: Texts): string | undefined {
  for (const name of textColumns) {
    const value = texts.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}
