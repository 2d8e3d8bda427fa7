// On which side a reader looks for a finding, where no cause was found: what speaks of a failed pull stands apart from what does not.

import type { Diagnosis, Finding } from '../history/diagnosis.ts';

export interface FindingSides {
  readonly for: readonly Finding[];
  readonly against: readonly Finding[];
}

/**
 * The findings of a diagnosis without a cause: a log that says nothing, a log about something else and an earlier pull speak of no failure. Of a
 * diagnosis with a cause its own sides hold, because there an earlier pull can show that a role was taken away.
 */
export function sidesWithoutCause({ for: found, against }: Pick<Diagnosis, 'for' | 'against'>): FindingSides {
  return {
    for: found.filter((finding) => !speaksOfNoFailure(finding)),
    against: [...found.filter(speaksOfNoFailure), ...against],
  };
}

function speaksOfNoFailure({ code, detail }: Finding): boolean {
  return quiet.has(code) || (code === 'log-says' && detail['label'] === 'not-a-pull-failure');
}

const quiet: ReadonlySet<string> = new Set<Finding['code']>(['log-silent', 'log-says-no-pull', 'pulled-before']);
