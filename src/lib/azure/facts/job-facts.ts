// Reads a job: what it declares, its executions, and what runs in them.
import type { ContainerExecutionStatus, Job, JobExecution } from '@azure/arm-appcontainers';
import * as z from 'zod';
import type { AppFacts, ContainerFacts, JobFacts, ReplicaFacts, RevisionFacts } from '../../evidence/app-facts.ts';
import type { ReadsOnce } from '../../evidence/once.ts';
import { type ArmId, nameOf, resourceGroupOf, subscriptionOf } from '../../words/arm-id.ts';
import type { Fact } from '../../words/fact.ts';
import type { Target } from '../../words/target.ts';
import { triggerOf } from '../../workloads/job/trigger.ts';
import type { Clients } from '../clients/clients.ts';
import { collect, factOf, factOrMissing } from '../clients/reading.ts';
import { abort, armIdOf, mostItems, present, requiredId, textOf } from '../clients/wire.ts';
import { declaredFacts, declaredWhereSaid, imagesOf } from './declared.ts';
import { lastWriteOf } from './system-data.ts';

/** How the specification and the recorded answers call the state of the job. */
const wireRunning = z.object({
  properties: z.object({ runningState: z.string().nullish(), runningStatus: z.string().nullish() }),
});

/** Reads the job as the facts of an app, with what only a job has; `gone` if it was deleted. */
export async function readJob(clients: Clients, target: Target): Promise<Fact<AppFacts | 'gone'>> {
  return factOrMissing('gone' as const, async () => {
    const { jobs } = await clients.apps(subscriptionOf(target.appId));
    let raw: unknown;
    const onResponse = ({ parsedBody }: { readonly parsedBody?: unknown }): void => void (raw = parsedBody);
    const job = await jobs.get(resourceGroupOf(target.appId), nameOf(target.appId), { ...abort(), onResponse });
    const facts = jobFacts(job, isSuspended(raw));
    return { ...facts, ...present<Pick<AppFacts, 'lastWrite'>>({ lastWrite: lastWriteOf(raw) }) };
  });
}

/**
 * Reads the executions of the job: those that run, the newest one, and the newest that has its image are active, and the newest few others
 * are kept. Azure keeps the last 100 (documentation "Jobs in Azure Container Apps").
 */
export async function readExecutions(
  clients: Clients,
  target: Target,
  once: ReadsOnce,
): Promise<Fact<readonly RevisionFacts[]>> {
  return factOf(async () => {
    const executions = await executionsOf(clients, target, once);
    const [newest, ...older] = executions;
    const served = older.find((execution) => hasEnded(execution) && hasItsImages(execution));
    const active = (execution: JobExecution): boolean =>
      execution === newest || execution === served || !hasEnded(execution);
    const inactive = new Set(executions.filter((execution) => !active(execution)).slice(mostInactive));
    return executions
      .filter((execution) => !inactive.has(execution))
      .map((execution) => executionFacts(execution, active(execution)));
  });
}

/** Reads what runs, or ran, in the executions of the job. */
export async function readExecutionReplicas(
  clients: Clients,
  target: Target,
  once: ReadsOnce,
): Promise<Fact<readonly ReplicaFacts[]>> {
  return factOf(async () => {
    const executions = await executionsOf(clients, target, once);
    const read = executions.filter((execution, index) => index < mostReplicasRead || !hasEnded(execution));
    return read.flatMap(replicasOf);
  });
}

/** How many executions that are over are kept, the newest ones: they pull nothing, and a history has to store the fact. */
const mostInactive = 20;
/** Of how many executions that are over the replicas are kept. */
const mostReplicasRead = 20;

/**
 * Whether the answer calls the job suspended: `runningState` in the specification of 2026-01-01, `runningStatus` in every recorded answer (May
 * and August 2025, always `Ready`).
 */
function isSuspended(raw: unknown): boolean {
  const { runningState, runningStatus } = wireRunning.safeParse(raw).data?.properties ?? {};
  return /^suspended$/i.test(runningState ?? runningStatus ?? '');
}

function jobFacts(job: Job, suspended: boolean): AppFacts {
  const { configuration } = job;
  const facts: JobFacts = {
    trigger: triggerOf(textOf(configuration?.triggerType)),
    ...present<JobFacts>({
      timeoutSeconds: configuration?.replicaTimeout,
      schedule: textOf(configuration?.scheduleTriggerConfig?.cronExpression),
    } as { [K in keyof JobFacts]: JobFacts[K] | undefined }),
    ...(suspended ? { suspended } : {}),
  };
  return {
    id: requiredId(job.id),
    revisionMode: 'Single',
    ...declaredFacts(job),
    job: facts,
    ...present<AppFacts>({ environmentId: armIdOf(job.environmentId), ...declaredWhereSaid(job) } as {
      [K in keyof AppFacts]: AppFacts[K] | undefined;
    }),
  };
}

