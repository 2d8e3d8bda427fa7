// What each diagnosis cost, as measured in the scenarios: the facts that were asked for, and the requests by kind.
import type { Told } from './told.ts';

export interface Cost {
  readonly scenario: string;
  readonly causes: readonly string[];
  readonly sure: string;
  /** Facts that the look which named the causes asked for, in alphabetical order. */
  readonly asked: readonly string[];
  /** Requests of that look. */
  readonly control: number;
  readonly logs: number;
  readonly registry: number;
}

/** One row for each remediation that named a cause. Faults make retries: such a scenario says nothing about what a look costs. */
export function costsOf(all: readonly Told[]): Cost[] {
  return all.flatMap(({ scenario, histories }) => {
    if (scenario.events.some((event) => event.do === 'throttle' || event.do === 'outage')) return [];
    return histories.remediations.flatMap(({ causes, sureness, foundBy }) =>
      foundBy === undefined || causes.length === 0
        ? []
        : [
            {
              scenario: scenario.name,
              causes,
              sure: sureness ?? '',
              asked: [...foundBy.asked].sort(),
              ...foundBy.calls,
            },
          ],
    );
  });
}
