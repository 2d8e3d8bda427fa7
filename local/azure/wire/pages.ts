// Lists of ARM in pages: `value`, and `nextLink` where there is more.
import type { Answer } from './answers.ts';
import type { ArmRequest } from './request.ts';

/** The parameter in a link to the next page. Other spellings exist (`$skiptoken`); the client takes whatever the link has. */
export const skipParameter = '$skipToken';

/**
 * One page of a list: at most `size` items, and the link to the next page, which is the same question with a token. `undefined` for a token
 * that no link has. Whether Azure's own tokens look like this is not known (docs/unverified.md).
 */
export function pageOfList(items: readonly unknown[], size: number, { path, query }: ArmRequest): Answer | undefined {
  const token = query.get(skipParameter);
  const from = token === null ? 0 : Number(/^page-from-(\d{1,9})$/.exec(token)?.[1] ?? Number.NaN);
  if (Number.isNaN(from)) return undefined;
  const value = items.slice(from, from + size);
  if (from + size >= items.length) return { status: 200, body: { value } };
  const next = new URLSearchParams(query);
  next.set(skipParameter, `page-from-${from + size}`);
  return { status: 200, body: { value, nextLink: `https://management.azure.com${path}?${next.toString()}` } };
}
