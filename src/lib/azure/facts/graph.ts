// Runs our Resource Graph queries over the configured subscriptions.
import * as z from 'zod';
import type { Clients } from '../clients/clients.ts';
import { Unexpected } from '../clients/reading.ts';
import { abort, graphTimeoutMs, mostItems } from '../clients/wire.ts';

/** Stands for all subscriptions that pullmedic may read. */
export const everywhere = 'everywhere';

/** The columns that every query of ours asks for. */
export const foundRow = z.object({ id: z.string() });

interface Page<T> {
  readonly rows: readonly T[];
  readonly next: string | undefined;
}

/** Runs one of our queries. Throws if the answer is truncated. */
export async function askGraph<T>(
  clients: Clients,
  subscriptions: readonly string[] | typeof everywhere,
  query: string,
  row: z.ZodType<T>,
): Promise<readonly T[]> {
  const { rows, next } = await pageOf(clients, subscriptions, query, row, { top: mostItems });
  if (next !== undefined) throw new Unexpected('truncated');
  return rows;
}

async function pageOf<T>(
  clients: Clients,
  subscriptions: readonly string[] | typeof everywhere,
  query: string,
  row: z.ZodType<T>,
  options: { readonly top: number; readonly skipToken?: string },
): Promise<Page<T>> {
  const answer = await clients.graph.resources(
    {
      query,
      ...(subscriptions === everywhere ? {} : { subscriptions: [...subscriptions] }),
      options: { resultFormat: 'objectArray', ...options },
    },
    abort(graphTimeoutMs),
  );
  if (answer.resultTruncated === 'true') throw new Unexpected('truncated');
  return { rows: z.array(row).parse(answer.data), next: answer.skipToken || undefined };
}

/** Rows per page: the most that Resource Graph returns. */
const pageRows = 1000;
const mostPages = 5;

/** Runs a query with up to thousands of rows, page by page. The query must fix an order. Throws if there are too many pages. */
export async function askGraphForMany<T>(
  clients: Clients,
  subscriptions: readonly string[] | typeof everywhere,
  query: string,
  row: z.ZodType<T>,
): Promise<readonly T[]> {
  const rows: T[] = [];
  let skipToken: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await pageOf(clients, subscriptions, query, row, {
      top: pageRows,
      ...(skipToken === undefined ? {} : { skipToken }),
    });
    rows.push(...answer.rows);
    if (answer.next === undefined) return rows;
    skipToken = answer.next;
  }
  throw new Unexpected('too many pages');
}
