import { describe, expect, it } from 'vitest';
import { type Cause, causes } from '../../../src/lib/causes/causes.ts';
import type { Measured } from '../../../src/lib/console/measured-rows.ts';
import { blankCommands, type CauseInForce, runbookList } from '../../../src/lib/console/runbook-list.ts';
import { nowMs } from '../facts.ts';
import { figures } from '../figures.ts';

const latest = (...all: Measured[]) => ({ figures: all, skipped: 0, wholeSinceMs: 0 });
const had = (ordinal: number, more: Partial<Measured> = {}): Measured =>
  figures({ ordinal, openedAtMs: nowMs - ordinal, causes: ['tag-missing'], ...more });

function of(cause: Cause, ...all: Measured[]): CauseInForce | undefined {
  return runbookList(latest(...all), 'observe', undefined).causes.find((one) => one.cause === cause);
}

describe('the list of runbooks', () => {
  it('has every cause, with what happens in the mode of the settings', () => {
    const { causes: listed } = runbookList(latest(), 'act', undefined);

    expect(listed.map(({ cause }) => cause)).toEqual(causes);
    expect(listed[0]?.happens).toMatch(/^Grants the role/);
    expect(of('pull-role-missing')?.happens).toContain('changes nothing');
  });

  it('counts those that had a cause, and names the latest', () => {
    const all = Array.from({ length: 7 }, (_, index) => had(index + 1));

    expect(of('tag-missing', ...all)).toMatchObject({ count: 7 });
    expect(of('tag-missing', ...all)?.last.map(({ openedAtMs }) => openedAtMs - nowMs)).toEqual([-1, -2, -3, -4, -5]);
    expect(of('custom-dns', ...all)).toMatchObject({ count: 0, last: [] });
  });

  it('does not count a remediation that stood down: the cause was only suspected', () => {
    const closed = { how: 'withdrawn', because: 'not-a-pull-failure', atMs: nowMs } as const;

    expect(of('tag-missing', had(1, { closed }))).toMatchObject({ count: 0 });
  });

  it('says how far back it counted', () => {
    expect(runbookList({ ...latest(had(1), had(2)), wholeSinceMs: 7 }, 'act', undefined)).toMatchObject({
      read: 2,
      wholeSinceMs: 7,
    });
  });

  it('leads to the page of a cause only where the settings name the folder', () => {
    expect(of('tag-missing')).not.toHaveProperty('page');
    expect(runbookList(latest(), 'act', 'https://docs.example/runbooks').causes[0]?.page).toBe(
      'https://docs.example/runbooks/pull-role-missing.md',
    );
  });
});

describe('the commands of a cause without a case', () => {
  it.each(causes)('name nothing that is not a placeholder: %s', (cause) => {
    const text = JSON.stringify(blankCommands(cause));

    expect(text).not.toMatch(/undefined|\bunknown\b/);
    expect(text).toMatch(/APP|REGISTRY/);
  });

  it('against a missing role are the grant, and for a registry with repository permissions that of one repository', () => {
    expect(blankCommands('pull-role-missing').commands[0]?.text).toContain('--assignee-object-id PRINCIPAL_ID');
    expect(blankCommands('registry-became-abac').commands[0]?.text).toContain('--condition-version 2.0');
  });
});
