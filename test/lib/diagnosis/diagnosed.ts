// A diagnosis of the target of the facts, and what the log says of it: set-up that the tests of causes and of findings share.
import type { Label, Suspicion } from '../../../src/lib/classify/classify.ts';
import { diagnose } from '../../../src/lib/diagnosis/diagnose.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { Diagnosis, Finding } from '../../../src/lib/history/diagnosis.ts';
import { target, unauthorized } from '../facts.ts';

/** The diagnosis of this evidence. Unless said otherwise, the log says "unauthorized", and the app is not known to have pulled before. */
export function diagnosed(
  evidence: Evidence,
  said: readonly Suspicion[] = [unauthorized],
  pulledBefore = false,
): Diagnosis {
  return diagnose({ target, evidence, suspicions: said, pulledBefore });
}

/** A log that makes this claim. */
export function labelled(label: Label): Suspicion[] {
  return [{ ...unauthorized, label }];
}

/** The finding that the log says "unauthorized". */
export const saysUnauthorized: Finding = {
  code: 'log-says',
  detail: { label: 'unauthorized', words: 'unauthorized', rule: 'unauthorized' },
};
