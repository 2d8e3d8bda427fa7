// Values that people and the deployment set for all remediations.

export interface KillSwitchSetting {
  readonly on: boolean;
  readonly by: string;
  readonly atMs: number;
}

/** The setting as it is stored. */
export interface KillSwitchState extends KillSwitchSetting {
  /** Another one after each write, also after a write that sets the same. Who turns the switch off names the version that they saw. */
  readonly version: string;
}

export interface Pulse {
  /** Since when it beats without a long silence. */
  readonly sinceMs: number;
  readonly lastMs: number;
}
