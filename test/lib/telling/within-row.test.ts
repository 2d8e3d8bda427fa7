import { describe, expect, it } from 'vitest';
import type { Told } from '../../../src/lib/incidents/system.ts';
import { withinRow } from '../../../src/lib/telling/within-row.ts';

const long = 'x'.repeat(100_000);

describe('what a system answers', () => {
  it.each<Told>([
    { kind: 'told' },
    { kind: 'told', external: { id: '7', url: 'https://tickets.example/7', more: { channel: 'C1' } } },
    { kind: 'accepted', receipt: 'r' },
    { kind: 'failed', failure: { why: 'throttled', detail: 'HTTP 429', waitMs: 5 } },
  ])('is kept where it is short: %j', (told) => {
    expect(withinRow(told)).toEqual(told);
  });

  it.each<[string, Told, Told]>([
    ['address', { kind: 'told', external: { id: '7', url: long } }, { kind: 'told', external: { id: '7' } }],
    ['name', { kind: 'told', external: { id: long, url: 'https://tickets.example/7' } }, { kind: 'told' }],
    ['more', { kind: 'told', external: { id: '7', more: { text: '\u0001'.repeat(2000) } } }, { kind: 'told' }],
    [
      'receipt',
      { kind: 'accepted', receipt: long },
      { kind: 'failed', failure: { why: 'no-answer', detail: 'receipt too long' } },
    ],
    [
      'detail',
      { kind: 'failed', failure: { why: 'message-refused', detail: long } },
      { kind: 'failed', failure: { why: 'message-refused', detail: `${'x'.repeat(199)}…` } },
    ],
  ])('loses its %s where that is too long', (_what, told, kept) => {
    expect(withinRow(told)).toEqual(kept);
  });
});
