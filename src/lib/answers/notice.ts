// What a page says once after an answer. The address carries it sealed, so that a link from elsewhere cannot claim that something was done.

import type { FormSeals } from '../ports/form-seals.ts';
import type { Clock } from '../ports/ports.ts';
import { type Verb, verbOf } from './verbs.ts';

/** `given`: it is recorded. `held`: recorded, and the kill switch keeps back the change. `before`: this form was sent before. */
export type NoticeKind = 'given' | 'held' | 'before';

export interface Notice {
  readonly verb: Verb;
  readonly kind: NoticeKind;
}

/** How long a page says it again when it is read again. Milliseconds. */
const noticeLastsMs = 5 * 60_000;

/** The address of the page, with the notice where it can be sealed. The page is below the app's own host. */
export async function addressWithNotice(
  ports: FormSeals & Clock,
  person: string,
  page: string,
  { verb, kind }: Notice,
): Promise<string> {
  const until = String(ports.now() + noticeLastsMs);
  const seal = await ports.seals.seal(sealedText(person, page, { verb, kind }, until));
  if (!seal.read) return page;
  const query = new URLSearchParams({ said: `${verb}.${kind}`, until, seal: seal.value });
  return `${page}?${query.toString()}`;
}

/** The notice of this address; `undefined` where it has none, or one that is over or was made elsewhere or for another person. */
export async function noticeIn(
  ports: FormSeals & Clock,
  person: string,
  page: string,
  query: Pick<URLSearchParams, 'get'>,
): Promise<Notice | undefined> {
  const [said, until, seal] = ['said', 'until', 'seal'].map((name) => query.get(name));
  if (said == null || until == null || seal == null || !/^\d{1,16}$/.test(until)) return undefined;
  const [verb, kind] = said.split('.');
  const known = verbOf(verb ?? '');
  if (known === undefined || (kind !== 'given' && kind !== 'held' && kind !== 'before')) return undefined;
  const notice = { verb: known, kind } as const;
  const isOurs = await ports.seals.isSealOf(sealedText(person, page, notice, until), seal);
  return isOurs.read && isOurs.value && ports.now() < Number(until) ? notice : undefined;
}

function sealedText(person: string, page: string, { verb, kind }: Notice, until: string): string {
  return JSON.stringify(['notice', 1, person, page, verb, kind, until]);
}

/** What happened, and what happens next. The page may be read again minutes later, so nothing that others can change is said to hold now. */
export function sayNotice({ verb, kind }: Notice): string {
  switch (kind) {
    case 'given':
      return givenWords[verb];
    case 'held':
      return `${givenWords[verb]} The kill switch was on then: nothing is changed until it is off.`;
    case 'before':
      return 'This form was sent before. It acts once, and the page shows what came of it; that can take some seconds.';
  }
}

const givenWords: Readonly<Record<Verb, string>> = {
  approve: 'Recorded: you approved it. pullmedic reads the facts once more, and makes the change if they still hold.',
  reject: 'Recorded: you rejected it. pullmedic does not make this change.',
  ask: 'Recorded: pullmedic looks again, and asks anew if the change is still needed.',
  look: 'Asked: pullmedic looks at the workload now. The look shows here within a minute.',
  undo: 'Recorded: pullmedic takes the grant back, unless others rely on it.',
  'undo-anyway': 'Recorded: pullmedic takes the grant back, although others may rely on it.',
  forget: 'Recorded: the refusal is forgotten, and pullmedic decides anew.',
  replay: 'The message was sent again.',
  dismiss: 'The message is dismissed, and kept for another week.',
  'switch-on': 'You turned the kill switch on: while it is on, pullmedic changes nothing in Azure.',
  'switch-off': 'You turned the kill switch off: while it is off, pullmedic may change Azure, as its mode allows.',
};
