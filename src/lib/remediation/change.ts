// A change in Azure: the change itself after its last look, and its outcome, also where the host died in between.

import { changeTakesMs } from '../decision/schedule.ts';
import { subjectOf } from '../diagnosis/named-registry.ts';
import { appOf, type Evidence, nothingAsked } from '../evidence/evidence.ts';
import type { Change } from '../history/decision.ts';
import { type Entry, grantNotFound } from '../history/entries.ts';
import type { Grant } from '../history/grant.ts';
import { withheldBy } from '../history/refusals.ts';
import type { Attempt, Remediation } from '../history/state.ts';
import type { ActionAnswer, AzureReads, Clock, MadeGrant } from '../ports/ports.ts';
import { ChangeUnderWay } from '../ports/steering.ts';
import { type Fact, known } from '../words/fact.ts';
import type { Target } from '../words/target.ts';
import { underKillSwitch, type WithKillSwitch } from './kill-switch.ts';
import { lastLook } from './last-look.ts';
import { foundAfterAll, whetherMade } from './lost-answer.ts';
import { makeGrant, sawAccess, takeBackAnnouncement, takeOutOfLimits } from './make-grant.ts';
import { makeRestart, restartNotMade } from './make-restart.ts';
import { makeStart } from './make-start.ts';
import { live, record, recordAnyway, type Turn } from './turn.ts';

/** Makes a change that was decided and recorded, unless the last look speaks against it, and records its outcome. */
export async function act(turn: Turn, change: Change, evidence: Evidence): Promise<void> {
  const remediation = live(turn);
  const answer = await perform(turn, change, remediation, evidence);
  await recordAnyway(turn, { kind: 'outcome', action: change.do, ...answer });
  turn.ports.log('acted', { remediation: remediation.id, action: change.do, outcome: answer.outcome });
}

async function perform(
  turn: Turn,
  change: Change,
  remediation: Remediation,
  evidence: Evidence,
): Promise<WithKillSwitch<ActionAnswer>> {
  const refusal = await lastLook(turn.ports, change, subjectOf(remediation.target, evidence), evidence);
  if (refusal !== undefined) return withheldBy(refusal);
  const { ports } = turn;
  const { actions } = ports;
  const { appId } = remediation.target;
  switch (change.do) {
    case 'restart':
      return makeRestart(turn, change, remediation, () =>
        underKillSwitch(ports, (lastCheck) => actions.restart(appId, change.revision, lastCheck)),
      );
    case 'new-revision':
      return makeRestart(turn, change, remediation, () =>
        underKillSwitch(ports, (lastCheck) => actions.newRevision(appId, change.suffix, change.template, lastCheck)),
      );
    case 'start':
      return makeStart(turn, change, remediation, () =>
        underKillSwitch(ports, (lastCheck) => actions.start(appId, lastCheck)),
      );
    case 'grant':
      return makeGrant(turn, change, remediation, evidence);
  }
}

/**
 * Settles a change that was decided but has no outcome, or an unknown one, because the step died or timed out. It reads what became of
 * it and never does it again: a grant has a name that can be looked up, a restart has not and stays unknown. Throws
 * {@link ChangeUnderWay} while another host may be in the middle of it.
 */
export async function settle(turn: Turn): Promise<void> {
  const last = live(turn).attempts.at(-1);
  if (last === undefined || (last.outcome !== undefined && last.outcome !== 'unknown')) return;
  if (last.outcome === undefined && turn.ports.now() - last.atMs < changeTakesMs)
    throw new ChangeUnderWay('A change is under way.');
  const entry = await settled(turn, last);
  if (entry !== undefined) await record(turn, entry);
}

async function settled(turn: Turn, attempt: Attempt): Promise<Entry | undefined> {
  const { grant } = attempt;
  switch (attempt.action) {
    case 'restart':
    case 'start':
      return interrupted(attempt);
    case 'new-revision': {
      const entry = await settledRevision(turn.ports, live(turn).target, attempt);
      if (entry?.outcome === 'failed') await restartNotMade(turn, live(turn), 'not-made');
      return entry;
    }
    case 'grant': {
      if (grant === undefined) return interrupted(attempt);
      const made = await readMade(turn, grant);
      return made.read ? settledGrant(turn, { ...attempt, grant }, made.value) : undefined;
    }
  }
}

/** The outcome of a change that cannot be looked up. One whose outcome is unknown already stays so. */
function interrupted({ action, outcome }: Attempt): Entry | undefined {
  return outcome === undefined ? { kind: 'outcome', action, outcome: 'unknown', because: 'interrupted' } : undefined;
}

async function readMade(turn: Turn, grant: Grant): Promise<Fact<MadeGrant>> {
  const { actions } = turn.ports;
  const found = await actions.findGrant(grant);
  if (!found.read) return found;
  return found.value ? actions.readMade(grant, live(turn).id) : known({ kind: 'gone' });
}

/** An assignment that is there may be of another caller: only one that names this remediation is a grant of this remediation. */
async function settledGrant(
  turn: Turn,
  attempt: Attempt & { readonly grant: Grant },
  made: MadeGrant,
): Promise<Entry | undefined> {
  const { grant } = attempt;
  const outcome = { kind: 'outcome', action: 'grant' } as const;
  switch (made.kind) {
    case 'gone': {
      const found = await whetherMade(turn, grant, live(turn), attempt.atMs);
      if (found === 'never-made') return { ...outcome, outcome: 'failed', because: 'not-made' };
      // A person may have removed it, so a missing assignment does not mean that it was never made.
      const isNews = found === 'in-doubt' && attempt.because !== grantNotFound;
      return isNews ? { ...outcome, outcome: 'unknown', because: grantNotFound } : undefined;
    }
    case 'another':
      await sawAccess(turn, grant, live(turn));
      await takeBackAnnouncement(turn, grant, live(turn), 'already-there');
      await takeOutOfLimits(turn, live(turn), 'already-there');
      return { ...outcome, outcome: 'already-there', because: 'found' };
    case 'ours':
      await foundAfterAll(turn, grant, live(turn));
      return { ...outcome, outcome: 'done', because: 'found', undo: made.assignment };
  }
}

/** Whether the revision that we asked for is there, and whether it is of the template that we meant. */
async function settledRevision(
  ports: AzureReads & Clock,
  target: Target,
  attempt: Attempt,
): Promise<(Entry & { kind: 'outcome' }) | undefined> {
  const { facts } = await ports.azure.probe('app', target, nothingAsked(ports.now()), ports.now());
  const app = appOf({ atMs: ports.now(), ...facts });
  if (app === undefined) return undefined;
  const outcome = { kind: 'outcome', action: 'new-revision' } as const;
  // Something else may differ although the suffix is ours: a person deployed in the same moment.
  if (app.latestRevision === attempt.revision)
    return { ...outcome, outcome: 'done', because: app.template === attempt.template ? 'found' : 'template-differs' };
  const late = ports.now() - attempt.atMs > revisionTakesMs && app.provisioningState !== 'InProgress';
  return late ? { ...outcome, outcome: 'failed', because: 'not-made' } : undefined;
}

/** Maximum time that Azure takes to make a revision that it accepted. */
const revisionTakesMs = 5 * 60_000;
