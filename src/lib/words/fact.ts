// A fact is read or unreadable. "Could not read" is never spelled in another way: never as false, never as an empty list.
// The room words/ holds what everything is made of: ids, image references, addresses, facts, targets, clouds, durations in
// words. Not here: anything that knows an alert, a cause or a decision. It imports no other room.

export type Fact<T> = { readonly read: true; readonly value: T } | { readonly read: false; readonly why: Unreadable };

/** Why a fact is unreadable. These are codes, not messages, because histories store them and pages show them. */
export type Unreadable =
  | 'forbidden'
  | 'throttled'
  | 'timed-out'
  | 'unavailable'
  | 'unexpected-answer'
  | 'not-asked'
  /** This look had sent as many requests as one look may: it was not asked. */
  | 'look-cap-reached'
  /** The list has more items than are read. It is not cut, because what is missing could be what matters. */
  | 'list-too-long'
  /** The list is long and is read in several looks. What was read so far is kept, and the next look reads on. */
  | 'read-on-later'
  /** The fact is larger than a history may store. */
  | 'fact-too-large'
  /** The registry has more approved private endpoints than one look reads. */
  | 'too-many-endpoints'
  /** The environment sends its logs by diagnostic settings, and the settings of pullmedic name no workspace with them. */
  | 'no-workspace'
  /** The requests that all instances share each minute are spent: it was not asked, and will be later. */
  | 'over-budget'
  /** Histories of older versions only: any of the four limits above but a list that is too long. */
  | 'too-many';

const unreadableWords: Readonly<Record<Unreadable, string>> = {
  forbidden: 'no right to read it',
  throttled: 'Azure answered that too many requests were sent',
  'timed-out': 'no answer came in time',
  unavailable: 'the service answered with an error of its own',
  'unexpected-answer': 'the answer has a shape that is not known',
  'not-asked': 'it was not asked for',
  'look-cap-reached': 'the look had sent as many requests as one look may',
  'list-too-long': 'the list has more items than are read',
  'read-on-later': 'it is long and the next look reads on',
  'fact-too-large': 'it is larger than what can be stored',
  'too-many-endpoints': 'the registry has more private endpoints than one look reads',
  'no-workspace': 'the settings name no workspace with the table ContainerAppSystemLogs',
  'over-budget': 'the requests that all instances share are spent for the moment',
  'too-many': 'there was more than a look may read',
};

/** Reasons that pass by themselves: what could not be read now may be readable in minutes. */
const passing: ReadonlySet<Unreadable> = new Set([
  'throttled',
  'timed-out',
  'unavailable',
  'over-budget',
  'read-on-later',
]);

/** True if the next look or the next sweep may be able to read what this one could not. */
export function passesByItself(why: Unreadable): boolean {
  return passing.has(why);
}

export const unreadableCodes = Object.keys(unreadableWords) as readonly Unreadable[];

/** The code of a reason and what it says to a person. A code that this version does not know stands for itself. */
export function sayUnreadable(why: Unreadable): string {
  const words: Readonly<Partial<Record<string, string>>> = unreadableWords;
  return words[why] === undefined ? why : `${why}: ${words[why]}`;
}

/** True if the value is a fact that could not be read. */
export function isUnread(value: unknown): value is { readonly read: false; readonly why: Unreadable } {
  return typeof value === 'object' && value !== null && 'read' in value && value.read === false;
}

/** True if the value is or holds a fact that could not be read for such a reason; without one, for any reason. */
export function hasUnread(value: unknown, because: (why: Unreadable) => boolean = () => true): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (isUnread(value)) return because(value.why);
  return Object.values(value).some((part) => hasUnread(part, because));
}

export function known<T>(value: T): Fact<T> {
  return { read: true, value };
}

export function unreadable<T>(why: Unreadable): Fact<T> {
  return { read: false, why };
}

/** What follows from a fact; unreadable for the same reason where the fact is. */
export function mapFact<T, U>(fact: Fact<T>, of: (value: T) => U): Fact<U> {
  return fact.read ? known(of(fact.value)) : fact;
}

/** The value, or `undefined` if the fact was not asked for or could not be read. */
export function valueOf<T>(fact: Fact<T> | undefined): T | undefined {
  return fact?.read ? fact.value : undefined;
}
