// Slack's Web API as its documentation describes it (docs.slack.dev: chat.postMessage, chat.update, conversations.history,
// conversations.replies, "Rate limits"): one message a second in a channel, failures as `ok: false` with the status 200, metadata of messages,
// and no deduplication at all.

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

export interface Slack extends LocalSystem {
  /** Everything in the channel with its threads. */
  messages(): readonly Message[];
  /** From now on every call of this method answers with this error. */
  refuse(method: string, error: string): void;
}

interface Message {
  readonly ts: string;
  readonly thread?: string;
  readonly inChannel: boolean;
  content: Content;
}

interface Content {
  readonly text: string;
  readonly blocks: readonly unknown[];
  readonly metadata?: unknown;
}

interface Posted extends Content {
  readonly channel: string;
  readonly ts?: string;
  readonly thread_ts?: string;
  readonly reply_broadcast?: boolean;
}

const changing = ['/api/chat.postMessage', '/api/chat.update'];

/** `now`: milliseconds, by the clock of the sender. */
export async function startSlack(
  channel: string,
  token: string,
  now: () => number,
  start: Start = startSystem,
): Promise<Slack> {
  const messages: Message[] = [];
  const refused = new Map<string, string>();
  const room = { messages, lastMs: Number.NEGATIVE_INFINITY };
  const behaviour: Behaviour = {
    answer(request) {
      const method = pathOf(request).replace('/api/', '');
      if (request.headers['authorization'] !== `Bearer ${token}`) return no('invalid_auth');
      const error = refused.get(method);
      if (error !== undefined) return no(error);
      if (request.method === 'GET') return listed(messages, method, new URL(request.url, 'http://slack').searchParams);
      const posted = jsonIn(request) as Posted | undefined;
      if (posted === undefined) return no('invalid_json');
      if (posted.channel !== channel) return no('channel_not_found');
      const wrong = wrongIn(posted);
      if (wrong !== undefined) return no(wrong);
      return method === 'chat.update' ? update(messages, posted) : post(room, posted, now());
    },
    isChange: (request) => changing.includes(pathOf(request)),
    trouble: (trouble) =>
      ({
        throttled: { status: 429, headers: { 'retry-after': '30' }, body: { ok: false, error: 'ratelimited' } },
        'key-refused': no('token_revoked'),
        'message-refused': no('msg_blocks_too_long'),
        down: { status: 503 },
      })[trouble],
    seen: () => messages.filter(({ thread }) => thread === undefined).map((one) => seenOf(one, messages)),
    reset() {
      messages.splice(0);
      refused.clear();
      room.lastMs = Number.NEGATIVE_INFINITY;
    },
  };
  const system = await start(behaviour);
  return { ...system, messages: () => messages, refuse: (method, error) => void refused.set(method, error) };
}

function pathOf({ url }: LocalRequest): string {
  return new URL(url, 'http://slack').pathname;
}

function no(error: string): LocalAnswer {
  return { status: 200, body: { ok: false, error } };
}

function post(room: { readonly messages: Message[]; lastMs: number }, posted: Posted, nowMs: number): LocalAnswer {
  if (nowMs - room.lastMs < 1000)
    return { status: 429, headers: { 'retry-after': '1' }, body: { ok: false, error: 'ratelimited' } };
  room.lastMs = nowMs;
  const ts = (nowMs / 1000).toFixed(6);
  const { channel, text, blocks, metadata, thread_ts: thread, reply_broadcast: broadcast } = posted;
  room.messages.push({
    ts,
    inChannel: thread === undefined || broadcast === true,
    content: { text, blocks, metadata },
    ...(thread === undefined ? {} : { thread }),
  });
  return { status: 200, body: { ok: true, channel, ts } };
}

function update(messages: readonly Message[], { channel, ts = '', text, blocks, metadata }: Posted): LocalAnswer {
  const message = messages.find((one) => one.ts === ts);
  if (message === undefined) return no('message_not_found');
  message.content = { text, blocks, metadata };
  return { status: 200, body: { ok: true, channel, ts } };
}

function listed(messages: readonly Message[], method: string, query: URLSearchParams): LocalAnswer {
  const limit = Math.min(Number(query.get('limit') ?? 100), 999);
  const begin = Number(query.get('cursor') ?? 0);
  const thread = query.get('ts');
  const wanted =
    method === 'conversations.replies'
      ? messages.filter((one) => one.ts === thread || one.thread === thread)
      : messages.filter((one) => one.inChannel && Number(one.ts) > Number(query.get('oldest') ?? 0)).toReversed();
  const withMetadata = query.get('include_all_metadata') === 'true';
  const page = wanted.slice(begin, begin + limit).map(({ ts, content: { text, metadata } }) => ({
    ts,
    text,
    ...(withMetadata ? { metadata } : {}),
  }));
  const more = begin + limit < wanted.length;
  const next = more ? String(begin + limit) : '';
  return { status: 200, body: { ok: true, messages: page, has_more: more, response_metadata: { next_cursor: next } } };
}

/** The error for a message that Slack does not take. */
function wrongIn({ text, blocks }: Posted): string | undefined {
  if (text.length > 4000) return 'msg_too_long';
  if (blocks.length > 50 || runsIn(blocks).some((run) => run === '')) return 'invalid_blocks';
  return runsIn(blocks).join('').length > 13_000 ? 'msg_blocks_too_long' : undefined;
}

/** The texts of rich text, as a client shows them: with nothing read into them; a link shows its address too. */
function runsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(runsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text, url, elements } = value as { type?: string; text?: unknown; url?: unknown; elements?: unknown };
  if (type === 'text') return [String(text)];
  if (type === 'link') return [`${String(text)} ${String(url)}`];
  const inside = runsIn(elements);
  return type === 'rich_text_section' ? [...inside, '\n'] : inside;
}

function seenOf(message: Message, messages: readonly Message[]): Seen {
  const replies = messages.filter(({ thread }) => thread === message.ts);
  const text = [message, ...replies].map(({ content }) => runsIn(content.blocks).join('')).join('\n');
  return { state: /^\s*(?:Resolved|Withdrawn): /.test(text) ? 'resolved' : 'open', text };
}
