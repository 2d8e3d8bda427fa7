// Values that people and the deployment set for all remediations.

import type { Unreadable } from '../words/fact.ts';

export interface KillSwitchSetting {
  readonly on: boolean;
  readonly by: string;
  readonly atMs: number;
  /** The reason, where the person gave one. */
  readonly why?: string;
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

/** What the last sweep saw of the apps. */
export interface SweepNote {
  readonly atMs: number;
  /** Apps in the list. */
  readonly apps: number;
  /** Items of the list whose id could not be read. They are not swept. */
  readonly skipped: number;
  /** Why there was no list at all. */
  readonly unreadable?: Unreadable;
}
