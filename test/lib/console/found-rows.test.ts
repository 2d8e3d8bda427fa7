import { describe, expect, it } from 'vitest';
import { foundRows, recoveryMs, rowsAsCsv, sayRow } from '../../../src/lib/console/found-rows.ts';
import { minute, nowMs } from '../facts.ts';
import { endedRow, liveRow } from '../found.ts';

describe('a row that was found', () => {
  it('says what is wrong, where it stands, and of what is live when pullmedic looks again', () => {
    const { text } = foundRows([liveRow(5)], nowMs);

    expect(text).toContain('<strong>ca-5</strong></a> <span class="badge wait">waiting</span>');
    expect(text).toContain('The identity has no role that lets it pull (confirmed).');
    expect(text).toContain('Next look');
    expect(text).toContain('opened <time');
  });

  it('says of what recovered how long that took', () => {
    expect(foundRows([endedRow(5)], nowMs).text).toContain(', after 1 min 00 s');
    expect(recoveryMs(endedRow(5))).toBe(minute);
    expect(recoveryMs(endedRow(5, 'withdrawn'))).toBeUndefined();
  });

  it('says where its history is in the archive', () => {
    expect(foundRows([{ ...endedRow(5), archived: true }], nowMs).text).toContain('in the archive');
    expect(foundRows([endedRow(5)], nowMs).text).not.toContain('archive');
  });

  it('says of a look that found nothing failing just that', () => {
    const row = endedRow(5, 'withdrawn');
    const { facts } = row;
    if (facts === undefined) throw new Error('no facts');
    const closed = { how: 'withdrawn', because: 'nothing-failing', atMs: nowMs } as const;

    expect(sayRow({ ...row, facts: { ...facts, causes: ['unexplained'], closed } })).toContain(': nothing was failing');
  });

  it('says what a row of an older version cannot, and that a history cannot be read', () => {
    const { facts: _, ...older } = endedRow(1);

    expect(foundRows([older], nowMs).text).toContain('An older version wrote this row');
    expect(sayRow({ ...older, unreadable: 'broken' })).toContain('its entries do not add up');
  });

  it('keeps hostile values as text, and their passwords for itself', () => {
    const { text } = foundRows([liveRow(1, { appName: '<script>', image: 'https://ada:hunter2@x.example/a' })], nowMs);

    expect(text).not.toMatch(/<script|hunter2/);
  });

  it('is a line of a table', () => {
    const [header, line] = rowsAsCsv([endedRow(1, 'recovered', { appName: '=cmd' })]).split('\r\n');

    expect(header).toContain('"id","app","image"');
    expect(line).toContain(`"'=cmd"`);
    expect(line).toContain('"recovered","pull-role-missing","confirmed"');
    expect(line).toContain('"60"');
  });
});
