// What a page says once after an answer: only what pullmedic itself sealed, for this person and this page, for some minutes.
import { describe, expect, it } from 'vitest';
import { addressWithNotice, noticeIn, sayNotice } from '../../../src/lib/answers/notice.ts';
import { verbs } from '../../../src/lib/answers/verbs.ts';
import { minute, nowMs } from '../facts.ts';
import { memoryFormSeals } from '../memory-form-seals.ts';

const page = '/api/history/t1.1';

function clocked() {
  const ports = { atMs: nowMs, now: () => ports.atMs, seals: memoryFormSeals() };
  return ports;
}

async function said(ports: ReturnType<typeof clocked>, person = 'ada'): Promise<URLSearchParams> {
  const address = await addressWithNotice(ports, person, page, { verb: 'approve', kind: 'given' });
  return new URL(address, 'https://x.example').searchParams;
}

describe('what a page says after an answer', () => {
  it('is said to the person who answered, on this page, for five minutes', async () => {
    const ports = clocked();
    const query = await said(ports);

    expect(await noticeIn(ports, 'ada', page, query)).toEqual({ verb: 'approve', kind: 'given' });
    expect(await noticeIn(ports, 'bo', page, query)).toBeUndefined();
    expect(await noticeIn(ports, 'ada', '/api/now', query)).toBeUndefined();
    ports.atMs = nowMs + 5 * minute - 1;
    expect(await noticeIn(ports, 'ada', page, query)).toBeDefined();
    ports.atMs = nowMs + 5 * minute;
    expect(await noticeIn(ports, 'ada', page, query)).toBeUndefined();
  });

  it.each([
    ['said', 'reject.given'],
    ['said', 'approve.held'],
    ['said', 'approve'],
    ['said', 'constructor.given'],
    ['until', String(nowMs + 60 * minute)],
    ['until', 'soon'],
    ['seal', 'f'.repeat(64)],
    ['seal', ''],
  ])('is not said where a link changes %s to %s', async (name, value) => {
    const ports = clocked();
    const query = await said(ports);
    query.set(name, value);

    expect(await noticeIn(ports, 'ada', page, query)).toBeUndefined();
  });

  it('leads to the page without words where it cannot be sealed', async () => {
    const dark = {
      now: () => nowMs,
      seals: memoryFormSeals(() => {
        throw new Error('no answer');
      }),
    };

    expect(await addressWithNotice(dark, 'ada', page, { verb: 'approve', kind: 'given' })).toBe(page);
    expect(await noticeIn(dark, 'ada', page, await said(clocked()))).toBeUndefined();
  });

  it('has a sentence for every verb, and says when the kill switch holds it back or the form was sent before', () => {
    const sentences = verbs.map((verb) => sayNotice({ verb, kind: 'given' }));

    expect(new Set(sentences).size).toBe(verbs.length);
    expect(sayNotice({ verb: 'approve', kind: 'held' })).toContain('nothing is changed until it is off');
    expect(sayNotice({ verb: 'approve', kind: 'before' })).toContain('was sent before');
  });
});

describe('what a page says once', () => {
  it('names what the person did, and claims of the kill switch only what holds whoever sets it meanwhile', () => {
    for (const verb of ['switch-on', 'switch-off'] as const)
      expect(sayNotice({ verb, kind: 'given' })).toMatch(/^You turned the kill switch (?:on|off): while it is/);
    expect(sayNotice({ verb: 'approve', kind: 'held' })).toContain('The kill switch was on then');
  });
});
