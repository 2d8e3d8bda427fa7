// Payloads as Azure sends them, and what was read from them.
import { readFileSync } from 'node:fs';
import type { Read, Signal } from '../../../src/lib/signals/signal.ts';

/** A recorded or documented payload of `test/fixtures/signals`. */
export function fixture(name: string): unknown {
  return JSON.parse(readFileSync(`test/fixtures/signals/${name}.json`, 'utf8'));
}

/** Throws what was wrong with the payload. */
export function signalsOf(read: Read): readonly Signal[] {
  if (!read.ok) throw new Error(read.problem);
  return read.signals;
}

/** Microsoft's own sample with dimensions of our alert rule. */
export function alertFor(dimensions: { name: string; value: string }[], name = 'log-alert-v2-fired.doc'): unknown {
  const alert = fixture(name) as { data: { alertContext: { condition: { allOf: { dimensions: unknown }[] } } } };
  const [condition] = alert.data.alertContext.condition.allOf;
  if (condition !== undefined) condition.dimensions = dimensions;
  return alert;
}

export const ours = [
  { name: 'Environment', value: 'cae-shop' },
  { name: 'App', value: 'CA-Orders' },
  { name: 'Revision', value: 'ca-orders--0000001' },
];
