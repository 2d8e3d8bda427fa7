// The result of a scenario, the same for each engine. Plain data, so that it can go from one thread to another.
import type { AzureState } from '../azure/simulation.ts';
import type { Scenario } from '../scenarios/schema.ts';
import type { Histories, Said } from './answers.ts';
import type { Failure } from './failure.ts';

export interface Told {
  readonly scenario: Scenario;
  readonly histories: Histories;
  readonly azure: AzureState;
  readonly failures: readonly Failure[];
  /** On real parts: by how much the machine fell behind the clock, in simulated milliseconds; 0 or nothing where it kept up. */
  readonly behindMs?: number | undefined;
  /** What happened in Azure and what pullmedic did, in order. */
  readonly timeline: readonly Said[];
}

/** What may be said of a scenario: its expectations held, they did not, or the machine was too slow for the clock to tell. */
export type Verdict = 'as-expected' | 'not-as-expected' | 'not-judged';

/** An expectation that failed says nothing about pullmedic where a piece of its work fell behind the clock. */
export function verdictOf({ failures, behindMs = 0 }: Pick<Told, 'failures' | 'behindMs'>): Verdict {
  if (failures.length === 0) return 'as-expected';
  return behindMs > 0 ? 'not-judged' : 'not-as-expected';
}
