// The alerts of a remediation: each once, and five at most.
import { describe, expect, it } from 'vitest';
import { alertsOf } from '../../../src/lib/history/named-alerts.ts';
import type { SignalAlert } from '../../../src/lib/signals/signal.ts';
import { alert, signal } from '../facts.ts';

const named = (place: number): SignalAlert => ({ ...alert, id: `${alert.id}${place}` as typeof alert.id });

describe('the alerts of a remediation', () => {
  it('are the first five that its signals name, each once', () => {
    const signals = [1, 1, 2, 3, 4, 5, 6].map((place) => ({ ...signal, alert: named(place) }));

    expect(alertsOf({ signals: [signal, ...signals] })).toEqual([1, 2, 3, 4, 5].map(named));
  });
});
