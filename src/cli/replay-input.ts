// Reads a file of messages to send again: events that Event Grid gave up on, and alerts. The shape of an item decides which one it is.
import * as z from 'zod';

export type Item = { readonly kind: 'event' | 'alert'; readonly body: unknown };

/** The text holds an item that is neither an event nor an alert. The message names its line or position. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
}

const alert = z.looseObject({ schemaId: z.literal('azureMonitorCommonAlertSchema') });
const event = z
  .looseObject({ id: z.string(), subject: z.string().optional() })
  .and(z.union([z.looseObject({ eventType: z.string() }), z.looseObject({ type: z.string(), source: z.string() })]));

function parsed(text: string): unknown[] {
  try {
    const whole: unknown = JSON.parse(text);
    return Array.isArray(whole) ? whole : [whole];
  } catch {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.flatMap((line, index) => {
      try {
        const value: unknown = JSON.parse(line);
        return Array.isArray(value) ? (value as unknown[]) : [value];
      } catch {
        throw new BadInput(`Line ${index + 1} is not JSON.`);
      }
    });
  }
}

/** Reads JSON, a list of it, or one a line: dead-letter files of Event Grid are lists. Throws {@link BadInput}. */
export function readItems(text: string): Item[] {
  const values = parsed(text.replace(/^\ufeff/, ''));
  return values.map((body, index): Item => {
    if (alert.safeParse(body).success) return { kind: 'alert', body };
    if (event.safeParse(body).success) return { kind: 'event', body };
    throw new BadInput(`Item ${index + 1} is neither an event of Event Grid nor an alert in the common alert schema.`);
  });
}

/** Characters of JSON in one request. Requests are capped at 256 KiB, and UTF-8 takes up to three bytes for one UTF-16 unit. */
const mostText = 60_000;

/** Splits the events into lists that each fit into one request. */
export function batches(events: readonly unknown[]): unknown[][] {
  const made: unknown[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const one of events) {
    const size = JSON.stringify(one).length + 1;
    if (length + size > mostText) {
      made.push([]);
      length = 0;
    }
    made.at(-1)?.push(one);
    length += size;
  }
  return made;
}
