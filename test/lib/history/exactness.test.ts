// A later look takes the place of an earlier one where it is more exact, whatever the looks before it were.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../src/lib/causes/causes.ts';
import type { Diagnosis, Finding, FindingCode, Sureness } from '../../../src/lib/history/diagnosis.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import { exactness } from '../../../src/lib/history/exactness.ts';
import { history } from '../facts.ts';

type Look = Entry & { kind: 'looked' };

function diagnosis(cause: Cause, sure: Sureness, speaks: readonly Finding[], serves = false): Diagnosis {
  const base = { causes: [cause], sure, for: speaks, against: [], network: 'allows', detail: {} } as const;
  return serves ? { ...base, serves: true } : base;
}

function looked(of: Diagnosis, proof: Look['progress']['proof'] = 'not-yet'): Look {
  return {
    kind: 'looked',
    suspicions: [],
    diagnosis: of,
    progress: { pulledRow: false, readyReplica: false, notReady: [], proof },
    revisions: [],
    unread: [],
    calls: 0,
  };
}

const said = (label: string): Finding => ({ code: 'log-says', detail: { label, words: 'x', rule: 'x' } });
const fact = (code: FindingCode): Finding => ({ code, detail: {} });

/** The suspicions of a registry that moved to repository permissions, before and after the Activity Log shows the change. */
const tokenStale = diagnosis('platform-token-stale', 'suspected', [said('unauthorized'), fact('pulled-before')]);
const beforeAbac = diagnosis('credentials-from-before-abac', 'suspected', [
  said('unauthorized'),
  fact('pulled-before'),
  fact('registry-changed-by'),
  fact('registry-changed-by'),
]);
const appliance = diagnosis('egress-blocked', 'suspected', [fact('log-silent')]);
const limited = diagnosis('rate-limited', 'suspected', [said('rate-limited')]);
const unknown = diagnosis('unexplained', 'unexplained', [said('unauthorized')]);
const missing = diagnosis('pull-role-missing', 'confirmed', [fact('role-missing')]);

function bestOf(...looks: readonly Look[]): Diagnosis | undefined {
  return history(...looks).remediations[0]?.bestDiagnosis?.diagnosis;
}

describe('a suspicion', () => {
  it('gives way to a later one for which more speaks', () => {
    expect(bestOf(looked(tokenStale), looked(beforeAbac))).toEqual(beforeAbac);
    expect(bestOf(looked(appliance), looked(limited))).toEqual(limited);
    expect(bestOf(looked(unknown), looked(appliance), looked(beforeAbac))).toEqual(beforeAbac);
  });

  it('stays where no more speaks for the later one, and where the later look finds nothing', () => {
    const other = diagnosis('image-invalid', 'suspected', [said('image-invalid')]);

    expect(bestOf(looked(beforeAbac), looked(tokenStale))).toEqual(beforeAbac);
    expect(bestOf(looked(limited), looked(other))).toEqual(limited);
    expect(bestOf(looked(limited), looked(unknown))).toEqual(limited);
  });

  it('of a look at an app that serves says nothing about the failure before it', () => {
    const serving = { ...beforeAbac, serves: true } as const;

    expect(bestOf(looked(tokenStale), looked(serving))).toEqual(tokenStale);
  });

  it('never takes the place of what was confirmed', () => {
    expect(bestOf(looked(missing), looked(beforeAbac))).toEqual(missing);
  });
});

describe('over any looks, the best diagnosis', () => {
  const codes = ['registry-changed-by', 'cache-rule', 'role-elsewhere', 'pulled-before'] as const;
  const causes = ['rate-limited', 'egress-blocked', 'platform-token-stale', 'pull-role-missing'] as const;
  const labels = ['unauthorized', 'rate-limited', 'network', 'not-a-pull-failure'] as const;
  const seen = fc
    .record({
      cause: fc.constantFrom<Cause>(...causes),
      sure: fc.constantFrom<Sureness>('confirmed', 'suspected', 'suspected', 'unexplained'),
      label: fc.constantFrom(...labels),
      facts: fc.uniqueArray(fc.constantFrom(...codes), { maxLength: 3 }),
      serves: fc.boolean(),
      isProven: fc.boolean(),
    })
    .map(({ cause, sure, label, facts, serves, isProven }) =>
      looked(diagnosis(cause, sure, [said(label), ...facts.map(fact)], serves), isProven ? 'proven' : 'not-yet'),
    );
  const looks = fc.array(seen, { minLength: 1, maxLength: 8 });
  const exact = (of: readonly Look[]): number => {
    const best = bestOf(...of);
    return best === undefined ? -1 : exactness(best);
  };

  it('never becomes less exact, and is never demoted once it is confirmed', () => {
    fc.assert(
      fc.property(looks, (all) => {
        const course = all.map((_, at) => exact(all.slice(0, at + 1)));

        expect(course).toEqual(course.toSorted((a, b) => a - b));
      }),
    );
  });

  it('is the first of the most exact looks at a failing app, where none is confirmed or proves the recovery', () => {
    const failing = fc.array(
      seen.map((look) => {
        const { serves: _serves, ...of } = look.diagnosis;
        return looked({ ...of, sure: of.sure === 'confirmed' ? 'suspected' : of.sure });
      }),
      { minLength: 1, maxLength: 8 },
    );

    fc.assert(
      fc.property(failing, (all) => {
        const most = Math.max(...all.map((look) => exactness(look.diagnosis)));

        expect(bestOf(...all)).toEqual(all.find((look) => exactness(look.diagnosis) === most)?.diagnosis);
      }),
    );
  });
});
