// A Teams channel behind a flow (Microsoft Learn, "Create incoming webhooks with Workflows for Microsoft Teams"): the flow takes every request
// in with 202 and posts its card later, so what Teams does not show is lost without a word.

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

export interface Teams extends LocalSystem {
  /** The text of each card in the channel. */
  cards(): readonly string[];
  /** The flow answers this from now on. */
  answerWith(answer: LocalAnswer): void;
}

interface Message {
  readonly type: string;
  readonly attachments: readonly { readonly contentType: string; readonly content: { readonly type: string } }[];
}

/** `signature`: the `sig` in the address of the flow. */
export async function startTeams(signature: string, start: Start = startSystem): Promise<Teams> {
  const cards: string[] = [];
  let fixed: LocalAnswer | undefined;
  const behaviour: Behaviour = {
    answer(request) {
      if (fixed !== undefined) return fixed;
      if (new URL(request.url, 'http://flow').searchParams.get('sig') !== signature)
        return { status: 401, body: { error: { code: 'DirectApiAuthorizationRequired' } } };
      if (isShown(request)) cards.push(textsIn(jsonIn(request)).join('\n'));
      return { status: 202 };
    },
    seen: () => seenOf(cards),
    reset() {
      cards.splice(0);
      fixed = undefined;
    },
  };
  const system = await start(behaviour);
  return {
    ...system,
    cards: () => cards,
    answerWith(answer) {
      fixed = answer;
    },
  };
}

/** "Limits and specifications for Microsoft Teams": 28 KB a message. */
function isShown(request: LocalRequest): boolean {
  const message = jsonIn(request) as Message | undefined;
  const [card] = message?.attachments ?? [];
  const isCard =
    card?.contentType === 'application/vnd.microsoft.card.adaptive' && card.content.type === 'AdaptiveCard';
  return message?.type === 'message' && isCard && Buffer.byteLength(request.body) <= 28 * 1024;
}

/** What a person reads: text runs as they are, and buttons with the address that they open. */
function textsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text, title, url, ...others } = value as Readonly<Record<string, unknown>>;
  if (type === 'TextRun') return [String(text)];
  if (type === 'Action.OpenUrl') return [`${String(title)} ${String(url)}`];
  return Object.values(others).flatMap(textsIn);
}

/** A card that opens an incident begins one; every other card follows the last one of the same name. */
function seenOf(cards: readonly string[]): Seen[] {
  const threads: { readonly name: string; readonly cards: string[] }[] = [];
  for (const card of cards) {
    const name = /pullmedic-i\w+-\d+/.exec(card)?.[0] ?? '';
    const thread = threads.findLast((one) => one.name === name);
    if (thread === undefined || card.startsWith('Opened: ')) threads.push({ name, cards: [card] });
    else thread.cards.push(card);
  }
  return threads.map((thread) => {
    const state = thread.cards.findLast((card) => !card.startsWith('Question'))?.match(/^(?:Resolved|Withdrawn): /);
    return { state: state === null || state === undefined ? 'open' : 'resolved', text: thread.cards.join('\n') };
  });
}
