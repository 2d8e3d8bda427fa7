// What a scenario came to, whichever engine played it. Plain data, so that it can go from one thread to another.
import type { AzureState } from '../azure/simulation.ts';
import type { Scenario } from '../scenarios/schema.ts';
import type { Histories, Said } from './answers.ts';
import type { Failure } from './failure.ts';

export interface Told {
  readonly scenario: Scenario;
  readonly histories: Histories;
  readonly azure: AzureState;
  readonly failures: readonly Failure[];
  /** What happened in Azure and what pullmedic did, in order. */
  readonly timeline: readonly Said[];
}
