// Durations as people write them in scenario files: 90s, 10m, 1h30m.
import { z } from 'zod';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a written duration; `undefined` if the text is not a duration. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d{1,6}(?:\.\d{1,3})?(?:ms|s|m|h|d))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
    total += Number(amount) * (units[unit ?? ''] ?? 0);
  return total;
}

/** A duration in a scenario file. */
export const duration = z
  .string()
  .meta({ description: 'A duration like 90s, 10m or 1h30m.', examples: ['90s', '10m', '1h30m'] })
  .transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== undefined) return ms;
    context.addIssue({ code: 'custom', message: `"${text}" is not a duration like 90s, 10m or 1h30m` });
    return z.NEVER;
  });

/** A duration with a default given in the same notation. */
export function durationOr(fallback: string): z.ZodPrefault<typeof duration> {
  return duration.prefault(fallback);
}
