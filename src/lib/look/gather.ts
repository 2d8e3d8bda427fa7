// One look at Azure: asks in rounds, cheapest first, until nothing more can change the diagnosis or the budget is spent.
import type { Calls } from '../evidence/calls.ts';
import { callsOf, mostCalls, noCalls, sumOf, totalOf } from '../evidence/calls.ts';
import type { Evidence, Probe } from '../evidence/evidence.ts';
import { withFacts } from '../evidence/evidence.ts';
import type { LookContext, ProbeAnswer } from '../evidence/reads.ts';
import type { Ports } from '../ports/ports.ts';
import { unreadable } from '../words/fact.ts';
import type { Target } from '../words/target.ts';
import { nextProbes } from './probes.ts';

export { mostCalls } from '../evidence/calls.ts';

export interface Look {
  /** As old as the oldest fact in it. */
  readonly evidence: Evidence;
  /** Requests that were sent, retries included. */
  readonly calls: number;
  /** The same by kind. */
  readonly sent: Calls;
  /** Facts that an earlier look of this remediation read. */
  readonly recalled: readonly Probe[];
}

type Asking = Pick<Ports, 'now'> & { readonly azure: Pick<Ports['azure'], 'probe'> };

function notAsked(probes: readonly Probe[], why: 'not-asked' | 'too-many'): Partial<Evidence> {
  return Object.fromEntries(probes.map((probe) => [probe, unreadable(why)]));
}

/** A budget of requests that all probes of a look share. */
function budget(): () => boolean {
  let left = mostCalls;
  return () => {
    left -= 1;
    return left >= 0;
  };
}

type Answered = ProbeAnswer & { readonly probe: Probe };

function withAnswers(look: Look, wanted: readonly Probe[], answers: readonly Answered[]): Look {
  const { evidence, recalled } = look;
  const atMs = Math.min(evidence.atMs, ...answers.map((answer) => answer.readAtMs ?? evidence.atMs));
  const facts = [notAsked(wanted, 'not-asked'), ...answers.map((answer) => answer.facts)];
  const sent = answers.map((answer) => callsOf(answer.probe, answer.calls)).reduce(sumOf, look.sent);
  return {
    evidence: withFacts({ ...evidence, atMs }, ...facts),
    calls: totalOf(sent),
    sent,
    recalled: [...recalled, ...answers.flatMap((answer) => (answer.readAtMs === undefined ? [] : [answer.probe]))],
  };
}

/**
 * Reads what can be read about a target. `each` is told of every probe as it comes in; `recall` lets slow facts be recalled, and
 * `sharedSinceMs` what other apps' looks read since then serve this one too. Each round asks what the one before made worth asking, and
 * what was asked once is not asked again, so there are no more rounds than probes.
 */
export async function gather(
  { azure, now }: Asking,
  target: Target,
  logsSinceMs: number,
  each: (probe: Probe, facts: Partial<Evidence>) => void = () => undefined,
  recall?: LookContext['recall'],
  sharedSinceMs?: number,
): Promise<Look> {
  const context: LookContext = {
    maySend: budget(),
    ...(recall === undefined ? {} : { recall }),
    ...(sharedSinceMs === undefined ? {} : { sharedSinceMs }),
  };
  let look: Look = { evidence: { atMs: now() }, calls: 0, sent: noCalls, recalled: [] };
  for (;;) {
    const soFar = look.evidence;
    const wanted = nextProbes(target, soFar);
    if (wanted.length === 0) return look;
    if (look.calls >= mostCalls) return { ...look, evidence: withFacts(soFar, notAsked(wanted, 'too-many')) };
    const answers = await Promise.all(
      wanted.map(async (probe) => {
        const answer = await azure.probe(probe, target, soFar, logsSinceMs, context);
        each(probe, answer.facts);
        return { ...answer, probe };
      }),
    );
    look = withAnswers(look, wanted, answers);
  }
}
