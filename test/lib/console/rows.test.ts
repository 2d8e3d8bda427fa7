import { describe, expect, it } from 'vitest';
import { remediationRows, unreadableCards } from '../../../src/lib/console/rows.ts';
import { viewRemediation } from '../../../src/lib/console/views.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import { closed, looked, waiting } from '../console-entries.ts';
import { appId, history, nowMs } from '../facts.ts';

function rows(...entries: Entry[]): string {
  return remediationRows(
    history(...entries).remediations.map((one) => viewRemediation(one)),
    nowMs,
  ).text;
}

describe('a row of a list', () => {
  it('of what is live says what it waits for and when pullmedic looks again', () => {
    const text = rows(looked, waiting);

    expect(text).toContain('<span class="badge wait">waiting</span>');
    expect(text).toContain('Waits for the role to take effect. Next look');
  });

  it('of what has ended says when and how', () => {
    const text = rows(looked, closed);

    expect(text).toContain('<span class="badge good">recovered</span>');
    expect(text).not.toContain('Next look');
  });
});

describe('a row of a list whose history was read from the archive', () => {
  const row = (more: { archived?: true }): string =>
    remediationRows(
      history(looked, closed).remediations.map((one) => ({ ...viewRemediation(one), ...more })),
      nowMs,
    ).text;

  it('says so, and no other does', () => {
    expect(row({ archived: true })).toContain('in the archive');
    expect(row({})).not.toContain('archive');
  });
});

describe('a history that cannot be read', () => {
  it('is named with the reason', () => {
    const id = `t${'0'.repeat(24)}.1` as RemediationId;
    const text = unreadableCards([{ id, appId, why: 'newer-version', updatedAtMs: nowMs }])?.text;

    expect(text).toContain('ca-orders');
    expect(text).toContain('written by a newer version');
    expect(unreadableCards([])).toBeUndefined();
  });
});
