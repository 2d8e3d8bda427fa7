// The runbook where no check explains the failure: everything that was found, for a person to read.
import { claimOfRow } from '../diagnosis/read-row.ts';
import { rowsOfTarget } from '../diagnosis/text-claims.ts';
import { appOf, type Evidence } from '../evidence/evidence.ts';
import { isNeverCreated } from '../evidence/over.ts';
import type { Diagnosis, Finding } from '../history/diagnosis.ts';
import { sayFinding } from '../history/finding-words.ts';
import { valueOf } from '../words/fact.ts';
import { answer, inRegistry } from './answer.ts';
import { refusedCreate } from './refused-create.ts';
import { appOptions, type Command, type RunbookInput, type RunbookText } from './runbook.ts';

/** Nothing that was checked explains the failure. */
export function unexplained(input: RunbookInput): RunbookText {
  if (isNeverCreated(input.evidence)) return refusedCreate(input, allEvidence(input.diagnosis));
  return answer(input, {
    title: `${input.target.appName} cannot pull its image, and no check explains why`,
    advice: `No fact that was read explains the failure. ${whereToStart(input.evidence)}`,
    more: `${replicaTimeout(input)?.said ?? ''}${copying(input)?.said ?? ''}${allEvidence(input.diagnosis)}`,
    commands: [
      ...(replicaTimeout(input)?.commands ?? []),
      ...(copying(input)?.commands ?? []),
      ...inRegistry(input, { title: 'Ask the registry how it is', command: 'az acr check-health', more: ' --yes' }),
    ],
  });
}

function whereToStart(evidence: Evidence): string {
  const unread = Object.values(evidence).some((fact) => typeof fact === 'object' && !fact.read);
  return unread
    ? 'Start with the facts that could not be read; the history has every look.'
    : 'Every fact that was asked for was read; the history has every look.';
}

interface Perhaps {
  /** Begins with a space. */
  readonly said: string;
  readonly commands: readonly Command[];
}

/**
 * Executions that ended with no word of a failed pull: the time of a replica includes its pull (REST specification of `JobConfiguration`,
 * `replicaTimeout`), and a large image may need more.
 */
function replicaTimeout(input: RunbookInput): Perhaps | undefined {
  const { target, evidence } = input;
  const seconds = appOf(evidence)?.job?.timeoutSeconds;
  const runs = valueOf(evidence.revisions) ?? [];
  const spoke = rowsOfTarget(target, evidence).some((row) => claimOfRow(row).label !== 'not-a-pull-failure');
  if (seconds === undefined || spoke || !runs.some(({ ended }) => ended)) return undefined;
  return {
    said: ` An execution may run for ${seconds} seconds (replicaTimeout), its pull included, and no row of the log says that a pull failed: probably each execution reached that time before it had its image. Give it more time, or make the image smaller.`,
    commands: [
      {
        title: 'Give each execution more time, in seconds in place of SECONDS',
        language: 'az',
        text: `az containerapp update ${appOptions(input)} --replica-timeout SECONDS`,
      },
    ],
  };
}

/** The registry has the image, and a text says that it does not: a replica of the registry in another region gets a push later (Microsoft, "Geo-replication"). */
function copying(input: RunbookInput): Perhaps | undefined {
  const { target, evidence } = input;
  const said = rowsOfTarget(target, evidence).some((row) => claimOfRow(row).label === 'manifest-unknown');
  if (!said || valueOf(evidence.manifest)?.state !== 'exists') return undefined;
  return {
    said: ' The registry has the image, and the text says that it did not: it may have been pushed a moment before, or a replica of the registry in another region may not have it yet. Both pass by themselves.',
    commands: inRegistry(input, {
      title: 'See the replicas of the registry, and whether one is still being made',
      command: 'az acr replication list',
      more: ' --output table',
      option: '--registry',
    }),
  };
}

/** All that was found, where no cause stands out. */
function allEvidence({ for: speaks, against }: Diagnosis): string {
  const other = against.length === 0 ? '' : ` Looked at, and no cause of it: ${sentences(against)}.`;
  return `${speaks.length === 0 ? '' : ` Found: ${sentences(speaks)}.`}${other}`;
}

/** Codes and values of ARM. Log text stays in the history and out of the runbook, because any program can write a log. */
function sentences(findings: readonly Finding[]): string {
  return findings.map(({ code, detail: { words: _words, ...detail } }) => sayFinding({ code, detail })).join('; ');
}
