// The job of Container Apps: each trigger starts an execution, which pulls the images and ends. An execution that cannot pull waits until its
// deadline, and one whose cause is put right before that pulls by itself.

import type { CommandOfKind, PhraseOfKind, Workload } from '../workload.ts';

const command = 'az containerapp job';

/** Source: the reference of `az containerapp job` (registry, identity, secret, update, show, start, execution list, replica list). */
const commands: readonly CommandOfKind[] = [
  [/(^|^[A-Z]+=\$\()az containerapp (registry|identity|secret|update|show) ?/gm, `$1${command} $2 `],
  // A job has no revision to make anew: its next execution is new.
  [/^az containerapp job update (?:(?!--image).)* --revision-suffix \S+$/gm, ''],
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
  [
    /^# Proof: a row PulledImage .*$/gm,
    '# Proof: an execution since the fix that has a row PulledImage or the status Succeeded.',
  ],
  // No command shows the system log of a job: Log Analytics has its rows.
  [/^az containerapp logs show --name ([\w-]+) .*--type system.*$/gm, rowsOf('$1')],
  [/^az containerapp logs show .*--type system.*$/gm, rowsOf('JOB')],
];

const phrases: readonly PhraseOfKind[] = [
  // A job serves nothing: its executions run to their end.
  [/\bapp serves\b/g, 'job works'],
  [/\bRestart the revision\b/g, 'Start the job'],
  [/\brestart the revision\b/g, 'start the job'],
  [/ The revision before the new one can be activated again\./g, ''],
  // A pull by an execution that has ended is not tried again.
  [/\bThe platform pulls it on its next try\./g, 'The next execution pulls it, or one that still waits.'],
  [/\bthe next try of the platform pulls the image\b/g, 'the next execution pulls the image, or one that still waits'],
  [/\bA restart needs no undo\./g, 'An execution that goes on can be stopped.'],
  [/; if that does not help, make a new one\. If that does not help either,/g, '. If that does not help,'],
  [
    /\bThe revision wants replicas, and Azure has made none\b/g,
    'The execution waits, and Azure has made nothing of it',
  ],
];

export const job = {
  kind: 'job',
  type: 'microsoft.app/jobs',
  words: {
    full: 'job',
    short: 'job',
    run: 'execution',
    instance: 'replica',
    phrases,
    id: '/subscriptions/…/jobs/NAME',
  },
  columns: {
    name: { classic: 'JobName_s', typed: 'JobName' },
    // The typed table has no column for the execution (Azure Monitor, table reference of ContainerAppSystemLogs).
    run: { classic: 'ExecutionName_s' },
    always: false,
    runOf: executionOfReplica,
  },
  dimensions: {
    name: ['job', 'jobname', 'jobname_s'],
    run: ['execution', 'executionname', 'executionname_s'],
    prefix: 'job/',
  },
  write: 'microsoft.app/jobs/write',
  operations: ['microsoft.app/jobs/write', 'microsoft.app/jobs/delete', 'microsoft.app/jobs/start/action'],
  runs: 'end',
  failureShows: 'by-absence',
  pullProof: 'container',
  pullsAgain: 'next-run',
  runsIn: 'environment',
  pullsFrom: 'its-network',
  pullIdentities: 'any',
  changedBy: 'command',
  commands,
} as const satisfies Workload;

/** The execution that a replica belongs to: replicas are called like it, with one more part (recorded list of replicas, May 2025). */
export function executionOfReplica(replica: string): string {
  return replica.includes('-') ? replica.slice(0, replica.lastIndexOf('-')) : '';
}

function rowsOf(name: string): string {
  return `az monitor log-analytics query --workspace WORKSPACE --analytics-query "ContainerAppSystemLogs_CL | where JobName_s =~ '${name}' | order by TimeGenerated desc | take 50" --output table`;
}
