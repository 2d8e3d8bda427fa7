// The runbooks in force: for each cause what happens, who has to act, and when it happened last.

import { type Cause, causeCatalogue, causes, type Family, type Owner } from '../causes/causes.ts';
import { acrPullRole, repositoryReaderRole } from '../diagnosis/access.ts';
import type { Grant } from '../history/grant.ts';
import { runbookFor } from '../runbooks/index.ts';
import type { Runbook } from '../runbooks/runbook.ts';
import type { Mode } from '../settings/modes.ts';
import type { ArmId, PrincipalId } from '../words/arm-id.ts';
import { sayPlan } from './cause-plan.ts';
import type { Measured, MeasuredRows } from './measured-rows.ts';
import { outcomeOf } from './outcomes.ts';

export interface CauseInForce {
  readonly cause: Cause;
  readonly sentence: string;
  readonly family: Family;
  readonly owner: Owner;
  /** What happens in the mode of the settings. */
  readonly happens: string;
  /** How many of the remediations that were read had it. */
  readonly count: number;
  /** Those of them that were opened last, the latest first; at most {@link mostLast}. */
  readonly last: readonly Pick<Measured, 'remediation' | 'appId' | 'openedAtMs'>[];
  /** The page about it in the folder of the settings (`incidents.runbooks`). */
  readonly page?: string;
}

export interface RunbookList {
  readonly mode: Mode;
  readonly causes: readonly CauseInForce[];
  /** Counts are of this many remediations: all that go on, and those that ended last. */
  readonly read: number;
  /** All that ended since this instant are among them. 0: all there are. */
  readonly wholeSinceMs: number;
}

/** How many remediations are named for a cause. */
const mostLast = 5;

/** `folder` is the address of a folder with a page for each cause, from the settings. */
export function runbookList(
  { figures, wholeSinceMs }: MeasuredRows,
  mode: Mode,
  folder: string | undefined,
): RunbookList {
  const failed = figures.filter((one) => outcomeOf(one) !== 'stood-down');
  return {
    mode,
    causes: causes.map((cause) => causeInForce(cause, failed, mode, folder)),
    read: figures.length,
    wholeSinceMs,
  };
}

function causeInForce(
  cause: Cause,
  figures: readonly Measured[],
  mode: Mode,
  folder: string | undefined,
): CauseInForce {
  const { sentence, family, owner } = causeCatalogue[cause];
  const had = figures.filter((one) => one.causes.includes(cause));
  const last = had.slice(0, mostLast).map(({ remediation, appId, openedAtMs }) => ({ remediation, appId, openedAtMs }));
  return {
    cause,
    sentence,
    family,
    owner,
    happens: sayPlan(cause, mode),
    count: had.length,
    last,
    ...(folder === undefined ? {} : { page: `${folder}/${cause}.md` }),
  };
}

/** What a person runs for a cause, with placeholders in capitals where an incident has the values of its case. */
export function blankCommands(cause: Cause): Pick<Runbook, 'commands' | 'verify' | 'undo'> {
  const { commands, verify, undo } = runbookFor({
    target: { appId: '' as ArmId, appName: 'APP', image: 'REGISTRY.azurecr.io/REPOSITORY:TAG', registry: host },
    cause,
    diagnosis: { causes: [cause], sure: 'suspected', for: [], against: [], network: 'cannot-tell', detail: {} },
    evidence: { atMs: 0 },
    grant: { registryId: registryId as ArmId, principalId: 'PRINCIPAL_ID' as PrincipalId, ...roleFor(cause) },
  });
  return { commands, verify, undo };
}

/** A registry with repository permissions takes a role for one repository only. */
function roleFor(cause: Cause): Pick<Grant, 'roleId' | 'repository'> {
  return cause === 'registry-became-abac' || cause === 'repository-condition'
    ? { roleId: repositoryReaderRole, repository: 'REPOSITORY' }
    : { roleId: acrPullRole };
}

const host = 'REGISTRY.azurecr.io';
const registryId =
  '/subscriptions/SUBSCRIPTION/resourcegroups/GROUP/providers/microsoft.containerregistry/registries/REGISTRY';
