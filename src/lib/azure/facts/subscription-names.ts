// The names of subscriptions, for people: an id of 32 digits tells no reader where an app runs. Names are read when a page wants one.

import * as z from 'zod';
import { isGuid } from '../../words/arm-id.ts';
import { latest } from '../../words/latest.ts';
import type { Clients } from '../clients/clients.ts';

/** How long a name is kept. Milliseconds. */
const nameLastsMs = 24 * 3_600_000;
/** How long it is kept that a name could not be read, so that pages do not ask Azure again and again. Milliseconds. */
const failureLastsMs = 10 * 60_000;
/** The longest that a page waits for a name. One that comes later is there for the next page. Milliseconds. */
const patienceMs = 1000;
const mostKept = 500;

const subscriptionVersion = '2022-12-01';
const wireSubscription = z.object({ displayName: z.string().min(1).max(200) });

/** Reads the name of a subscription; `undefined` where it cannot be read, or the text is not the id of one. Never throws. */
export async function readSubscriptionName(clients: Pick<Clients, 'get'>, id: string): Promise<string | undefined> {
  if (!isGuid(id)) return undefined;
  try {
    const { status, body } = await clients.get(`/subscriptions/${id.toLowerCase()}`, subscriptionVersion);
    return status === 200 ? wireSubscription.safeParse(body).data?.displayName : undefined;
  } catch {
    // Without the right, without budget or without an answer the reader sees the id.
    return undefined;
  }
}

interface Kept {
  readonly askedAtMs: number;
  readonly name: Promise<string | undefined>;
  isMissing: boolean;
}

/** Names that are read once a day. `tooLate` resolves when a page has waited long enough. */
export function subscriptionNames(
  now: () => number,
  read: (id: string) => Promise<string | undefined>,
  tooLate: () => Promise<undefined> = afterPatience,
): (id: string) => Promise<string | undefined> {
  const names = latest<string, Kept>(mostKept);
  return async (id) => {
    const before = names.get(id);
    const kept = before !== undefined && isGood(before, now()) ? before : ask(id);
    return Promise.race([kept.name, tooLate()]);
  };

  function ask(id: string): Kept {
    const kept: Kept = { askedAtMs: now(), name: read(id), isMissing: false };
    void kept.name.then((name) => {
      kept.isMissing = name === undefined;
    });
    names.put(id, kept);
    return kept;
  }
}

function isGood({ askedAtMs, isMissing }: Kept, nowMs: number): boolean {
  return nowMs - askedAtMs < (isMissing ? failureLastsMs : nameLastsMs);
}

function afterPatience(): Promise<undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), patienceMs).unref();
  });
}
