// The request of an operator: look at this app.

import * as z from 'zod';
import type { ArmId } from '../words/arm-id.ts';
import { kindsInWords, parseWorkloadId } from '../workloads/workloads.ts';
import { appName, problemOf } from './payload.ts';
import type { Read, Signal } from './signal.ts';

const operatorSignal = z.strictObject({
  app: z.string().max(1024),
  revision: appName.optional(),
  why: z.string().trim().min(1).max(500).exactOptional(),
});

/** What an operator sends at least, for a person who sent something else. */
export const operatorBody = `{"app": "<resource id of ${kindsInWords}>"}`;

/**
 * Reads what an operator asks: `{"app": "<resource id>", "revision"?, "why"?}`. The request proves nothing: pullmedic looks as after any other
 * signal. `by` is the person, as histories name one.
 */
export function readOperatorSignal(body: unknown, nowMs: number, by?: string): Read {
  const parsed = operatorSignal.safeParse(body);
  if (!parsed.success) return { ok: false, problem: problemOf(parsed.error) };
  const id = parseWorkloadId(parsed.data.app);
  if (id === undefined) return { ok: false, problem: `app: not the resource id of ${kindsInWords}` };
  const { revision, why } = parsed.data;
  const asked = by === undefined ? undefined : { by, ...(why === undefined ? {} : { why }) };
  const signal = lookWanted(id, nowMs, asked);
  return { ok: true, signals: [revision === undefined ? signal : { ...signal, revision }] };
}

/** The signal of a person who wants pullmedic to look at this app. */
export function lookWanted(app: ArmId, nowMs: number, asked: Signal['asked']): Signal {
  return {
    id: `operator|${app}|${nowMs}`,
    via: 'operator',
    about: { kind: 'app', id: app },
    atMs: nowMs,
    ...(asked === undefined ? {} : { asked }),
  };
}