/** The executions, the newest first. One list for all facts of a look. */
async function executionsOf(clients: Clients, { appId }: Target, once: ReadsOnce): Promise<readonly JobExecution[]> {
  return once(`executions ${appId}`, () => listExecutions(clients, appId));
}

async function listExecutions(clients: Clients, appId: ArmId): Promise<readonly JobExecution[]> {
  const { jobsExecutions } = await clients.apps(subscriptionOf(appId));
  const found = await collect(jobsExecutions.list(resourceGroupOf(appId), nameOf(appId), abort()), mostItems);
  return found.sort((a, b) => startedAtMs(b) - startedAtMs(a));
}

function startedAtMs({ startTime }: JobExecution): number {
  return startTime?.getTime() || 0;
}

/** `status` in the REST specification. A status that is not known may be that of an execution that goes on. */
function hasEnded({ status }: JobExecution): boolean {
  return /^(?:Stopped|Failed|Succeeded)$/i.test(textOf(status) ?? '');
}

function hasItsImages(execution: JobExecution): boolean {
  const replicas = replicasOf(execution);
  return replicas.length > 0 && replicas.every(({ containers }) => containers.every(({ ready }) => ready));
}

function executionFacts(execution: JobExecution, active: boolean): RevisionFacts {
  const details = [textOf(execution.reason), textOf(execution.message)].filter(Boolean).join('; ');
  const ended = hasEnded(execution);
  return {
    name: textOf(execution.name) ?? '',
    active,
    createdAtMs: startedAtMs(execution),
    images: imagesOf(execution.template),
    imageOf: imageByName(execution),
    provisioningState: 'unknown',
    runningState: textOf(execution.status) ?? 'unknown',
    healthState: 'unknown',
    trafficWeight: 0,
    ...(ended ? { ended } : { minReplicas: 1 }),
    ...(details === '' ? {} : { details: details.slice(0, longestDetails) }),
  };
}

/** How much of the platform's description of a state is kept. Its beginning holds the reason. Characters. */
const longestDetails = 1000;

function imageByName({ template }: JobExecution): Readonly<Record<string, string>> {
  const containers = [...(template?.containers ?? []), ...(template?.initContainers ?? [])];
  return Object.fromEntries(containers.map(({ name, image }) => [textOf(name) ?? '', textOf(image) ?? '']));
}

/**
 * The replicas of an execution. Not every answer has them: an answer of May 2025 without `detailedStatus` was recorded. Then the execution
 * itself stands for its one replica, whose containers have their images only where the execution succeeded.
 */
function replicasOf(execution: JobExecution): ReplicaFacts[] {
  const revision = textOf(execution.name) ?? '';
  const createdAtMs = startedAtMs(execution);
  const shown = execution.detailedStatus?.replicas ?? [];
  const succeeded = execution.status === 'Succeeded';
  const images = imageByName(execution);
  if (shown.length > 0)
    return shown.map((replica) => ({
      name: textOf(replica.name) ?? '',
      revision,
      createdAtMs,
      containers: (replica.containers ?? []).map((container) => containerFacts(container, images)),
    }));
  const state = succeeded ? 'Terminated' : 'unknown';
  const containers = Object.entries(images).map(([name, image]) => ({ name, image, ready: succeeded, state }));
  return [{ name: revision, revision, createdAtMs, containers }];
}

/**
 * The facts of a container. `ready` says that its image is there: it runs, or it ended with an exit code, which only a process has. (The
 * recorded container that runs has the code -1.) A pull that failed is said to terminate a container as well, without a code: the system
 * log writes `terminated with exit code '' and reason 'ImagePullFailure'`.
 */
function containerFacts(
  { name, status, code, additionalInformation }: ContainerExecutionStatus,
  images: Readonly<Record<string, string>>,
): ContainerFacts {
  const state = textOf(status) || 'unknown';
  const details = textOf(additionalInformation)?.slice(0, longestDetails);
  const exited = typeof code === 'number' && code >= 0 && !/Waiting|ImagePull/i.test(`${state} ${details ?? ''}`);
  const image = Object.hasOwn(images, name ?? '') ? images[name ?? ''] : undefined;
  return {
    name: textOf(name) ?? '',
    ready: /^Running$/i.test(state) || (exited && !/^unknown$/i.test(state)),
    state,
    ...present<{ image: string; details: string }>({ image: image || undefined, details: details || undefined }),
  };
}
