// The figures of a remediation as the facts of its row store them.

import * as z from 'zod';

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
