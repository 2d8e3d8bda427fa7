import { describe, expect, it } from 'vitest';
import { sayWriter, writerLine } from '../../../src/lib/console/writer-words.ts';

const nowMs = Date.parse('2026-03-02T01:00:00Z');
const minute = 60_000;
const ada = { by: 'ada@contoso.example', kind: 'User', atMs: nowMs - 20 * minute };
const robot = { by: '11111111-2222-4333-8444-555555555555', kind: 'Application', atMs: nowMs - 5 * minute };
const plain = (shown: { readonly text: string }): string => shown.text.replaceAll(/<[^>]*>/g, '');

describe('who deployed', () => {
  it('is the writer of the app before the first look, by name, kind and time', () => {
    const said = plain(sayWriter({ writes: { first: ada }, actions: [] }, nowMs));

    expect(said).toBe(
      'ada@contoso.example (a person), 20 minutes ago (2026-03-02 00:40:00 UTC), the last write before the first look.',
    );
    expect(writerLine({ writes: { first: ada } })).toBe('ada@contoso.example (a person), 2026-03-02 00:40:00 UTC');
  });

  it('is told apart from who wrote the app since, and from what pullmedic wrote itself', () => {
    const made = { action: 'new-revision', outcome: 'done', atMs: robot.atMs } as const;
    const writes = { first: ada, since: robot };

    expect(plain(sayWriter({ writes, actions: [] }, nowMs))).toMatch(
      /Written again since: 1{8}-\S+ \(an application\), 5 minutes ago/,
    );
    expect(plain(sayWriter({ writes, actions: [] }, nowMs))).not.toContain('pullmedic itself');
    expect(plain(sayWriter({ writes, actions: [made] }, nowMs))).toContain(
      'pullmedic itself made a revision at 2026-03-02 00:55:00 UTC.',
    );
  });

  it('that Azure does not say, or that was not read, is said as such', () => {
    expect(plain(sayWriter({ writes: { first: 'not-said' }, actions: [] }, nowMs))).toBe(
      'Azure does not say who wrote the app last.',
    );
    expect(plain(sayWriter({ actions: [] }, nowMs))).toMatch(/^Not read: /);
    expect([writerLine({}), writerLine({ writes: { first: 'not-said' } })]).toEqual(['not read', 'Azure does not say']);
  });

  it('is a name that cannot become markup', () => {
    const writes = { first: { by: '<img src=x>', atMs: nowMs } };

    expect(sayWriter({ writes, actions: [] }, nowMs).text).toContain('&lt;img src=x&gt;');
    expect(writerLine({ writes: { first: { ...ada, kind: 'Robot' } } })).toContain('(Robot)');
  });
});
