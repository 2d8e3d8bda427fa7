// The request of an operator: look at this app.

import * as z from 'zod';
import { kindsInWords, parseWorkloadId } from '../workloads/workloads.ts';
import { appName, problemOf } from './payload.ts';
import type { Read, Signal } from './signal.ts';

const operatorSignal = z.strictObject({ app: z.string().max(1024), revision: appName.optional() });

/**
 * Reads what an operator asks: `{"app": "<resource id>", "revision"?}`. The request proves nothing: pullmedic looks as after any other
 * signal.
 */
export function readOperatorSignal(body: unknown, nowMs: number): Read {
  const parsed = operatorSignal.safeParse(body);
  if (!parsed.success) return { ok: false, problem: problemOf(parsed.error) };
  const id = parseWorkloadId(parsed.data.app);
  if (id === undefined) return { ok: false, problem: `app: not the resource id of ${kindsInWords}` };
  const { revision } = parsed.data;
  const signal: Signal = {
    id: `operator|${id}|${nowMs}`,
    via: 'operator',
    about: { kind: 'app', id },
    atMs: nowMs,
    ...(revision === undefined ? {} : { revision }),
  };
  return { ok: true, signals: [signal] };
}
