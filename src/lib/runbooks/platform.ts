// Runbooks for what Azure itself rejected or cannot pull.
import { answer, deploy } from './answer.ts';
import type { RunbookInput, RunbookText } from './runbook.ts';

/** Azure rejected the write, so that no revision exists and nothing tries again. */
export function writeRejected(input: RunbookInput): RunbookText {
  return answer(input, {
    title: `${input.target.appName} was not deployed: Azure rejected the write`,
    advice:
      'The cause of the failed pull is removed. Azure does not repeat a rejected write: run your deployment again.',
    commands: [deploy(input, 'Deploy the same image again (or run your pipeline)', input.target.image)],
  });
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
