import { describe, expect, it } from 'vitest';
import { sayRefusal, sayRefusalCode } from '../../../src/lib/history/refusal-words.ts';
import { nowMs } from '../facts.ts';

describe('the words for a refusal', () => {
  it('have the code beside them, and when the role was last removed', () => {
    expect(sayRefusal({ guard: 'mode', why: 'observe' })).toBe(
      'the mode is observe: it proposes and changes nothing (mode: observe)',
    );
    expect(sayRefusal({ guard: 'mode', why: 'observe', removedAtMs: nowMs })).toContain('last at 2026-06-01 02:00 UTC');
  });

  it('read codes of older versions, and let a code that is not known stand for itself', () => {
    expect(sayRefusalCode('target-limit: restarts-per-day')).toContain('daily limit of restarts');
    expect(sayRefusalCode('from: the-future')).toBe('from: the-future');
  });
});
