// Measures the looks of one scenario for each cause: how many requests, and how many answers they wait for one after the other.
import { builtIn, playAll } from '../played/play.ts';
import type { LookCalls, Played } from '../played/played.ts';
import { looksOf, type MeasuredLook } from './course.ts';

export interface LooksOfCause {
  readonly cause: string;
  readonly scenario: string;
  /** The first look of a process, which fetches tokens too. */
  readonly first: MeasuredLook;
  /** The deepest of the later looks; `undefined` where there was only one. */
  readonly later: MeasuredLook | undefined;
}

export interface LooksFigures {
  readonly answersMs: number;
  readonly causes: readonly LooksOfCause[];
  readonly looks: readonly LookCalls[];
}

/**
 * Goals, in answers that are waited for one after the other. With 200 ms an answer a first look then takes at most 2.4 s and a later one
 * 1.8 s, which is little beside the minute in which a log row can be queried.
 */
export const deepest = { first: 12, later: 9 } as const;

/** How long each answer of Azure takes, in milliseconds: a near region and a far one. */
const latencies = [50, 200] as const;

/** Plays each scenario at each latency. Throws where a scenario went wrong, because its figures would say nothing. */
export async function measureLooks(
  scenarios: readonly { readonly cause: string; readonly scenario: string }[],
): Promise<LooksFigures[]> {
  const all: LooksFigures[] = [];
  for (const answersMs of latencies) {
    const played = await playAll(scenarios.map(({ scenario }) => ({ file: builtIn(scenario), answersMs })));
    const causes = scenarios.map(({ cause }, at) => looksOfCause(cause, played[at] as Played, answersMs));
    all.push({ answersMs, causes, looks: played.flatMap(({ looks }) => looks) });
  }
  return all;
}

/** What the looks of these scenarios cost. Throws where one went wrong. */
export async function measureRequests(scenarios: readonly string[]): Promise<LookCalls[]> {
  const played = await playAll(scenarios.map((name) => ({ file: builtIn(name), answersMs: latencies[0] })));
  return played.flatMap(({ scenario, failures: [failure], looks }) => {
    if (failure !== undefined) throw new Error(`${scenario}: ${failure}`);
    return looks;
  });
}

/** The looks of one scenario. Throws where it went wrong or looked at nothing. */
export function looksOfCause(cause: string, played: Played, answersMs: number): LooksOfCause {
  const { scenario, failures, calls } = played;
  const [failure] = failures;
  if (failure !== undefined) throw new Error(`${scenario}: ${failure}`);
  const [first, ...later] = looksOf(calls, answersMs);
  if (first === undefined) throw new Error(`${scenario}: no look was found`);
  return { cause, scenario, first, later: later.toSorted((a, b) => b.depth - a.depth)[0] };
}
