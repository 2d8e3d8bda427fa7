// What the terminal says while scenarios run: each change once, whatever else runs beside it.
import { describe, expect, it } from 'vitest';
import type { Remediation } from '../../local/demo/answers.ts';
import { progress } from '../../local/demo/terminal.ts';

const one: Remediation = {
  id: 'r1',
  target: { appName: 'ca-orders', image: 'acrshop.azurecr.io/shop/orders:v1' },
  startedBy: 'log-alert',
  signals: 1,
  updatedAtMs: Date.parse('2026-06-01T02:03:04Z'),
  causes: [],
  findings: [],
  ruledOut: [],
  refusals: [],
  actions: [],
  times: { detectedAtMs: 0 },
} as unknown as Remediation;

describe('the progress of scenarios', () => {
  it('is said once for each change, and for each scenario by itself, also where two have the same app', () => {
    const lines: string[] = [];
    const show = progress((line) => lines.push(line));
    const named = { ...one, suspicion: 'dns' };
    for (const name of ['first', 'second', 'first', 'second']) show(name, { remediations: [one], incidents: [] });
    show('first', { remediations: [named], incidents: [] });
    show('second', { remediations: [one], incidents: [] });

    expect(lines).toEqual([
      '[02:03:04] first  ca-orders: nothing read yet; looking',
      '[02:03:04] second  ca-orders: nothing read yet; looking',
      '[02:03:04] first  ca-orders: log says dns; looking',
    ]);
  });
});
