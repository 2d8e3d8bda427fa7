import { describe, expect, it } from 'vitest';
import { phaseBar } from '../../../src/lib/console/phase-bar.ts';
import type { Phase } from '../../../src/lib/console/phases.ts';
import { minute, nowMs } from '../facts.ts';

function phase(name: string, fromMinutes: number, toMinutes: number): Phase {
  return { name, whose: 'azure', fromMs: nowMs + fromMinutes * minute, toMs: nowMs + toMinutes * minute };
}

function widths(phases: readonly Phase[]): number[] {
  return [...(phaseBar(phases)?.text ?? '').matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));
}

describe('the bar of phases', () => {
  it('says each phase in words, for people who do not see the colours', () => {
    const text = phaseBar([phase('diagnosis', 0, 2)])?.text ?? '';

    expect(text).toContain('aria-label="diagnosis: 2 min 00 s, Azure’s time"');
    expect(text).toContain('<strong>2 min 00 s</strong>');
    expect(phaseBar([])).toBeUndefined();
  });

  it('is as long as its parts together, and each part can be seen', () => {
    const drawn = widths([phase('a', 0, 2), phase('b', 2, 4), phase('c', 4, 4.001)]);

    expect(Math.round(drawn.reduce((all, one) => all + one, 0))).toBe(1000);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(12);
    expect(drawn[0]).toBe(drawn[1]);
  });

  it('draws a wait that is far longer than the rest short, with a break mark', () => {
    const long = [phase('a', 0, 2), phase('b', 2, 1000)];
    const [first = 0, second = 0] = widths(long);

    expect(second / first).toBeLessThan(3);
    expect(phaseBar(long)?.text).toContain('class="break"');
    expect(phaseBar([phase('a', 0, 2), phase('b', 2, 5)])?.text).not.toContain('class="break"');
  });

  it('keeps a hostile name as text', () => {
    expect(phaseBar([phase('"><script>', 0, 1)])?.text).not.toContain('<script');
  });
});
