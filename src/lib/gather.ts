// One look at Azure: asks in rounds, cheapest first, until nothing more can change the diagnosis or the budget is spent.
import type { Evidence, Probe } from './evidence.ts';
import { withFacts } from './evidence.ts';
import { unreadable } from './fact.ts';
import type { Ports } from './ports.ts';
import { nextProbes } from './probes.ts';
import type { Target } from './target.ts';

/** Rounds of probes in one look: each round asks what the one before made worth asking. */
const maxRounds = 7;
/** Requests of one look, retries included. What would be asked beyond that is unreadable, never assumed. */
export const mostCalls = 40;

export interface Look {
  readonly evidence: Evidence;
  /** Requests that were sent. */
  readonly calls: number;
}

type Asking = Pick<Ports, 'now'> & { readonly azure: Pick<Ports['azure'], 'probe'> };

function notAsked(probes: readonly Probe[], why: 'not-asked' | 'too-many'): Partial<Evidence> {
  return Object.fromEntries(probes.map((probe) => [probe, unreadable(why)]));
}

/** Reads what can be read about a target, nothing older than `sinceMs`. `each` is told of every probe as it comes in. */
export async function gather(
  { azure, now }: Asking,
  target: Target,
  logsSinceMs: number,
  each: (probe: Probe, facts: Partial<Evidence>) => void = () => undefined,
  sinceMs: number = now(),
): Promise<Look> {
  let evidence: Evidence = { atMs: sinceMs };
  let calls = 0;
  for (let round = 0; round < maxRounds; round += 1) {
    const wanted = nextProbes(target, evidence);
    if (wanted.length === 0) break;
    if (calls >= mostCalls) return { evidence: withFacts(evidence, notAsked(wanted, 'too-many')), calls };
    const soFar = evidence;
    const answers = await Promise.all(
      wanted.map(async (probe) => {
        const answer = await azure.probe(probe, target, soFar, logsSinceMs);
        each(probe, answer.facts);
        return answer;
      }),
    );
    evidence = withFacts(evidence, notAsked(wanted, 'not-asked'), ...answers.map((answer) => answer.facts));
    calls += answers.reduce((sum, answer) => sum + answer.calls, 0);
  }
  return { evidence, calls };
}
