// What the platform says of trouble that is no pull becomes a code of a fixed list; the text itself never leaves the history.
import { describe, expect, it } from 'vitest';
import { platformFindings } from '../../../src/lib/diagnosis/platform-reasons.ts';
import type { LogRow } from '../../../src/lib/evidence/app-facts.ts';
import { nowMs } from '../facts.ts';

const row = (text: string, reason = 'ContainerTerminated'): LogRow => ({
  atMs: nowMs,
  revision: '',
  replica: '',
  reason,
  severity: 'Warning',
  text,
});
const says = (only: 'of-scheduling' | 'any', ...rows: LogRow[]): (string | undefined)[] =>
  platformFindings(rows, only).map(({ detail }) => detail['says']);

describe('what explains that no replica is made', () => {
  it.each([
    [
      'Maximum allowed cores exceeded for the Managed Environment. Please check the quotas',
      'the quota of cores is used up',
    ],
    [
      '(WorkloadProfileMaximumCoresExceeded) maximum allowed cores exceeded for the Workload profile: Consumption',
      'the quota of cores is used up',
    ],
    [
      'Operation could not be completed as it results in exceeding approved Total Regional Cores quota',
      'the quota of cores is used up',
    ],
    ['SubnetIsFull: subnet snet-apps', 'the subnet has no free addresses'],
    ['Subnet snet-apps does not have room: not enough IP addresses', 'the subnet has no free addresses'],
    ["pod didn't trigger scale-up: 1 max node group size reached", 'the workload profile has no free node'],
    ['0/3 nodes are available: 3 Insufficient cpu.', 'no node has enough cores, memory or disk free'],
    ['ManagedEnvironmentCapacityHeavyUsageError: the region is out of capacity', 'the region has no capacity now'],
  ])('%s', (text, words) => {
    expect(says('of-scheduling', row(text))).toEqual([words]);
  });

  it('may stand in the reason alone', () => {
    expect(says('of-scheduling', row('no words', 'AssigningReplicaFailed'))).toEqual([
      'no node was found for a replica',
    ]);
    expect(says('of-scheduling', row('no words', 'AssigningReplica'))).toEqual([]);
  });

  it.each([
    'The connection pool is exhausted: maximum connections exceeded',
    'disk quota exceeded',
    'Cores: 4, memory: 8Gi',
    'Order 0/3 shipped',
    'rate quota exceeded for project',
  ])('is not what other programs write: %s', (text) => {
    expect(says('any', row(text))).toEqual([]);
  });
});

describe('what the platform says', () => {
  it.each([
    [row('x', 'FailedMount'), 'a volume cannot be mounted'],
    [row('MountVolume.SetUp failed for volume "data"'), 'a volume cannot be mounted'],
    [
      row("Container 'app' was terminated with exit code '137' and reason 'OOMKilled'"),
      'a container ran out of memory',
    ],
    [row('x', 'ContainerCreateFailure'), 'a container cannot be created'],
    [row("terminated with exit code '' and reason 'ContainerCreateFailure'"), 'a container cannot be created'],
    [
      row('The TargetPort 80 does not match the listening port 8080.'),
      'the app listens on another port than its ingress',
    ],
    [row('Probe of Liveness failed', 'ProbeFailed'), 'a probe fails'],
    [row("terminated with exit code '1' and reason 'ProcessExited'"), 'a container exits'],
    [row('Deployment Progress Deadline Exceeded. 0/1 replicas ready.'), 'the deployment took longer than it may'],
  ])('%o', (one, words) => {
    expect(says('any', one)).toEqual([words]);
    expect(says('of-scheduling', one)).toEqual([]);
  });

  it('is said once each, the most specific first, and at most three', () => {
    const rows = [
      row('Deployment Progress Deadline Exceeded'),
      row('x', 'FailedMount'),
      row('MountVolume.SetUp failed'),
      row('0/3 nodes are available'),
      row('Maximum allowed cores exceeded'),
    ];

    expect(says('any', ...rows)).toEqual([
      'the quota of cores is used up',
      'no node has enough cores, memory or disk free',
      'a volume cannot be mounted',
    ]);
  });

  it('never holds a word of the text', () => {
    expect(JSON.stringify(platformFindings([row('MountVolume.SetUp failed: token=hunter2')], 'any'))).not.toContain(
      'hunter2',
    );
  });
});
