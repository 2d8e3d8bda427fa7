// A fact is read or unreadable. "Could not read" is never spelled in another way: never as false, never as an empty list.

export type Fact<T> = { readonly read: true; readonly value: T } | { readonly read: false; readonly why: Unreadable };

/** Why a fact is unreadable. These are codes, not messages, because histories store them and pages show them. */
export type Unreadable =
  | 'forbidden'
  | 'throttled'
  | 'timed-out'
  | 'unavailable'
  | 'unexpected-answer'
  | 'not-asked'
  | 'too-many'
  /** The budget for requests is spent: it was not asked, and will be later. */
  | 'over-budget';

export function known<T>(value: T): Fact<T> {
  return { read: true, value };
}

export function unreadable<T>(why: Unreadable): Fact<T> {
  return { read: false, why };
}

/** The value, or `undefined` if the fact was not asked for or could not be read. */
export function valueOf<T>(fact: Fact<T> | undefined): T | undefined {
  return fact?.read ? fact.value : undefined;
}
