// The figures at the end, the table, and the one line for what did not hold.
import { describe, expect, it } from 'vitest';
import type { Remediation } from '../../../local/demo/answers.ts';
import { painter } from '../../../local/demo/paint.ts';
import { endingOf, summary } from '../../../local/demo/summary.ts';
import { failures, table } from '../../../local/demo/terminal.ts';
import type { Told } from '../../../local/demo/told.ts';
import { histories, incident, openedMs, recovered, remediation, roleMissing, scenario, told } from './told-facts.ts';

const noColour = painter({}, {});

function figuresOf(...all: Told[]): string[] {
  return summary(all).map(([name, text]) => `${name}: ${text}`);
}

function recoveredIn(ms: number): Remediation {
  return recovered({ times: { failedAtMs: openedMs, detectedAtMs: openedMs, recoveredAtMs: openedMs + ms } });
}

function recoveredAfter(ms: number): Told {
  return told({ histories: histories([recoveredIn(ms)]) });
}

describe('the figures', () => {
  it('are five, also where nothing happened', () => {
    expect(figuresOf(told())).toEqual([
      'Recovered without a person: 0 of 0',
      'Handed over with commands: 0',
      'Left alone on purpose: 0',
      'Changes made in Azure: 0',
      'Expectations that failed: 0',
    ]);
  });

  it.each<[string, number[], string]>([
    ['the middle of an odd number', [60_000, 300_000, 120_000], '3 of 3, median 2m00s'],
    ['between the two in the middle of an even number', [60_000, 120_000], '2 of 2, median 1m30s'],
  ])('give the median time: %s', (_, times, text) => {
    expect(figuresOf(...times.map(recoveredAfter))[0]).toContain(text);
  });

  it('count a recovery that a person was asked for as no recovery without a person', () => {
    const handed = recovered({ incident: 'i1' });
    const approved = recovered({ incident: 'i1', approval: { state: 'approved', question: 1 } });
    const lines = figuresOf(told({ histories: histories([handed, approved, recovered()], [incident()]) }));

    expect(lines[0]).toMatch(/: 1 of 3,/);
    expect(lines[1]).toBe('Handed over with commands: 1; 1 recovered after a yes');
  });

  it('tell an incident with commands from one with advice only', () => {
    const all = histories([roleMissing({ incident: 'i1' })], [incident({ commands: [] })]);

    expect(figuresOf(told({ histories: all }))[1]).toBe('Handed over with commands: 0; 1 with advice only');
  });

  it('count every remediation once', () => {
    const withdrawn = remediation({ closed: { how: 'withdrawn', because: 'not-a-pull-failure', atMs: openedMs } });
    const unproven = remediation({ closed: { how: 'unproven', because: 'ready-without-a-row', atMs: openedMs } });

    expect(figuresOf(told({ histories: histories([withdrawn, unproven, remediation()]) }))[2]).toBe(
      'Left alone on purpose: 1; 1 ended without proof; 1 still waiting',
    );
    expect(endingOf(roleMissing({ approval: { state: 'pending', question: 1 }, incident: 'i1' }))).toBe(
      'waits for a yes',
    );
  });

  it('count the changes in Azure by their kind, and the expectations that failed', () => {
    const restart = { kind: 'restart', atMs: 0, app: 'ca', revision: 'r', served: false, pulled: false } as const;
    const made = { principalId: 'p', roleId: 'r', scope: 's' };
    const { azure } = told();
    const changes = [restart, { kind: 'grant', atMs: 0, made, condition: '', needed: [made] }, restart] as const;
    const lines = figuresOf(
      told({ azure: { ...azure, changes }, failures: [{ what: 'x', expected: 'a', seen: 'b' }] }),
    );

    expect(lines.slice(3)).toEqual(['Changes made in Azure: 3 (1 grant, 2 restarts)', 'Expectations that failed: 1']);
  });
});

describe('the table', () => {
  it('has a row for each remediation, with its cause, its end and the result', () => {
    const rows = table([told({ histories: histories([recovered()]) }), told({ scenario: scenario('idle') })], noColour);

    expect(rows).toMatch(/^missing-role +pull-role-missing +recovered +10m05s +as expected$/m);
    expect(rows).toMatch(/^idle .* as expected$/m);
  });

  it('says that others put right what was handed over, and only once it has recovered', () => {
    const one = table([told({ histories: histories([recovered({ incident: 'i1' })]) })], noColour);
    const open = table([told({ histories: histories([remediation({ incident: 'i1' })]) })], noColour);

    expect(one).toContain('by others');
    expect(open).toContain('handed over');
  });
});

