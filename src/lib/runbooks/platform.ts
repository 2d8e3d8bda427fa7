// Runbooks for what Azure itself rejected or cannot pull.
import { answer } from './answer.ts';
import { deploy } from './deploy.ts';
import type { RunbookInput, RunbookText } from './runbook.ts';

/** Azure rejected the write, so that no revision exists and nothing tries again. */
export function writeRejected(input: RunbookInput): RunbookText {
  return answer(input, {
    title: `${input.target.appName} was not deployed: Azure rejected the write`,
    advice: `${whatChanged(input)} Azure does not repeat a rejected write: run your deployment again.`,
    commands: deploy(input, 'Deploy the same image again (or run your pipeline)', input.target.image),
  });
}

/** A cause that was proved and is gone is removed. A role that should work by its age is only expected to: no pull has proved it. */
function whatChanged({ diagnosis }: RunbookInput): string {
  return diagnosis.causes.includes('pull-role-propagating')
    ? 'The pull role is assigned and should work by now; no pull has proved that yet.'
    : 'The cause of the failed pull is removed.';
}

/** The image that cannot be pulled is one of the platform, which is Microsoft’s. */
export function platformFault(input: RunbookInput): RunbookText {
  return answer(input, {
    title: `${input.target.appName} waits for an image of the platform itself`,
    advice:
      'The image that cannot be pulled is not yours. There is no command for this: open a support request with the evidence below; a new revision or another region may help meanwhile.',
    commands: [],
  });
}
