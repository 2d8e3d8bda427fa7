// How exact a diagnosis is, so that a later look may take the place of an earlier one and never the other way round.

import type { Diagnosis, FindingCode } from './diagnosis.ts';

/**
 * How exact a diagnosis is: 0 where nothing explains the failure, from 1 for a suspicion, and without end for what is confirmed. A suspicion that
 * only remained when everything else was ruled out has 1; a text that names a cause adds one, and so does each kind of fact that speaks for it.
 *
 * The rule: the best diagnosis of a remediation is the first look of the highest exactness, until a cause is confirmed. On a tie the earlier look
 * stays, so that the name of the trouble does not change from look to look.
 */
export function exactness({ sure, for: speaks }: Diagnosis): number {
  switch (sure) {
    case 'unexplained':
      return 0;
    case 'confirmed':
      return Number.POSITIVE_INFINITY;
    case 'suspected': {
      const facts = new Set(speaks.map(({ code }) => code).filter((code) => !ofAnyCause.has(code)));
      return 1 + facts.size + (speaks.some(isTellingText) ? 1 : 0);
    }
  }
}

/** Findings that a failure has whatever its cause is. */
const ofAnyCause: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'log-says',
  'log-silent',
  'log-says-no-pull',
  'log-says-of-another',
  'log-unreadable',
  'write-says',
  'write-rejected',
  'pulled-before',
]);

/** Labels behind which any cause can stand (docs/classify.md). */
const saysNoCause: ReadonlySet<string> = new Set([
  'unauthorized',
  'identity-token',
  'unknown-pull-failure',
  'not-a-pull-failure',
]);

function isTellingText({ code, detail }: Diagnosis['for'][number]): boolean {
  return code === 'log-says' && !saysNoCause.has(detail['label'] ?? 'not-a-pull-failure');
}
