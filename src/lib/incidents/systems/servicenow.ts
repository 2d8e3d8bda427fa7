// ServiceNow, Table API (ServiceNow documentation, "Table API", "Inbound REST API rate limiting", and the states of the table `incident`). No
// unique index holds `correlation_id`, so it deduplicates nothing: a lost answer is looked for by it, and our outbox is the lock.

import type { Secret } from '../../words/secret.ts';
import { recordOf } from '../answer-record.ts';
import { basicAuth } from '../basic-auth.ts';
import type { Severity } from '../incident-facts.ts';
import { cutText, fittingParts, type Part } from '../parts.ts';
import { plainText } from '../plain-text.ts';
import {
  type External,
  type Failure,
  type Found,
  failureOf,
  type IncidentSystem,
  jsonOf,
  jsonRequest,
  type Outside,
  type OutsideAnswer,
  type QuestionTelling,
  type Telling,
  type Told,
  toldUnless,
} from '../system.ts';
import { endWords, questionNews, returnNews, titleOf } from '../telling-words.ts';

export interface ServiceNowOptions {
  /** `https://INSTANCE.service-now.com`, without a path. */
  readonly url: string;
  readonly user: string;
  readonly password: Secret;
  /** A value of the list `close_code` of the instance. */
  readonly closeCode: string;
  /** Fields of every incident that is opened, such as `assignment_group` and `caller_id`. */
  readonly fields: Readonly<Record<string, string>>;
}

const day = 24 * 3_600_000;

/** Once people closed or cancelled a record, it is theirs: it is not changed any more, and what comes back is another record. */
export function serviceNow(options: ServiceNowOptions, outside: Outside): IncidentSystem {
  const table = tableOf(options, outside);
  const note = (telling: QuestionTelling, external: External): Promise<Told> =>
    change(table, telling, external, () => noted(questionNews(telling), telling));
  return {
    // The property "glide.ui.autoclose.time" closes a resolved incident after seven days; a closed one cannot be reopened.
    reopenWindowMs: 6 * day,
    findLagMs: 0,
    find: (telling) => find(table, telling),
    open: (telling) => open(table, options, telling),
    update: (telling, external) => change(table, telling, external, () => ({})),
    resolve: (telling, external) =>
      change(table, telling, external, (state) => (state < resolvedState ? closingOf(options, telling) : undefined)),
    reopen: (telling, external) => reopen(table, telling, external),
    ask: note,
    answered: note,
  };
}

// Values of `incident.state` on an instance as it is delivered.
const inProgressState = 2;
const resolvedState = 6;
const closedState = 7;

async function find(table: Table, { key }: Telling): Promise<Found> {
  const query = new URLSearchParams({
    sysparm_query: `correlation_id=${key}^ORDERBYDESCsys_created_on`,
    sysparm_fields: 'sys_id,number',
    sysparm_limit: '1',
  });
  const { failure, result } = await table.call('GET', `?${query.toString()}`);
  if (failure !== undefined) return { kind: 'failed', failure };
  if (!Array.isArray(result)) return { kind: 'failed', failure: { why: 'no-answer', detail: 'no list' } };
  const external = externalIn(table, recordOf(result[0]));
  return external === undefined ? { kind: 'nothing' } : { kind: 'found', external };
}

async function open(table: Table, { fields }: ServiceNowOptions, telling: Telling): Promise<Told> {
  const { key, facts } = telling;
  const record = { ...fields, ...textOf(telling), ...gravity[facts.severity], correlation_id: key };
  const shown = { correlation_display: 'pullmedic' };
  const { failure, result } = await table.call('POST', '', { ...shown, ...record });
  if (failure !== undefined) return { kind: 'failed', failure };
  const external = externalIn(table, recordOf(result));
  return external === undefined
    ? { kind: 'failed', failure: { why: 'no-answer', detail: 'no sys_id' } }
    : { kind: 'told', external };
}

/** Reads the record, then writes the text anew with what `more` adds; where that is `undefined`, the record is as it has to be. */
async function change(
  table: Table,
  telling: Telling,
  { id }: External,
  more: (state: number) => Fields | undefined,
): Promise<Told> {
  const read = await readRecord(table, id);
  if ('failure' in read) return { kind: 'failed', failure: read.failure };
  const added = read.state >= closedState ? undefined : more(read.state);
  if (added === undefined) return { kind: 'told' };
  const { work_notes: note, ...others } = added;
  // A repetition does not write a note again that stands there.
  const isNew = note !== undefined && !read.notes.includes(`(${telling.delivery})`);
  const body = { ...textOf(telling), ...others, ...(isNew ? { work_notes: note } : {}) };
  const { failure } = await table.call('PATCH', `/${id}`, body);
  return toldUnless(failure);
}

