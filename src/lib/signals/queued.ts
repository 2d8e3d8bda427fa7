// A signal, read back from the queue.

import * as z from 'zod';
import { parseArmId } from '../words/arm-id.ts';
import { workloadKinds } from '../workloads/workloads.ts';
import { alertFrom } from './alert.ts';
import { appName } from './payload.ts';
import type { About, Signal } from './signal.ts';
import { vias } from './signal.ts';

/** Reads a signal back from the queue. A message of the queue is not trusted more than an alert. */
export function readQueuedSignal(message: unknown): Signal | undefined {
  const parsed = stored.safeParse(message);
  if (!parsed.success) return undefined;
  const about = knownAbout(parsed.data.about);
  if (about === undefined) return undefined;
  const { id, via, atMs, revision, joinOnly, asked, alert } = parsed.data;
  return {
    id,
    via,
    atMs,
    about,
    ...(revision === undefined ? {} : { revision }),
    ...(joinOnly === undefined ? {} : { joinOnly }),
    ...(asked === undefined ? {} : { asked: askedIn(asked) }),
    ...(alert === undefined ? {} : alertFrom(alert.id, alert.rule)),
  };
}

const storedAbout = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('app'), id: z.string() }),
  z.object({
    kind: z.literal('app-name'),
    name: appName,
    environment: appName.optional(),
    workload: z.enum(workloadKinds).optional(),
  }),
  z.object({ kind: z.literal('change'), resource: z.string() }),
  z.object({ kind: z.literal('pushed'), registry: z.string().max(260), repository: z.string().max(260) }),
]);

const stored = z.object({
  id: z.string().min(1).max(2048),
  via: z.enum(vias),
  about: storedAbout,
  atMs: z.number().finite(),
  revision: appName.optional(),
  joinOnly: z.boolean().optional(),
  asked: z.object({ by: z.string().max(200), why: z.string().max(500).optional() }).optional(),
  alert: z.object({ id: z.string().max(1024), rule: z.string().max(260) }).optional(),
});

function askedIn({ by, why }: { by: string; why?: string | undefined }): NonNullable<Signal['asked']> {
  return why === undefined ? { by } : { by, why };
}

function knownAbout(about: z.infer<typeof storedAbout>): About | undefined {
  if (about.kind === 'pushed') return about;
  if (about.kind === 'app-name') {
    return {
      kind: 'app-name',
      name: about.name,
      ...(about.environment === undefined ? {} : { environment: about.environment }),
      ...(about.workload === undefined ? {} : { workload: about.workload }),
    };
  }
  const id = parseArmId(about.kind === 'app' ? about.id : about.resource);
  if (id === undefined) return undefined;
  return about.kind === 'app' ? { kind: 'app', id } : { kind: 'change', resource: id };
}
