// The runbook of a pull that goes on and on: the cause is put right, and the image is still being pulled after a quarter of an hour.
import { answer } from './answer.ts';
import type { RunbookInput, RunbookText } from './runbook.ts';
import { appOptions } from './runbook.ts';

/** A large image and a pull that hangs look alike from outside, and only a person knows how large the image is. */
export function pullHangs(input: RunbookInput): RunbookText {
  const { appName } = input.target;
  return answer(input, {
    title: `${appName} has been pulling one image for more than 15 minutes`,
    advice:
      'The replica says PullingImage, and no error. If the image is large, wait: a restart would begin the pull anew. If it usually comes within minutes, the pull hangs: restart the revision, which ends that pull. pullmedic does neither, because it cannot tell the two apart.',
    commands: [
      {
        title: 'See what each replica waits for, and since when it is there',
        language: 'az',
        text: `az containerapp replica list ${appOptions(input)} --revision REVISION --query "[].{replica:name, created:properties.createdTime, containers:properties.containers[].runningStateDetails}"`,
      },
      {
        title: 'If the pull hangs: restart the revision',
        language: 'az',
        text: `az containerapp revision restart ${appOptions(input)} --revision REVISION`,
      },
    ],
    undo: 'A restart needs no undo: the replicas start again by themselves.',
  });
}
