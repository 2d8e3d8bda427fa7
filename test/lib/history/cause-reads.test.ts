// What a look at an app that serves says of the cause: a look must not call true what reads clear, nor clear what it could not read.
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import { causeReads } from '../../../src/lib/history/cause-reads.ts';
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
