// One pass over a live remediation: settle what is under way, look, remember, record, decide, record, act, record.

import { decide } from '../decision/decide.ts';
import type { Standing } from '../decision/decision-input.ts';
import { isServing } from '../diagnosis/trouble.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { CloseHow } from '../history/closing.ts';
import type { Decided, Decision } from '../history/decision.ts';
import type { Diagnosis } from '../history/diagnosis.ts';
import type { Entry } from '../history/entries.ts';
import { UnreadableHistory } from '../history/ledger.ts';
import { isInDoubt, isMadeGrant } from '../history/queries.ts';
import type { Remediation } from '../history/state.ts';
import type { DeploymentLedger, EventLog } from '../ports/ports.ts';
import { sendTells } from '../telling/announce.ts';
import { noteNews } from '../telling/announce-remediation.ts';
import { mapFact } from '../words/fact.ts';
import { act, settle } from './change.ts';
import { appendToDeployment, ledgerFacts } from './deployment.ts';
import { lookOnce } from './look.ts';
import { type Concluded, joinIfAnswered, joinIncident, leaveIncident, noteQuestion } from './membership.ts';
import { readOpenBeside } from './open-beside.ts';
import { awakeSince } from './pulse.ts';
import { rememberLook } from './remember-look.ts';
import { recallRestartMemory } from './restart-memory.ts';
import { lookBegins, wasToldSince } from './told-since.ts';
import { live, record, type Turn } from './turn.ts';

/**
 * Takes a live remediation one decision further. `happenedBeforeMs` is there where something woke it. Throws steering exceptions: what they ask for is
 * up to the step.
 */
export async function pass(turn: Turn, happenedBeforeMs: number | undefined): Promise<void> {
  await settle(turn);
  const begun = await lookBegins(turn);
  const seen = await lookOnce(turn, happenedBeforeMs);
  // Before the look is recorded: should we die in between, the step looks again, and no sighting of an access is lost meanwhile.
  const access = await rememberLook(turn, seen.evidence);
  // The log may have told by now that a grant whose answer was lost was never made.
  const last = live(turn).attempts.at(-1);
  if (last !== undefined && isInDoubt(last)) await settle(turn);
  await record(turn, seen.entry);
  // Before the decision is recorded: a change that a person allowed is not made while no system can hear of it.
  const concluded = { diagnosis: seen.entry.diagnosis, evidence: seen.evidence };
  await joinIfAnswered(turn, concluded);
  const { id: remediation } = live(turn);
  const decided = decide({ look: seen, past: turn.history }, await standingOf(turn, access));
  await recordNews(turn, { kind: 'decided', ...decided }, isNews(live(turn), decided));
  const refused = [...new Set(decided.refusals.map((refusal) => refusal.guard))].join(' ');
  const { do: what, because } = decided.decision;
  turn.ports.log('decided', { remediation, do: what, because, ...(refused === '' ? {} : { refused }) });
  if (wasAnswered(turn)) await noteQuestion(turn);
  // What a signal told that came during the look, the look may not have seen: the next one comes at once, and nothing ends before it.
  if (decided.decision.do === 'close' && (await wasToldSince(turn, begun))) return;
  await carryOut(turn, decided, concluded);
  if (asksOrExpired(decided)) await noteQuestion(turn);
}

/** The first decision comes with what is known by then, and a question is to be heard of. */
function isNews({ decision }: Remediation, decided: Decided): boolean {
  return decision === undefined || decided.decision.do === 'ask';
}

/** Records an entry. News is noted before, for the systems that hear of remediations, so that none is lost. */
async function recordNews(turn: Turn, entry: Entry, isToTell: boolean): Promise<void> {
  const { ports, config, history } = turn;
  const remediation = live(turn);
  const systems = isToTell ? await noteNews(ports, config, remediation, history.lastSeq + 1) : [];
  await record(turn, entry);
  await sendTells(ports, remediation.id, systems);
}

/** A question is open, or was left without an answer. */
function asksOrExpired({ decision, refusals }: Decided): boolean {
  return decision.do === 'ask' || refusals.some(({ why }) => why === 'expired');
}

