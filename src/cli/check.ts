// One check of `pullmedic doctor`, and how a list of them is printed.

/** `good`, or what is `missing`, or it could not be read, which is neither. */
export type Found = 'good' | 'missing' | 'unreadable';

export interface Check {
  readonly name: string;
  readonly found: Found;
  /** What was seen, or what to do. */
  readonly says: string;
}

/** What a check answers; its name is that of the question. */
export type Answer = Omit<Check, 'name'>;

export function good(says: string): Answer {
  return { found: 'good', says };
}

export function missing(says: string): Answer {
  return { found: 'missing', says };
}

export function unread(says: string): Answer {
  return { found: 'unreadable', says };
}

const marks: Readonly<Record<Found, string>> = { good: 'ok      ', missing: 'MISSING ', unreadable: 'UNREAD  ' };

export function lineOf({ name, found, says }: Check): string {
  return `${marks[found]} ${name}: ${says}`;
}

/** The exit code: 0 if everything is good, 3 if something is missing or could not be read. */
export function codeOf(checks: readonly Check[]): 0 | 3 {
  return checks.every(({ found }) => found === 'good') ? 0 : 3;
}

/** A check that asks: an error of the question is an answer that could not be read, never a good one. */
export async function asking(name: string, ask: () => Promise<Answer>): Promise<Check> {
  try {
    return { name, ...(await ask()) };
  } catch (error) {
    return { name, found: 'unreadable', says: error instanceof Error ? error.message : 'the question failed' };
  }
}
