// What rules and guards decide on: a situation of one target, and how the deployment stands. Each fact has one source, so that no two
// members can contradict each other.

import { subjectOf } from '../diagnosis/named-registry.ts';
import type { Evidence } from '../evidence/evidence.ts';
import type { AccessMemory } from '../history/access-memory.ts';
import type { LedgerGrant, UndoneGrant } from '../history/deployment-ledger.ts';
import type { Diagnosis } from '../history/diagnosis.ts';
import type { OpenBeside } from '../history/open-beside.ts';
import { liveOf } from '../history/queries.ts';
import type { AnnouncedRestart, AnnouncedStart, RefusedRestart } from '../history/restarts.ts';
import type { Remediation, TargetHistory } from '../history/state.ts';
import type { Config } from '../settings/config.ts';
import type { Fact } from '../words/fact.ts';
import type { Target } from '../words/target.ts';

/** The last look at a target, and everything that its history records, that look included. */
export interface Situation {
  /** What the last look concluded from. The history records its conclusions, and not its evidence. */
  readonly look: { readonly evidence: Evidence };
  readonly past: TargetHistory;
}

/** What is read beside the look at the moment of the decision: the settings, the kill switch, and what the deployment remembers. */
export interface Standing {
  readonly nowMs: number;
  readonly config: Config;
  readonly killSwitch: Fact<boolean>;
  /** The instant since which this deployment has been awake without a long silence. */
  readonly awakeSinceMs: Fact<number>;
  readonly ledger: Fact<readonly LedgerGrant[]>;
  /** Grants of the whole deployment that a person took back. */
  readonly undone: Fact<readonly UndoneGrant[]>;
  /** What the deployment remembers of the declared identity on this registry, whichever app and image it was about. */
  readonly access: Fact<AccessMemory>;
  /** Restarts of the target's app, by whichever of its remediations, oldest first. */
  readonly restarts: Fact<readonly AnnouncedRestart[]>;
  /** Starts of the target's job, by whichever of its remediations, oldest first. */
  readonly starts: Fact<readonly AnnouncedStart[]>;
  /** Other open remediations of the target's workload, where one start or restart is for all of its images. None of an app. */
  readonly beside: Fact<readonly OpenBeside[]>;
  /** Restarts of the target's app that people said no to, in whichever of its remediations. */
  readonly refusedRestarts: Fact<readonly RefusedRestart[]>;
}

declare const made: unique symbol;

/** Both in one: what every rule and every guard gets. Only {@link decisionInputOf} makes one. */
export interface DecisionInput extends Standing {
  readonly [made]: true;
  /** What the last look was about: {@link subjectOf}. */
  readonly target: Target;
  readonly evidence: Evidence;
  /** Of the last look. */
  readonly diagnosis: Diagnosis;
  /** The one that goes on, with its last look. */
  readonly remediation: Remediation & Looked;
  /** All remediations of the target, that one included. */
  readonly history: TargetHistory;
}

/** What every look leaves: itself, and the best diagnosis so far. */
type Looked = Required<Pick<Remediation, 'look' | 'bestDiagnosis'>>;

/** Throws where the target has no live remediation, or where its history does not record the look yet. */
export function decisionInputOf({ look, past }: Situation, standing: Standing): DecisionInput {
  const remediation = liveOf(past);
  if (remediation?.look === undefined || remediation.bestDiagnosis === undefined)
    throw new Error('There is no recorded look to decide on.');
  const { look: last, bestDiagnosis } = remediation;
  return {
    ...standing,
    target: subjectOf(remediation.target, look.evidence),
    evidence: look.evidence,
    diagnosis: last.diagnosis,
    remediation: { ...remediation, look: last, bestDiagnosis },
    history: past,
  } as DecisionInput;
}
