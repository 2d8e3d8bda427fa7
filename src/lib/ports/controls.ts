// Values that people and the deployment set for all remediations.

export interface KillSwitchSetting {
  readonly on: boolean;
  readonly by: string;
  readonly atMs: number;
}

export interface Pulse {
  /** Since when it beats without a long silence. */
  readonly sinceMs: number;
  readonly lastMs: number;
}
