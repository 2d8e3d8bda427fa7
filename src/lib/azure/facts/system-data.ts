// Reads `systemData`, in which ARM says who wrote a resource last and when. The SDK's model takes its times for local ones.
import * as z from 'zod';
import type { LastWrite } from '../../evidence/last-write.ts';

const wireWritten = z.object({
  systemData: z.object({
    lastModifiedBy: z.string().min(1),
    lastModifiedByType: z.string().nullish(),
    lastModifiedAt: z.string(),
  }),
});

/** How much of a name is kept. Characters. */
const longestName = 200;

/** Who wrote the resource last; `undefined` where ARM does not name the writer and the time. Source: all recorded apps and jobs name both. */
export function lastWriteOf(raw: unknown): LastWrite | undefined {
  const read = wireWritten.safeParse(raw);
  if (!read.success) return undefined;
  const { lastModifiedBy, lastModifiedByType: kind, lastModifiedAt } = read.data.systemData;
  const atMs = instantOf(lastModifiedAt);
  if (atMs === undefined) return undefined;
  const by = lastModifiedBy.slice(0, longestName);
  return { by, ...(kind ? { kind: kind.slice(0, longestName) } : {}), atMs };
}

/** A time of `systemData`, in milliseconds. They come in UTC without saying so (recorded apps, azure-cli's tests). */
export function instantOf(text: string): number | undefined {
  const atMs = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(atMs) ? undefined : atMs;
}
