// The runbook that only a workload whose runs end has, and the commands of all the others as each kind of workload spells them.

import type { Target } from '../words/target.ts';
import { kindOf } from '../workloads/workloads.ts';
import { answer } from './answer.ts';
import { appOptions, type Command, type RunbookInput, type RunbookText } from './runbook.ts';

/** The cause is put right, and the execution that could not pull is over: only a person starts the next one. */
export function executionEnded(input: RunbookInput): RunbookText {
  return answer(input, {
    title: `${input.target.appName} has to be started again: its execution ended before the cause was put right`,
    advice:
      'Nothing that was read keeps the job from pulling now, and no execution waits any more. pullmedic starts none, because an execution does the work of the job: start it if that work is still to be done.',
    commands: [{ title: 'Start the job', language: 'az', text: `${command} start ${appOptions(input)}` }],
    undo: `${command} stop ${appOptions(input)}`,
  });
}

/** The runbook with the commands of this kind of workload; that of an app as it is. */
export function forKind({ appId }: Pick<Target, 'appId'>, text: RunbookText): RunbookText {
  const { commands } = kindOf(appId);
  if (commands === undefined) return text;
  const ofKind = (command: string): string =>
    commands.reduce((said, [forApps, same]) => said.replace(forApps, same), command);
  return {
    ...text,
    commands: text.commands.map((one): Command => ({ ...one, text: ofKind(one.text) })),
    verify: ofKind(text.verify),
    undo: ofKind(text.undo),
  };
}

const command = 'az containerapp job';
