// Filters of table queries, as far as pullmedic writes them. Any other is refused.
import { RestError } from '@azure/data-tables';

export type Row = Readonly<Record<string, unknown>>;

export function failure(status: number, code: string): RestError {
  return new RestError(code, { statusCode: status, code });
}

type Condition = (row: Row) => boolean;

const names: Readonly<Record<string, string>> = { PartitionKey: 'partitionKey', RowKey: 'rowKey' };
const comparisons: Readonly<Record<string, (a: string | boolean, b: string | boolean) => boolean>> = {
  eq: (a, b) => a === b,
  ge: (a, b) => a >= b,
  gt: (a, b) => a > b,
  le: (a, b) => a <= b,
  lt: (a, b) => a < b,
};

/** One comparison of a filter, e.g. `RowKey gt '0000000003'`. */
const comparison = /^(\w+) (\w+) (?:'((?:[^']|'')*)'|(true|false))(?: and |$)/;

/** Every condition of a filter; a row is selected if all of them hold. */
export function conditionsOf(filter: string): Condition[] {
  const conditions: Condition[] = [];
  for (let rest = filter; rest !== ''; ) {
    const group = /^\(([^()]*)\)(?: and |$)/.exec(rest);
    const match = comparison.exec(rest);
    if (group?.[1] === undefined && match === null) throw failure(501, `The filter "${filter}" is not modelled here.`);
    conditions.push(group?.[1] === undefined ? comparisonOf(match, filter) : anyOf(group[1]));
    rest = rest.slice(((group ?? match)?.[0] ?? rest).length);
  }
  return conditions;
}

/** Alternatives, as they stand between brackets. No text that is searched for holds ` or `. */
function anyOf(text: string): Condition {
  const alternatives = text.split(' or ').map((one) => comparisonOf(comparison.exec(one), text));
  return (row) => alternatives.some((holds) => holds(row));
}

function comparisonOf(match: RegExpExecArray | null, filter: string): Condition {
  const compare = comparisons[match?.[2] ?? ''];
  if (match === null || compare === undefined) throw failure(501, `The filter "${filter}" is not modelled here.`);
  const name = names[match[1] ?? ''] ?? match[1] ?? '';
  const value = match[3]?.replaceAll("''", "'") ?? match[4] === 'true';
  return (row) => {
    const held = row[name];
    return (typeof held === 'string' || typeof held === 'boolean') && compare(held, value);
  };
}

/** The partition that the filter begins with: no query of pullmedic reads several. */
export function partitionIn(filter: string): string {
  const match = /^PartitionKey eq '((?:[^']|'')*)'/.exec(filter);
  if (match === null) throw failure(501, `The filter "${filter}" does not begin with a partition.`);
  return match[1]?.replaceAll("''", "'") ?? '';
}
