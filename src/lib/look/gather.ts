// One look at Azure. It asks in rounds, the cheapest facts first, until no further fact can change the diagnosis or its requests are used
// up.
// The room look/ holds which facts to ask for next, asking in rounds, and which facts need not be read again. Not here:
// conclusions.
import { factsOfEntry, networkOfEntries } from '../diagnosis/entries.ts';
import { subjectOf } from '../diagnosis/named-registry.ts';
import type { Calls } from '../evidence/calls.ts';
import { callsOf, mostCalls, noCalls, sumOf, totalOf } from '../evidence/calls.ts';
import type { Evidence, Probe } from '../evidence/evidence.ts';
import { withFacts } from '../evidence/evidence.ts';
import { readsOnce } from '../evidence/once.ts';
import type { LookContext, ProbeAnswer } from '../evidence/reads.ts';
import type { AzureReads, Clock } from '../ports/ports.ts';
import { unreadable } from '../words/fact.ts';
import type { Target } from '../words/target.ts';
import { nextProbes } from './probes.ts';

export interface Look {
  /** The facts of the look. Its `atMs` is the age of its oldest fact. */
  readonly evidence: Evidence;
  /** How many requests were sent, retries included. */
  readonly calls: number;
  /** The same by kind. */
  readonly sent: Calls;
  /** Facts that an earlier look of this remediation read. */
  readonly recalled: readonly Probe[];
}

type Asking = Clock & { readonly azure: Pick<AzureReads['azure'], 'probe'> };

/** What a look may use that other looks read, and who hears of its answers. */
export interface LookOptions extends Pick<LookContext, 'recall' | 'sharedSinceMs' | 'underWaySinceMs'> {
  /** Is called with every answer as it comes in. */
  readonly each?: (probe: Probe, facts: Partial<Evidence>) => void;
}

/**
 * Reads the facts about a target. Each round asks the probes that the round before made worth asking. Each probe is asked at most once, so
 * the rounds are at most as many as the probes.
 */
export async function gather(
  { azure, now }: Asking,
  target: Target,
  logsSinceMs: number,
  { each, ...others }: LookOptions = {},
): Promise<Look> {
  const context: LookContext = { maySend: requestsLeft(), once: readsOnce(), ...others };
  let look: Look = { evidence: { atMs: now() }, calls: 0, sent: noCalls, recalled: [] };
  for (;;) {
    // Another entry of the app may be what stops the pull: then the facts are those of its registry. Which one it is may depend on the network.
    const subject = subjectOf(target, look.evidence);
    const chosen = networkOfEntries(target, look.evidence).length === 0;
    const soFar = chosen ? withFacts(look.evidence, factsOfEntry(subject, look.evidence)) : look.evidence;
    look = { ...look, evidence: soFar };
    const wanted = nextProbes(subject, soFar);
    if (wanted.length === 0) return look;
    if (look.calls >= mostCalls) return { ...look, evidence: withFacts(soFar, notAsked(wanted, 'look-cap-reached')) };
    const answers = await Promise.all(
      wanted.map(async (probe) => {
        const answer = await azure.probe(probe, subject, soFar, logsSinceMs, context);
        each?.(probe, answer.facts);
        return { ...answer, probe };
      }),
    );
    look = withAnswers(look, wanted, answers);
  }
}

/** Counts the requests of a look, which all its probes share. True as long as one more may be sent. */
function requestsLeft(): () => boolean {
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

function notAsked(probes: readonly Probe[], why: 'not-asked' | 'look-cap-reached'): Partial<Evidence> {
  return Object.fromEntries(probes.map((probe) => [probe, unreadable(why)]));
}
