// The command that lets a replica pull with what was changed.
import { activeRevisions, isWriteRejected } from '../evidence/evidence.ts';
import { kindOf } from '../workloads/workloads.ts';
import { appCommand } from './entries.ts';
import type { Command, RunbookInput } from './runbook.ts';
import { listRevisions, shellWord } from './runbook.ts';

/**
 * Restarts the newest revision. A rejected write made none: then the deployment is run again, and there is no command for that. What is
 * changed by a deployment pulls as it is deployed.
 */
export function restartWithIt(input: RunbookInput): Command[] {
  const { target, evidence } = input;
  if (isWriteRejected(target, evidence) || kindOf(target.appId).changedBy === 'deployment') return [];
  const title = 'Let a replica pull with it';
  const restart = (word: string): string => `az containerapp revision restart --revision ${word}`;
  const revision = activeRevisions(target, evidence)[0]?.name;
  if (revision !== undefined) return [appCommand(input, title, restart(shellWord(revision)))];
  return [
    { title: 'Find the revision that asks for the image', language: 'az', text: listRevisions(input) },
    appCommand(input, `${title}: put the name of that revision in place of REVISION`, restart('REVISION')),
  ];
}
