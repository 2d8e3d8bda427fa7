// Slack, Web API with the token of a bot (docs.slack.dev: chat.postMessage, chat.update, conversations.history, conversations.replies, "Rate
// limits", "Message metadata"). One message an incident, which is kept up to date; an edit notifies no one, so what people must see is also a
// reply in its thread. Metadata of a message names the incident, so that it is found again.

import type { Secret } from '../../words/secret.ts';
import { recordOf } from '../answer-record.ts';
import { fittingParts, type Part } from '../parts.ts';
import { plainText } from '../plain-text.ts';
import { slackBlocks, slackEscaped } from '../slack-text.ts';
import {
  type External,
  type Failure,
  type Found,
  failureOf,
  type IncidentSystem,
  jsonOf,
  type Outside,
  type OutsideAnswer,
  type QuestionTelling,
  type Telling,
  type Told,
  toldUnless,
} from '../system.ts';
import { endNews, questionNews, returnNews, titleOf } from '../telling-words.ts';

export interface SlackOptions {
  /** `https://slack.com`, without a path. */
  readonly url: string;
  /** The id of the channel, such as `C0123456789`: a name does not find messages again. */
  readonly channel: string;
  /** Token of a bot, `xoxb-…`, with the scopes `chat:write` and `channels:history` (private channels: `groups:history`). */
  readonly token: Secret;
}

const hour = 3_600_000;

export function slack(options: SlackOptions, outside: Outside): IncidentSystem {
  const api = apiOf(options, outside);
  const ask = (telling: QuestionTelling, external: External): Promise<Told> =>
    edit(api, telling, external, { parts: questionNews(telling), toChannel: true });
  return {
    // A message of the day before is far up in the channel: the incident gets another one.
    reopenWindowMs: 24 * hour,
    findLagMs: 0,
    find: (telling) => find(api, options.channel, telling),
    open: (telling) => post(api, options.channel, telling),
    update: (telling, external) => edit(api, telling, external),
    resolve: (telling, external) => edit(api, telling, external, { parts: endNews(telling.facts), toChannel: false }),
    reopen: (telling, external) => edit(api, telling, external, { parts: returnNews, toChannel: true }),
    ask,
    answered: (telling, external) => edit(api, telling, external, { parts: questionNews(telling), toChannel: false }),
  };
}

/** A reply in the thread. `toChannel`: it is shown in the channel too. */
interface Reply {
  readonly parts: readonly Part[];
  readonly toChannel: boolean;
}

async function post(api: Api, channel: string, telling: Telling): Promise<Told> {
  const answer = await api.post('chat.postMessage', { channel, ...messageOf(telling) });
  if (answer.failure !== undefined) return { kind: 'failed', failure: answer.failure };
  const { ts, channel: where } = answer.body;
  if (typeof ts !== 'string') return { kind: 'failed', failure: { why: 'no-answer', detail: 'no ts' } };
  return { kind: 'told', external: externalOf(ts, typeof where === 'string' ? where : channel) };
}

function externalOf(ts: string, channel: string): External {
  return { id: ts, more: { channel } };
}

/** Writes the message anew, then replies to it. Where the workspace lets no one edit old messages, the reply alone says it. */
async function edit(api: Api, telling: Telling, { id: ts, more }: External, reply?: Reply): Promise<Told> {
  const channel = more?.['channel'] ?? '';
  const { failure } = await api.post('chat.update', { channel, ts, ...messageOf(telling) });
  const tooOld = failure?.detail === 'edit_window_closed' && reply !== undefined;
  if (failure !== undefined && !tooOld) return { kind: 'failed', failure };
  if (reply === undefined || (telling.again && (await isReplied(api, channel, ts, telling)))) return { kind: 'told' };
  const replied = await api.post('chat.postMessage', {
    channel,
    thread_ts: ts,
    reply_broadcast: reply.toChannel,
    text: slackEscaped(plainText(reply.parts)),
    blocks: slackBlocks(reply.parts),
    metadata: { event_type: 'pullmedic_reply', event_payload: { delivery: telling.delivery } },
    ...noPreviews,
  });
  return toldUnless(replied.failure);
}

const noPreviews = { unfurl_links: false, unfurl_media: false };

/** What people see, below the title. Slack counts all blocks together and refuses more than about 13,000. UTF-16 units. */
const mostText = 8000;
const mostTitle = 250;
const stateWords = { open: 'Open', resolved: 'Resolved', withdrawn: 'Withdrawn' } as const;

function messageOf(telling: Telling): Readonly<Record<string, unknown>> {
  const { facts, key } = telling;
  const title = `${stateWords[facts.state]}: ${titleOf(telling, mostTitle)}`;
  const parts = fittingParts(facts, (some) => plainText(some).length, mostText);
  return {
    text: slackEscaped(title),
    blocks: slackBlocks([{ kind: 'heading', text: title }, ...parts]),
    metadata: { event_type: 'pullmedic_incident', event_payload: { key } },
    ...noPreviews,
  };
}

