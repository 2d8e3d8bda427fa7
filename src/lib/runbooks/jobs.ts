// Runbooks of jobs: the one that only a job has, and the commands of all the others in the words of `az containerapp job`.

import type { Target } from '../words/target.ts';
import { isJob } from '../workloads/workloads.ts';
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

/** The runbook of a job with the commands for jobs; that of an app as it is. */
export function forKind({ appId }: Pick<Target, 'appId'>, text: RunbookText): RunbookText {
  if (!isJob(appId)) return text;
  return {
    ...text,
    commands: text.commands.map((one): Command => ({ ...one, text: commandOfJob(one.text) })),
    verify: commandOfJob(text.verify),
    undo: commandOfJob(text.undo),
  };
}

const command = 'az containerapp job';

/**
 * Commands of apps, and those that do the same for a job. Source: the reference of `az containerapp job` (registry, identity, secret, update,
 * start, execution list, replica list).
 */
const sameForJobs: readonly (readonly [RegExp, string])[] = [
  [/^az containerapp (registry|identity|secret|update) ?/gm, `${command} $1 `],
  [/^(az containerapp job update .*) --revision-suffix \S+$/gm, '$1'],
  [/^az containerapp revision restart ?(.*?) ?--revision \S+(.*)$/gm, `${command} start $1$2`],
  [
    /^az containerapp revision list (.*?) --query .*$/gm,
    `${command} execution list $1 --query "[].{execution:name, status:properties.status, started:properties.startTime}" --output table`,
  ],
  [
    /^az containerapp replica list (.*?) --revision \S+ --query .*$/gm,
    `${command} replica list $1 --execution EXECUTION`,
  ],
  // No command shows the system log of a job: Log Analytics has its rows.
  [/^az containerapp logs show --name ([\w-]+) .*--type system.*$/gm, rowsOf('$1')],
  [/^az containerapp logs show .*--type system.*$/gm, rowsOf('JOB')],
];

function commandOfJob(text: string): string {
  return sameForJobs.reduce((said, [forApps, forJobs]) => said.replace(forApps, forJobs), text);
}

function rowsOf(name: string): string {
  return `az monitor log-analytics query --workspace WORKSPACE --analytics-query "ContainerAppSystemLogs_CL | where JobName_s =~ '${name}' | order by TimeGenerated desc | take 50" --output table`;
}
