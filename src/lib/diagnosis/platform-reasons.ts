// What the platform says of trouble that is no pull: words of its rows and of rejected writes, as codes of a fixed list. A text can be forged
// and can hold anything, so it never leaves the history; a code of this list can stand in an incident.
// Sources of the words: Kubernetes (events of the scheduler and of kubelet), Microsoft's pages "Quotas for Azure Container Apps" and
// "Troubleshoot deployment errors", and public reports. Which of them Azure still writes is not verified.

import type { LogRow } from '../evidence/app-facts.ts';
import type { Finding } from '../history/diagnosis.ts';

/** A code, and how it is recognised. */
interface PlatformReason {
  /** A few words for people: they complete "The platform says". */
  readonly says: string;
  /** Whether it explains that no replica is made. */
  readonly ofScheduling: boolean;
  /** The column `Reason` of a row. */
  readonly reason?: RegExp;
  readonly text?: RegExp;
}

const quotaOfCores: PlatformReason = {
  says: 'the quota of cores is used up',
  ofScheduling: true,
  text: /maximum (?:allowed )?(?:number of )?(?:cpu )?cores? (?:is |was )?exceeded|(?:cores|cpu) quota (?:is |was |has been )?(?:exceeded|reached)|exceed\w{0,3} (?:the )?(?:approved |regional )?(?:\w{1,20} ){0,3}cores? quota|MaximumCoresExceeded|quota\w{0,20} (?:of|for) (?:cores|cpu|gpu)\w{0,10} (?:exceeded|reached)/i,
};

const volumeFails = 'a volume cannot be mounted';

/** The more specific a reason is, the higher it stands. */
const platformReasons: readonly PlatformReason[] = [
  quotaOfCores,
  {
    says: 'the subnet has no free addresses',
    ofScheduling: true,
    text: /subnet ?is ?full|(?:not enough|insufficient|no (?:more )?(?:free|available)|run out of|ran out of) (?:ip )?(?:ips|addresses)|insufficient subnet|failed to allocate (?:an )?(?:ip|address)/i,
  },
  {
    says: 'the workload profile has no free node',
    ofScheduling: true,
    text: /max(?:imum)? node group size reached|workload ?profile\w{0,20} (?:\w{1,30} ){0,4}(?:maximum|max) ?(?:node |instance )?(?:count|nodes)\b|did(?:n't| not) trigger scale-?up/i,
  },
  {
    says: 'no node has enough cores, memory or disk free',
    ofScheduling: true,
    text: /\binsufficient (?:cpu|memory|ephemeral-storage|nvidia\.com\/gpu|gpu)\b|\b0\/\d{1,4} nodes are available\b|not enough (?:cpu|memory|resources) (?:on|in|for)/i,
  },
  {
    says: 'the region has no capacity now',
    ofScheduling: true,
    text: /ManagedEnvironmentCapacity\w{0,30}|(?:capacity|AKSCapacity) ?(?:heavy|heavily)? ?(?:usage|used)? ?error|(?:region|zone) (?:\w{1,20} ){0,4}(?:out of|no|insufficient|does not have (?:enough|sufficient)) capacity|AllocationFailed|OverconstrainedAllocation|SkuNotAvailable/i,
  },
  {
    says: 'no node was found for a replica',
    ofScheduling: true,
    reason: /^(?:FailedScheduling|AssigningReplicaFailed)$/i,
  },
  { says: volumeFails, ofScheduling: false, reason: /^(?:FailedMount|FailedAttachVolume)$/i },
  {
    says: volumeFails,
    ofScheduling: false,
    text: /MountVolume\.\w{1,20} failed|Unable to attach or mount volumes|VolumeMountFailure/i,
  },
  { says: 'a container ran out of memory', ofScheduling: false, text: /\bOOMKilled\b|reason '?OutOfMemory/i },
  {
    says: 'a container cannot be created',
    ofScheduling: false,
    reason: /^(?:ContainerCreateFailure|CreateContainer(?:Config)?Error|FailedCreate)$/i,
  },
  {
    says: 'a container cannot be created',
    ofScheduling: false,
    text: /reason '?ContainerCreateFailure|failed to create (?:containerd task|shim task|containerd container)/i,
  },
  {
    says: 'the app listens on another port than its ingress',
    ofScheduling: false,
    text: /TargetPort \d{1,5} does not match the listening port/i,
  },
  { says: 'a probe fails', ofScheduling: false, reason: /^(?:ProbeFailed|Unhealthy|ReplicaUnhealthy)$/i },
  { says: 'a container exits', ofScheduling: false, text: /reason '?(?:ProcessExited|CrashLoopBackOff)\b/i },
  {
    says: 'the deployment took longer than it may',
    ofScheduling: false,
    text: /Deployment Progress Deadline Exceeded/i,
  },
];

/** The most reasons that are said. */
const mostReasons = 3;

/** What the rows say of trouble that is no pull, each of it once, the most specific first. */
export function platformFindings(rows: readonly LogRow[], only: 'of-scheduling' | 'any'): Finding[] {
  const said = platformReasons.filter(
    (one) => (only === 'any' || one.ofScheduling) && rows.some((row) => isSaid(one, row)),
  );
  const words = [...new Set(said.map(({ says }) => says))].slice(0, mostReasons);
  return words.map((says) => ({ code: 'platform-says', detail: { says } }));
}

/** Whether rows say that a volume cannot be mounted: kubelet writes that after it was given the replica (Kubernetes, events of kubelet). */
export function saysVolumeFails(rows: readonly LogRow[]): boolean {
  return platformReasons.some((one) => one.says === volumeFails && rows.some((row) => isSaid(one, row)));
}

function isSaid({ reason, text }: PlatformReason, row: LogRow): boolean {
  return (reason?.test(row.reason) ?? false) || (text?.test(row.text) ?? false);
}
