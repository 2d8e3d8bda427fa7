// The table `incident` of a ServiceNow instance by its Table API (ServiceNow documentation, "Table API"): records by `sys_id`, no unique
// `correlation_id`, work notes that are only added to, a rule that asks for `close_code` and `close_notes` of a resolved incident, and closed
// incidents that no one changes.

import { createHash } from 'node:crypto';
import {
  type Behaviour,
  jsonIn,
  type LocalAnswer,
  type LocalRequest,
  type LocalSystem,
  type Seen,
  type Start,
  startSystem,
} from './server.ts';

export interface ServiceNow extends LocalSystem {
  records(): readonly Readonly<Row>[];
  /** A person sets fields of the record with this number, from 0. */
  personSets(at: number, fields: Fields): void;
  personDeletes(at: number): void;
}

type Fields = Readonly<Record<string, string>>;
interface Row extends Record<string, string> {
  sys_id: string;
  state: string;
}

const path = '/api/now/table/incident';

/** `authorization`: the header that it accepts. */
export async function startServiceNow(authorization: string, start: Start = startSystem): Promise<ServiceNow> {
  const rows: Row[] = [];
  const behaviour: Behaviour = {
    answer(request) {
      if (request.headers['authorization'] !== authorization)
        return { status: 401, body: { error: { message: 'User Not Authenticated' }, status: 'failure' } };
      const address = new URL(request.url, 'http://servicenow');
      if (address.pathname === path) return request.method === 'GET' ? query(rows, address) : insert(rows, request);
      const row = rows.find(({ sys_id: id }) => address.pathname === `${path}/${id}`);
      if (row === undefined) return { status: 404, body: { error: { message: 'No Record found' }, status: 'failure' } };
      return request.method === 'GET' ? { status: 200, body: { result: shown(row) } } : patch(row, request);
    },
    trouble: (trouble) =>
      ({
        throttled: { status: 429, headers: { 'retry-after': '30', 'x-ratelimit-limit': '1000' } },
        'key-refused': { status: 401 },
        'message-refused': refused('Data Policy Exception'),
        down: { status: 503 },
      })[trouble],
    seen: () => rows.map(seenOf),
    reset: () => void rows.splice(0),
  };
  const system = await start(behaviour);
  return {
    ...system,
    records: () => rows,
    personSets: (at, fields) => void Object.assign(rows[at] ?? {}, fields),
    personDeletes: (at) => void rows.splice(at, 1),
  };
}

function refused(detail: string): LocalAnswer {
  return { status: 403, body: { error: { message: 'Operation Failed', detail }, status: 'failure' } };
}

function query(rows: readonly Row[], { searchParams }: URL): LocalAnswer {
  const conditions = (searchParams.get('sysparm_query') ?? '').split('^').filter((one) => !one.startsWith('ORDERBY'));
  const found = rows.filter((row) =>
    conditions.every((one) => {
      const [field = '', value = ''] = one.split('=');
      return row[field] === value;
    }),
  );
  return {
    status: 200,
    body: { result: found.toReversed().slice(0, Number(searchParams.get('sysparm_limit') ?? 10_000)) },
  };
}

/** Text longer than its column is cut in silence. */
const columns: Readonly<Record<string, number>> = { short_description: 160, description: 4000, close_notes: 4000 };

function write(row: Row, fields: Fields): void {
  for (const [field, value] of Object.entries(fields)) {
    if (field === 'work_notes') row['work_notes'] = `${value}\n\n${row['work_notes'] ?? ''}`;
    else row[field] = value.slice(0, columns[field] ?? 40_000);
  }
}

function insert(rows: Row[], request: LocalRequest): LocalAnswer {
  const id = createHash('md5').update(String(rows.length)).digest('hex');
  const row: Row = { sys_id: id, number: `INC${String(rows.length + 1).padStart(7, '0')}`, state: '1' };
  write(row, jsonIn(request) as Fields);
  rows.push(row);
  return { status: 201, body: { result: row } };
}

function patch(row: Row, request: LocalRequest): LocalAnswer {
  if (Number(row.state) >= 7) return refused('Record is read-only');
  const next = { ...row, ...(jsonIn(request) as Fields) };
  const isEnded = next.state === '6' && ((next['close_code'] ?? '') === '' || (next['close_notes'] ?? '') === '');
  if (isEnded) return refused('Data Policy Exception: Resolution code, Resolution notes');
  write(row, jsonIn(request) as Fields);
  return { status: 200, body: { result: row } };
}

/** With `sysparm_display_value=all` each field has both values; a journal has its text as the display value alone. */
function shown(row: Row): unknown {
  return Object.fromEntries(
    Object.entries({ work_notes: '', ...row }).map(([field, value]) => [
      field,
      { display_value: value, value: field === 'work_notes' ? '' : value },
    ]),
  );
}

function seenOf(row: Row): Seen {
  const { short_description: title, description, work_notes: notes, close_notes: end } = row;
  return {
    state: Number(row.state) >= 6 ? 'resolved' : 'open',
    text: [title, description, notes, end].map((text) => text ?? '').join('\n'),
  };
}
