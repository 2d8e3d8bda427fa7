// A reason: one line of text, of bounded length, required where an answer overrules what stands for others.
import { describe, expect, it } from 'vitest';
import { longestReason, needsReason, readReason } from '../../../src/lib/answers/reason.ts';
import { verbs } from '../../../src/lib/answers/verbs.ts';

describe('a reason', () => {
  it('is one line: line breaks, control and invisible characters become one space', () => {
    expect(readReason('approve', ' the owner\r\n\tagreed\u202e\u0000\u2028 today ')).toEqual({
      ok: true,
      why: 'the owner agreed today',
    });
  });

  it('may have 500 characters, and not one more', () => {
    expect(readReason('approve', 'x'.repeat(longestReason)).ok).toBe(true);
    expect(readReason('approve', 'x'.repeat(longestReason + 1))).toEqual({ ok: false, problem: 'too-long' });
  });

  it('is required to take back, to forget and to turn the kill switch off, and nowhere else', () => {
    expect(verbs.filter(needsReason)).toEqual(['undo', 'undo-anyway', 'forget', 'switch-off']);
    expect(readReason('forget', ' \u200b ')).toEqual({ ok: false, problem: 'missing' });
    expect(readReason('switch-on', ' \u200b ')).toEqual({ ok: true });
  });
});
