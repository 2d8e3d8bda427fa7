// One thing that a scenario expected and did not see.

/** An expectation, or a promise, that did not hold: what was expected, what was seen. */
export interface Failure {
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  /** Whether it must hold in every scenario and whatever is disturbed, not only where a file says so. */
  readonly always?: true;
}