/** A person answered the last question: who follows the incident learns of it. */
function wasAnswered(turn: Turn): boolean {
  const { approval, retryApproval } = live(turn);
  return approval?.answer !== undefined || retryApproval?.answer !== undefined;
}

async function standingOf(turn: Turn, access: Standing['access']): Promise<Standing> {
  const { ports, config } = turn;
  const [killSwitch, ledgers, awakeSinceMs, memory, beside] = await Promise.all([
    ports.killSwitch(),
    ledgerFacts(ports),
    awakeSince(ports),
    recallRestartMemory(ports, live(turn).target.appId),
    readOpenBeside(ports, live(turn)),
  ]);
  return {
    nowMs: ports.now(),
    config,
    killSwitch,
    ...ledgers,
    access,
    awakeSinceMs,
    restarts: mapFact(memory, ({ restarts }) => restarts),
    starts: mapFact(memory, ({ starts }) => starts),
    beside,
    refusedRestarts: mapFact(memory, ({ refused }) => refused),
  };
}

async function carryOut(turn: Turn, decided: Decided, concluded: Concluded): Promise<void> {
  const { decision } = decided;
  switch (decision.do) {
    case 'grant':
    case 'restart':
    case 'new-revision':
    case 'start':
      return act(turn, decision, concluded.evidence);
    case 'incident':
      return joinIncident(turn, decision.cause, concluded, decided);
    case 'ask':
      // A restart belongs to the trouble that it is to end: the incident of that holds the remediation already.
      if (!('grant' in decision) && live(turn).incident !== undefined) return undefined;
      return joinIncident(turn, decision.cause, concluded, decided);
    case 'close':
      return close(turn, decision, concluded);
    case 'wait':
      return undefined;
  }
}

async function close(
  turn: Turn,
  decision: Decision & { do: 'close' },
  { diagnosis, evidence }: Concluded,
): Promise<void> {
  const remediation = live(turn);
  await leaveIncident(turn, remediation, { how: decision.how, clear: readsClear(remediation, diagnosis) });
  if (decision.how === 'recovered') await countProvenGrant(turn.ports, remediation);
  await countGrantProvenLate(turn, decision.how, evidence);
  await recordNews(turn, { kind: 'closed', how: decision.how, because: decision.because }, true);
  turn.ports.log('closed', { remediation: remediation.id, how: decision.how, because: decision.because });
}

/**
 * True unless the last look proves again what was found before: then the same trouble may come back. A role that lets the pull through is
 * no such cause any more, even while it is young.
 */
export function readsClear({ bestDiagnosis }: Pick<Remediation, 'bestDiagnosis'>, now: Diagnosis): boolean {
  if (now.sure !== 'confirmed') return true;
  const found = new Set(bestDiagnosis?.diagnosis.causes);
  return !now.causes.some((cause) => cause !== 'pull-role-propagating' && found.has(cause));
}

/** Counts the grant of an app that was asleep when it should have been proven, and serves now that a replica was asked to start. */
async function countGrantProvenLate(turn: Turn, how: CloseHow, evidence: Evidence): Promise<void> {
  const before = turn.history.remediations.at(-2);
  if (before?.closed?.because !== 'no-replica-asked-to-start') return;
  if (how !== 'withdrawn' || !isServing(live(turn).target, evidence)) return;
  await countProvenGrant(turn.ports, before);
}

/**
 * Tells the ledger of the deployment that the grant of this remediation helped, if it made one. A ledger that cannot be read keeps no
 * remediation from ending. It allows no grant, and once it can be read again, this grant counts as one that did not help, which only makes
 * pullmedic slower. Throws when the store does not answer.
 */
async function countProvenGrant(
  ports: DeploymentLedger & EventLog,
  { id: remediation, attempts }: Remediation,
): Promise<void> {
  if (!attempts.some(isMadeGrant)) return;
  try {
    await appendToDeployment(ports, { kind: 'grant-proven', remediation });
  } catch (error) {
    if (!(error instanceof UnreadableHistory)) throw error;
    ports.log('history-unreadable', { ledger: 'deployment', why: error.why });
  }
}
