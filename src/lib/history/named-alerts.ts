// The alerts that the signals of a remediation named.

import type { SignalAlert } from '../signals/signal.ts';
import type { AlertId } from '../words/arm-id.ts';
import type { Remediation } from './state.ts';

/** The most alerts of one remediation that pullmedic asks Azure about, even if a sender names many more. */
const mostAlerts = 5;

/** The first alerts of a remediation, each once. */
export function alertsOf({ signals }: Pick<Remediation, 'signals'>): readonly SignalAlert[] {
  const byId = new Map<AlertId, SignalAlert>();
  for (const { alert: one } of signals) if (one !== undefined && !byId.has(one.id)) byId.set(one.id, one);
  return [...byId.values()].slice(0, mostAlerts);
}
