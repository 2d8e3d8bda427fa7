// What an operator can do with a form on a page. A subject and a version of it belong to each: what is acted on, and what was shown of it.
// The room answers/ holds what an operator can do with a form on a page: the seal of the form, what its confirmation says, and
// what it does. Not here: how a page looks (console/), and the rules of a change (remediation/ and decision/).

/** What a form does. The names stand in addresses and in the text that is sealed. */
export const verbs = [
  'approve',
  'reject',
  'ask',
  'look',
  'undo',
  'undo-anyway',
  'forget',
  'replay',
  'dismiss',
  'switch-on',
  'switch-off',
] as const;
export type Verb = (typeof verbs)[number];

export function verbOf(text: string): Verb | undefined {
  return verbs.find((verb) => verb === text);
}

/** One thing that a person is about to do: what, to which subject, and which version of the subject the person saw. */
export interface Intent {
  readonly verb: Verb;
  /** The id of a remediation or of a dead letter; {@link wholeDeployment} for the kill switch. */
  readonly subject: string;
  /** A question's number, or a short name of what was shown. Empty where nothing has to be the same still. */
  readonly shown: string;
}

export const wholeDeployment = 'deployment';

/** No id and no version of ours is longer, and none has other characters. */
const part = /^[A-Za-z0-9._-]{0,100}$/;

/** The intent that an address or a form names; `undefined` where it cannot be one of ours. */
export function readIntent(verb: string, subject: string, shown: string): Intent | undefined {
  const known = verbOf(verb);
  if (known === undefined || !part.test(subject) || subject === '' || !part.test(shown)) return undefined;
  return { verb: known, subject, shown };
}

/** The address of the page that shows what would be done and has the form. It is below the app's own host, whatever the intent holds. */
export function addressOf({ verb, subject, shown }: Intent): string {
  const query = new URLSearchParams({ of: subject, shown });
  return `/api/answers/${verb}?${query.toString()}`;
}
