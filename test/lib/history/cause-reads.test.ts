// What a look at an app that serves says of the cause: a look must not call true what reads clear, nor clear what it could not read.
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { causeReads, factsBehind } from '../../../src/lib/history/cause-reads.ts';
import type { Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import { known, unreadable } from '../../../src/lib/words/fact.ts';
import { assignment, dnsUnlinked, minute, readyReplica, roleMissing, target, unauthorized } from '../facts.ts';

const ready = { replicas: known([readyReplica]) };
const young: Evidence = { ...roleMissing, ...ready, roles: known([assignment(18 * minute)]) };

function diagnosed(evidence: Evidence): Diagnosis {
  return diagnose({ target, evidence, suspicions: [unauthorized], pulledBefore: false });
}

describe('the cause of an app that serves', () => {
  it('reads clear once the role is there, however young', () => {
    expect(causeReads(diagnosed(young), [], diagnosed(roleMissing))).toBe('clear');
  });

  it('reads clear once nothing explains a failure any more', () => {
    const linked: Evidence = { ...roleMissing, ...ready, roles: known([assignment(180 * minute)]) };

    expect(diagnosed(linked).sure).toBe('unexplained');
    expect(causeReads(diagnosed(linked), [], diagnosed(dnsUnlinked))).toBe('clear');
  });

  it('reads true where it is still proved: replicas may run an image that they had before', () => {
    expect(causeReads(diagnosed({ ...roleMissing, ...ready }), [], diagnosed(roleMissing))).toBe('true');
  });

  it('cannot be told where what it is read from could not be read', () => {
    const lost = { ...young, roles: unreadable<never>('forbidden') };

    expect(causeReads(diagnosed(young), ['zones'], diagnosed(roleMissing))).toBe('cannot-tell');
    expect(causeReads(diagnosed(lost), [], diagnosed(roleMissing))).toBe('cannot-tell');
  });

  it('does not depend on a fact that only other causes are read from', () => {
    expect(causeReads(diagnosed(young), ['manifest'], diagnosed(roleMissing))).toBe('clear');
  });

  it('is only suspected where the text alone speaks of it', () => {
    const evidence = { ...young, roles: known([assignment(180 * minute)]) };
    const said = [{ label: 'tls', rule: 'certificate', words: 'x509' }] as const;
    const diagnosis = diagnose({ target, evidence, suspicions: said, pulledBefore: false });

    expect(causeReads(diagnosis, [], undefined)).toBe('suspected');
  });

  it('is not spoken of while a replica waits, and in looks of older versions', () => {
    const { serves: _, ...older } = diagnosed(young);

    expect(causeReads(diagnosed(roleMissing), [], undefined)).toBeUndefined();
    expect(causeReads(older, [], undefined)).toBeUndefined();
  });
});

/** A look at an app that serves, as a history stores it: nothing that it found stops a pull. */
function serving(of: Partial<Diagnosis> = {}): Diagnosis {
  return { ...diagnosed(young), serves: true, causes: ['unexplained'], against: [], network: 'allows', ...of };
}

describe('a look at an app that serves', () => {
  it.each([
    ['app'],
    ['revisions'],
    ['environment'],
    ['registry'],
    ['roles'],
    ['vnet'],
    ['zones'],
    ['endpoints'],
    ['token'],
  ])('that could not read %s cannot say that the cause is gone', (fact) => {
    expect(causeReads(serving(), [], undefined)).toBe('clear');
    expect(causeReads(serving(), [fact], undefined)).toBe('cannot-tell');
  });

  it.each([['role-cannot-tell'], ['denied-cannot-tell'], ['identity-cannot-tell'], ['token-unreadable']] as const)(
    'that leaves open a question (%s) cannot say so either',
    (code) => {
      expect(causeReads(serving({ against: [{ code, detail: {} }] }), [], undefined)).toBe('cannot-tell');
      expect(causeReads(serving({ against: [{ code: 'network-allows', detail: {} }] }), [], undefined)).toBe('clear');
    },
  );

  it('that cannot judge the network says so only if an earlier look could judge it, or there is none', () => {
    const unsure = serving({ network: 'cannot-tell' });

    expect(causeReads(unsure, [], serving({ network: 'blocks' }))).toBe('cannot-tell');
    expect(causeReads(unsure, [], undefined)).toBe('cannot-tell');
    expect(causeReads(unsure, [], unsure)).toBe('clear');
    expect(causeReads(serving(), [], serving({ network: 'blocks' }))).toBe('clear');
  });

  it('that still finds one cause beside a young role does not call it clear', () => {
    const both = serving({ causes: ['pull-role-propagating', 'registry-firewall'], sure: 'suspected' });

    expect(causeReads(both, [], undefined)).toBe('suspected');
  });
});

describe('the facts behind a cause', () => {
  it('are those that all causes are read from, and the one that is its own', () => {
    const shared = factsBehind(serving({ causes: ['pull-role-missing'] }));

    expect(factsBehind(serving({ causes: ['tag-missing'] }))).toEqual([...shared, 'manifest']);
    expect(causeReads(serving(), ['manifest'], serving({ causes: ['tag-missing'] }))).toBe('cannot-tell');
    expect(causeReads(serving(), ['subnet'], serving({ causes: ['tag-missing'] }))).toBe('clear');
  });

  it('are those of all causes where another version stored a cause that this one does not know', () => {
    const shared = factsBehind(serving({ causes: ['pull-role-missing'] }));

    expect(factsBehind(serving({ causes: ['a-cause-of-another-version' as never] }))).toEqual(shared);
  });
});
