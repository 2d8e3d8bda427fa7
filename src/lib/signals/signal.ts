// A message that arrived, as the core knows it. A signal is only a hint: it says where to look, never what to do.
// The room signals/ holds what arrived, validated: alerts, events, step messages, and which changes can matter to what waits.
// Not here: what is done about it.

import type { AlertId, ArmId } from '../words/arm-id.ts';
import type { WorkloadKind } from '../workloads/workload.ts';

export interface Signal {
  /** The sender's own id: the same signal delivered twice has the same one. */
  readonly id: string;
  readonly via: Via;
  readonly about: About;
  readonly atMs: number;
  readonly revision?: string;
  /** Live remediations look again, and the signal opens none: a resolved alert, a successful write. */
  readonly joinOnly?: boolean;
  /** Only of a person who asked for a look: who, and why where the person said so. Signals of older versions do not say. */
  readonly asked?: { readonly by: string; readonly why?: string };
  /** Only of an alert that fired. */
  readonly alert?: SignalAlert;
}

export type About =
  | { readonly kind: 'app'; readonly id: ArmId }
  /** Log alerts name an app, not its id: the name is looked up within the configured scopes. */
  | {
      readonly kind: 'app-name';
      readonly name: string;
      readonly environment?: string;
      /** Absent: `unnamedKind` of the table of workloads. */
      readonly workload?: WorkloadKind;
    }
  /** Something that a cause may depend on was changed: remediations that wait for a person look again. */
  | { readonly kind: 'change'; readonly resource: ArmId }
  /** An image was pushed: remediations that wait for one of this repository look again. */
  | { readonly kind: 'pushed'; readonly registry: string; readonly repository: string };

export const vias = [
  'log-alert',
  'activity-alert',
  'resource-event',
  'registry-event',
  'operator',
  'schedule',
] as const;
export type Via = (typeof vias)[number];

/** The alert that a signal says it comes from. Untrusted: the sender may name any alert, so it is read from Azure before use. */
export interface SignalAlert {
  readonly id: AlertId;
  /** The name of its rule, lower case. */
  readonly rule: string;
}

export type Read =
  | { readonly ok: true; readonly signals: readonly Signal[] }
  | { readonly ok: false; readonly problem: string };
