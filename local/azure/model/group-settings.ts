// What only a container group has: its policy, the state of its provisioning, and what each of its containers does and did.

/** An event of a container, as its instance view lists it. The same event again counts up, and keeps its first time. */
export interface ContainerEvent {
  readonly name: 'Pulling' | 'Pulled' | 'Failed' | 'BackOff' | 'Created' | 'Started' | 'Killing';
  readonly type: 'Normal' | 'Warning';
  readonly message: string;
  readonly firstMs: number;
  lastMs: number;
  count: number;
}

/** What a container of a group is doing, or did before. */
export interface ContainerState {
  readonly state: 'Waiting' | 'Running' | 'Terminated';
  readonly startMs?: number;
  readonly finishMs?: number;
  readonly exitCode?: number;
  readonly detailStatus: string;
}

/** What runs of one container of a group. Its events stay when it starts again. */
export interface GroupContainer {
  readonly events: ContainerEvent[];
  restarts: number;
  /** None before the platform shows anything of the container. */
  current?: ContainerState;
  previous?: ContainerState;
}

/** A container as it was written. */
export interface MadeContainer {
  readonly name: string;
  readonly image: string;
  readonly init: boolean;
}

/** What only a container group has. */
export interface GroupSettings {
  readonly policy: 'Always' | 'OnFailure' | 'Never';
  readonly apiVersion: '2025-09-01' | '2023-05-01';
  readonly runsForMs?: number;
  /** Whether it sends its events to a workspace; `logs` in scenario files. */
  readonly sendsEvents: boolean;
  readonly subnetId?: string;
  /** The state of its provisioning, and since when it is in it. */
  stage: 'Pending' | 'Creating' | 'Succeeded' | 'Failed';
  stageSinceMs: number;
  /** When it was last started, by a write or a restart. */
  startedMs?: number;
  /** A person stopped it, and did not start it since. */
  stopped?: true;
  /** The containers of the last write that was accepted. Those that the next write asks for stand in the app. */
  made: readonly MadeContainer[];
  /** By the name of the container. */
  readonly containers: Map<string, GroupContainer>;
}