/** Pages of a search, and messages on each. A channel in which more was written since the first try gets a second message. */
const mostPages = 5;
const pageSize = 200;
/** How far our clock may be before that of Slack. Milliseconds. */
const clockMs = 300_000;

async function find(api: Api, channel: string, { key, atMs }: Telling): Promise<Found> {
  const since = { channel, oldest: String((atMs - clockMs) / 1000) };
  const found = await search(api, 'conversations.history', since, 'pullmedic_incident', { key });
  if (found.kind !== 'found') return found;
  return { kind: 'found', external: externalOf(found.ts, channel) };
}

async function isReplied(api: Api, channel: string, ts: string, { delivery }: Telling): Promise<boolean> {
  const found = await search(api, 'conversations.replies', { channel, ts }, 'pullmedic_reply', { delivery });
  return found.kind === 'found';
}

type Searched =
  | { readonly kind: 'found'; readonly ts: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'failed'; readonly failure: Failure };

async function search(
  api: Api,
  method: string,
  where: Readonly<Record<string, string>>,
  type: string,
  payload: Readonly<Record<string, string>>,
): Promise<Searched> {
  let cursor = '';
  for (let page = 0; page < mostPages; page += 1) {
    const query = {
      ...where,
      include_all_metadata: 'true',
      limit: String(pageSize),
      ...(cursor === '' ? {} : { cursor }),
    };
    const { failure, body } = await api.get(method, query);
    // A bot that may not read the channel can still tell: a second message is better than none.
    if (failure?.detail === 'missing_scope') return { kind: 'nothing' };
    if (failure !== undefined) return { kind: 'failed', failure };
    const message = messagesIn(body).find((one) => isMarked(one, type, payload));
    if (message !== undefined) return { kind: 'found', ts: message.ts };
    cursor = cursorIn(body);
    if (cursor === '') return { kind: 'nothing' };
  }
  return { kind: 'nothing' };
}

interface Message {
  readonly ts: string;
  readonly metadata?: { readonly event_type?: unknown; readonly event_payload?: Readonly<Record<string, unknown>> };
}

function messagesIn({ messages }: Readonly<Record<string, unknown>>): readonly Message[] {
  return Array.isArray(messages) ? (messages as readonly Message[]) : [];
}

function isMarked({ metadata }: Message, type: string, payload: Readonly<Record<string, string>>): boolean {
  if (metadata?.event_type !== type) return false;
  return Object.entries(payload).every(([name, value]) => metadata.event_payload?.[name] === value);
}

function cursorIn({ response_metadata }: Readonly<Record<string, unknown>>): string {
  const next = recordOf(response_metadata)['next_cursor'];
  return typeof next === 'string' ? next : '';
}

interface Answer {
  readonly failure?: Failure;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Api {
  post(method: string, body: unknown): Promise<Answer>;
  get(method: string, query: Readonly<Record<string, string>>): Promise<Answer>;
}

function apiOf({ url, token }: SlackOptions, outside: Outside): Api {
  const authorization = `Bearer ${token.reveal()}`;
  const json = { authorization, 'content-type': 'application/json; charset=utf-8' };
  return {
    async post(method, body) {
      const request = {
        method: 'POST',
        url: `${url}/api/${method}`,
        headers: json,
        body: JSON.stringify(body),
      } as const;
      return read(await outside.send(request));
    },
    async get(method, query) {
      const address = `${url}/api/${method}?${new URLSearchParams(query).toString()}`;
      return read(await outside.send({ method: 'GET', url: address, headers: { authorization } }));
    },
  };
}

/** Slack says most failures with the status 200, `ok: false` and a code in `error`. */
function read(answer: OutsideAnswer): Answer {
  const body = recordOf(jsonOf(answer));
  const failure = failureOf(answer);
  if (failure !== undefined) return { failure, body };
  if (body['ok'] === true) return { body };
  const code = String(body['error']);
  return { failure: failureWith(/^[a-z_]{1,60}$/.test(code) ? code : 'not ok'), body };
}

/** The errors that chat.postMessage and chat.update list. A channel that is not there or closed to the bot refuses everything, as a key does. */
const kindsOfErrors: Readonly<Record<string, Failure['why']>> = {
  ...everyOneIs(
    'key-refused',
    'not_authed invalid_auth account_inactive token_revoked token_expired no_permission missing_scope not_allowed_token_type access_denied',
  ),
  ...everyOneIs('key-refused', 'org_login_required ekm_access_denied team_access_not_granted enterprise_is_restricted'),
  ...everyOneIs('key-refused', 'restricted_action restricted_action_read_only_channel'),
  ...everyOneIs('key-refused', 'channel_not_found not_in_channel is_archived'),
  ...everyOneIs('throttled', 'ratelimited rate_limited'),
  ...everyOneIs('gone', 'message_not_found cant_update_message'),
  ...everyOneIs('no-answer', 'internal_error fatal_error service_unavailable request_timeout'),
  'not ok': 'no-answer',
};

function everyOneIs(why: Failure['why'], codes: string): Readonly<Record<string, Failure['why']>> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, why]));
}

function failureWith(code: string): Failure {
  return { why: kindsOfErrors[code] ?? 'message-refused', detail: code };
}