async function reopen(table: Table, telling: Telling, external: External): Promise<Told> {
  const read = await readRecord(table, external.id);
  if ('failure' in read) return { kind: 'failed', failure: read.failure };
  if (read.state >= closedState) return { kind: 'failed', failure: { why: 'gone', detail: `state ${read.state}` } };
  return change(table, telling, external, () => ({ state: String(inProgressState), ...noted(returnNews, telling) }));
}

type Fields = Readonly<Record<string, string>>;

function closingOf({ closeCode }: ServiceNowOptions, { facts }: Telling): Fields {
  const because = journalText(cutText(endWords(facts), 3900));
  return { state: String(resolvedState), close_code: closeCode, close_notes: because };
}

function noted(parts: readonly Part[], { delivery }: Telling): Fields {
  return { work_notes: `${journalText(plainText(parts))}\n\n(${delivery})` };
}

/** `priority` follows from both by the table of priorities of the instance. */
const gravity: Readonly<Record<Severity, Fields>> = {
  critical: { impact: '1', urgency: '1' },
  high: { impact: '2', urgency: '1' },
  medium: { impact: '2', urgency: '2' },
  low: { impact: '3', urgency: '3' },
};

/** Lengths of the columns `short_description` and `description` of the table `task`. UTF-16 units. */
const mostTitle = 160;
const mostText = 3900;

function textOf(telling: Telling): Fields {
  const parts = fittingParts(telling.facts, (some) => journalText(plainText(some)).length, mostText);
  return { short_description: titleOf(telling, mostTitle), description: journalText(plainText(parts)) };
}

/** A journal shows as HTML what stands between `[code]` and `[/code]`: an invisible word joiner makes text of these marks. */
function journalText(text: string): string {
  return text.replace(/\[(?=\/?code\])/gi, '[\u2060');
}

type ReadRecord = { readonly state: number; readonly notes: string } | { readonly failure: Failure };

async function readRecord(table: Table, id: string): Promise<ReadRecord> {
  const query = new URLSearchParams({ sysparm_fields: 'state,work_notes', sysparm_display_value: 'all' });
  const { failure, result } = await table.call('GET', `/${id}?${query.toString()}`);
  if (failure !== undefined) return { failure };
  const { state, work_notes: notes } = recordOf(result);
  const number = Number(recordOf(state)['value']);
  if (!Number.isInteger(number) || number < 1) return { failure: { why: 'no-answer', detail: 'no state' } };
  return { state: number, notes: String(recordOf(notes)['display_value'] ?? '') };
}

function externalIn({ url }: Table, { sys_id: id, number }: Readonly<Record<string, unknown>>): External | undefined {
  if (typeof id !== 'string' || !/^[0-9a-f]{32}$/.test(id)) return undefined;
  const shown = typeof number === 'string' ? { more: { number } } : {};
  return { id, url: `${url}/nav_to.do?uri=incident.do?sys_id=${id}`, ...shown };
}

interface Table {
  readonly url: string;
  call(method: 'GET' | 'POST' | 'PATCH', path: string, body?: Fields): Promise<{ failure?: Failure; result?: unknown }>;
}

function tableOf({ url, user, password }: ServiceNowOptions, outside: Outside): Table {
  const headers = { authorization: basicAuth(user, password), accept: 'application/json' };
  return {
    url,
    async call(method, path, body) {
      const answer = await outside.send(jsonRequest(method, `${url}/api/now/table/incident${path}`, headers, body));
      const failure = serviceNowFailure(answer, path.startsWith('/'));
      return failure === undefined ? { result: recordOf(jsonOf(answer))['result'] } : { failure };
    },
  };
}

/** 403 has two meanings: the user may not, or a rule of the instance refuses this record ("Operation Failed"). 404 of a record: it was deleted. */
function serviceNowFailure(answer: OutsideAnswer, ofRecord: boolean): Failure | undefined {
  const failure = failureOf(answer);
  if (answer.kind !== 'answer' || failure === undefined) return failure;
  const { status } = answer;
  if (status === 404 && ofRecord) return { why: 'gone', detail: 'HTTP 404' };
  const message = recordOf(recordOf(jsonOf(answer))['error'])['message'];
  return status === 403 && message === 'Operation Failed' ? { why: 'message-refused', detail: 'HTTP 403' } : failure;
}
