// The figures of remediations in Azure Table Storage: one row for each, the latest opening first, so that one request reads the latest.

import * as z from 'zod';
import type { Figures } from '../../history/figures.ts';
import type { Ports } from '../../ports/ports.ts';
import { parseArmId } from '../../words/arm-id.ts';
import { latest } from '../../words/latest.ts';
import { parseRemediationId } from '../../words/target.ts';
import type { Table } from '../clients/table.ts';
import { odata } from './odata.ts';

/** Beside the rows of the index, in a partition that no other list reads. */
const partition = 'figures';

/** How many written rows this process remembers: the same row is not written twice in a row. */
const mostRemembered = 5000;

/** The figures of all instances. */
export function figuresIn(table: Table): Ports['figures'] {
  const written = latest<string, string>(mostRemembered);
  return {
    async put(figures) {
      const text = JSON.stringify(figures);
      if (written.get(figures.remediation) === text) return;
      await table.upsertEntity({ partitionKey: partition, rowKey: rowKeyOf(figures), figures: text }, 'Replace');
      written.put(figures.remediation, text);
    },
    async latest(most) {
      const found: Figures[] = [];
      let skipped = 0;
      const filter = odata`PartitionKey eq ${partition}`;
      for await (const entity of table.listEntities({ queryOptions: { filter, select: ['rowKey', 'figures'] } })) {
        // One row more than is wanted says that there are older ones.
        if (found.length + skipped === most) return { figures: found, skipped, more: true };
        const figures = figuresFrom(entity['figures']);
        if (figures === undefined) skipped += 1;
        else found.push(figures);
      }
      return { figures: found, skipped, more: false };
    },
  };
}

/** Until the year 2286 an instant in milliseconds has 13 digits; what is left of the largest of them orders the latest first. */
const largestInstant = 9_999_999_999_999;

function rowKeyOf({ openedAtMs, remediation }: Figures): string {
  return `${String(largestInstant - Math.floor(openedAtMs)).padStart(13, '0')}|${remediation}`;
}

const instant = z.number().optional();
/** Figures as they are stored, before their ids and codes are read. */
export const storedFigures = z.object({
  remediation: z.string(),
  appId: z.string(),
  registry: z.string(),
  openedAtMs: z.number(),
  failedAtMs: instant,
  diagnosedAtMs: instant,
  actedAtMs: instant,
  grantedAtMs: instant,
  askedAtMs: instant,
  recoveredAtMs: instant,
  causes: z.array(z.string()),
  sure: z.enum(['confirmed', 'suspected', 'unexplained']).optional(),
  refused: z.array(z.string()),
  closed: z
    .object({ how: z.enum(['recovered', 'withdrawn', 'unproven']), because: z.string(), atMs: z.number() })
    .optional(),
});

/** `undefined` where the row cannot be read: then it is counted, and hides no other. */
function figuresFrom(text: unknown): Figures | undefined {
  const read = parsed(text);
  const remediation = parseRemediationId(read?.remediation ?? '')?.id;
  const appId = parseArmId(read?.appId ?? '');
  if (read === undefined || remediation === undefined || appId === undefined) return undefined;
  // A code that this version does not know only stands for itself on a page.
  return { ...read, remediation, appId } as Figures;
}

function parsed(text: unknown): z.infer<typeof storedFigures> | undefined {
  try {
    return storedFigures.safeParse(JSON.parse(String(text))).data;
  } catch {
    return undefined;
  }
}