describe('the table of equal outcomes', () => {
  const all = histories([recoveredIn(60_000), recoveredIn(125_000), recoveredIn(60_000), remediation()]);
  const rows = table([told({ histories: all })], noColour)
    .split('\n')
    .slice(2);

  it('has one row for all that came to the same, with how many and the shortest and the longest time', () => {
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatch(/^missing-role ×3 +pull-role-missing +recovered +1m00s–2m05s +as expected$/);
    expect(rows[1]).toMatch(/^missing-role +- +goes on +- +as expected$/);
  });

  it('keeps the number where the name is cut', () => {
    const long = scenario('a-scenario-with-a-name-longer-than-any-other');

    expect(table([told({ scenario: long, histories: all })], noColour)).toMatch(
      /^a-scenario-with-a-name-[a-z-]*… ×3 /m,
    );
  });
});

describe('the table of many scenarios', () => {
  const repaired = told({ histories: histories([recoveredIn(60_000), recoveredIn(120_000), recoveredIn(180_000)]) });
  const byOthers = told({ histories: histories([recovered({ incident: 'i1' })]) });
  const asks = told({ histories: histories([roleMissing({ approval: { state: 'pending', question: 1 } })]) });
  const dns = told({ histories: histories([remediation({ incident: 'i1', causes: ['private-dns-unlinked'] })]) });
  const idle = Array.from({ length: 25 }, () => told());
  const rowsFor = (...all: readonly Told[]): string[] => table(all, noColour).split('\n');
  const shown = rowsFor(repaired, byOthers, asks, dns, ...idle);

  it('has one row for each cause, the most frequent first, with how often it came to what', () => {
    expect(shown.slice(-2)).toEqual([
      expect.stringMatching(/^pull-role-missing +3 +1 +- +1 +- +- +2m00s$/),
      expect.stringMatching(/^private-dns-unlinked +- +- +1 +- +- +- +-$/),
    ]);
  });

  it('says what its columns are, and fits a terminal', () => {
    expect(shown.join(' ')).toContain('by others: handed over, and put right since.');
    expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('shows in red a cause of a scenario that failed', () => {
    const paint = painter({ isTTY: true }, {});
    const failed = { ...dns, failures: [{ what: 'x', expected: 'a', seen: 'b' }] };
    const rows = table([repaired, failed, ...idle], paint).split('\n');

    expect(rows.at(-1)).toBe(paint('bad', shown.at(-1) ?? ''));
    expect(rows.at(-2)).not.toContain('\u001b');
  });

  it('names each scenario where these are few', () => {
    expect(table(idle, noColour)).toContain('missing-role');
    expect(rowsFor(dns, ...idle).at(-1)).toMatch(/^private-dns-unlinked/);
  });
});

describe('the table of long names', () => {
  it('is at most 100 columns wide, and still says the result', () => {
    const all = histories([recovered({ causes: ['a-cause-with-a-name-longer-than-any-other'], incident: 'i1' })]);
    const name = 'a-scenario-with-a-name-longer-than-any-other';
    const rows = table([told({ scenario: scenario(name), histories: all })], noColour).split('\n');

    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(100);
    expect(rows.at(-1)).toMatch(/by others {2}10m05s {2}as expected$/);
  });
});

describe('what did not hold', () => {
  const first = { what: 'ca: causes', expected: 'a', seen: 'b' };
  const second = { what: 'ca: ended', expected: 'c', seen: 'd' };

  it('is one line for each scenario: the first expectation, from which others follow', () => {
    expect(failures([told({ failures: [first, second] }), told()], noColour)).toBe(
      'missing-role: ca: causes: expected a; seen b (and 1 more)',
    );
  });

  it('is a broken promise before any expectation of the file', () => {
    const promise = {
      what: 'a grant that no app needed',
      expected: 'none',
      seen: 'AcrPull for id',
      always: true,
    } as const;

    expect(failures([told({ failures: [first, promise] })], noColour)).toMatch(
      /^missing-role: a grant that no app needed/,
    );
  });
});
