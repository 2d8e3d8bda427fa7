// A form that a browser sends: whether our own page sent it, and what it holds.
import type { HttpRequest } from '@azure/functions';

type Headed = Pick<HttpRequest, 'headers'>;

/**
 * True if the browser says that a page of this very host sends the form. Browsers name the relation to the site in `sec-fetch-site` and do
 * not let a page change it; those that do not know it name the origin instead. A form that says neither is none of ours. This is the second
 * layer: the first is the seal. Source: Fetch Metadata Request Headers (W3C); Fetch standard, "append a request Origin header".
 */
export function isOwnForm({ headers }: Headed): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  const origin = headers.get('origin');
  const host = headers.get('host');
  return origin !== null && host !== null && hostOf(origin) === host.toLowerCase();
}

function hostOf(origin: string): string | undefined {
  return /^https?:\/\/([^/\s]+)$/i.exec(origin)?.[1]?.toLowerCase();
}

/** The members of an answer's form, as they were sent. */
export interface FormFields {
  readonly of: string;
  readonly shown: string;
  readonly untilMs: number;
  readonly seal: string;
  readonly why: string;
}

/** A reason of 500 characters takes some 6 KB, each byte as `%xx`. Bytes. */
const mostBytes = 16_384;
const names = ['of', 'shown', 'until', 'seal', 'why'] as const;

/** The form; `undefined` where it is too large or of another type, or where a member is missing, twice there, unknown or not readable. */
export async function formFields(request: HttpRequest): Promise<FormFields | undefined> {
  if (!/^application\/x-www-form-urlencoded(?:\s*;|$)/i.test(request.headers.get('content-type') ?? ''))
    return undefined;
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes) return undefined;
  const text = await request.text();
  if (text.length > mostBytes) return undefined;
  const sent = new URLSearchParams(text);
  if ([...sent.keys()].toSorted().join() !== names.toSorted().join()) return undefined;
  const [of, shown, until, seal, why] = names.map((name) => sent.get(name) ?? '');
  if (of === undefined || shown === undefined || why === undefined) return undefined;
  if (!/^\d{1,16}$/.test(until ?? '') || !/^[0-9a-f]{64}$/.test(seal ?? '')) return undefined;
  return { of, shown, untilMs: Number(until), seal: seal ?? '', why };
}
