// Resource Graph: queries of ours over the subscriptions that we look after.
import { z } from 'zod';
import type { Clients } from './clients.ts';
import { Unexpected } from './reading.ts';
import { abort, mostItems } from './wire.ts';

/** All subscriptions that we may read. */
export const everywhere = 'everywhere';

/** Runs one of our queries. A truncated answer is not an answer. */
export async function askGraph<T>(
  clients: Clients,
  subscriptions: readonly string[] | typeof everywhere,
  query: string,
  row: z.ZodType<T>,
): Promise<T[]> {
  const answer = await clients.graph.resources(
    {
      query,
      ...(subscriptions === everywhere ? {} : { subscriptions: [...subscriptions] }),
      options: { resultFormat: 'objectArray', top: mostItems },
    },
    abort(),
  );
  if (answer.resultTruncated === 'true' || answer.skipToken) throw new Unexpected('truncated');
  return z.array(row).parse(answer.data);
}
