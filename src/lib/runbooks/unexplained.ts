// The runbook where no check explains the failure: everything that was found, for a person to read.
import type { Diagnosis, Finding } from '../history/diagnosis.ts';
import { sayFinding } from '../history/finding-words.ts';
import { answer, inRegistry } from './answer.ts';
import type { RunbookInput, RunbookText } from './runbook.ts';

/** Nothing that was checked explains the failure. */
export function unexplained(input: RunbookInput): RunbookText {
  return answer(input, {
    title: `${input.target.appName} cannot pull its image, and no check explains why`,
    advice:
      'No fact that was read explains the failure. Start with the facts that could not be read; the history has every look.',
    more: allEvidence(input.diagnosis),
    commands: inRegistry(input, {
      title: 'Ask the registry how it is',
      command: 'az acr check-health',
      more: ' --yes',
    }),
  });
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
