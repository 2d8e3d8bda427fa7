// What a model world of the fault sweep is: when signals come, what a person does, what Azure reads like, and how it has to end.
import type { Evidence } from '../../src/lib/evidence/evidence.ts';
import type { AlertState } from '../../src/lib/history/entries.ts';
import type { Config } from '../../src/lib/settings/config.ts';
import type { Signal } from '../../src/lib/signals/signal.ts';

/** What was changed so far by pullmedic: the first grant of all, and the last restart of this app. */
export interface Changes {
  readonly grantedAtMs: number | undefined;
  /** A grant was made and taken back. */
  readonly undone: boolean;
  readonly restartedAtMs: number | undefined;
  readonly revised: { readonly suffix: string; readonly atMs: number } | undefined;
}

export interface Model {
  readonly name: string;
  readonly config: Config;
  readonly signals: readonly { readonly atMs: number; readonly signal: Signal }[];
  /** A person answers what is asked, from this moment on; yes, unless it says otherwise. */
  readonly answersAtMs?: number;
  readonly answers?: 'approved' | 'rejected';
  /** From this moment on a person wants the grant taken back, and asks again until it is. */
  readonly undoesAtMs?: number;
  /** At this moment a person removes what was granted; the Activity Log does not show it yet. */
  readonly removesAtMs?: number;
  /** From `fromMs` on, what ended `afterMs` before moves into the archive, as if the setting had been deployed at that moment. */
  readonly archives?: { readonly fromMs: number; readonly afterMs: number };
  /** When the world is looked at for the last time, where it waits for a person in the end. */
  readonly restsAtMs?: number;
  /** What Azure reads like for one app. */
  read(changes: Changes, atMs: number, app: string): Evidence;
  /** How every remediation that there is in the end ended. */
  readonly ends: readonly ('recovered' | 'withdrawn' | 'unproven' | 'needs-person' | 'needs-approval')[];
  readonly grants: number;
  /** States that the alert is set to, where nothing goes wrong. */
  readonly alertsSet?: readonly AlertState[];
  /** `maybe-`: a host that dies at the start may come back when nobody needs to be told any more. */
  readonly incident: 'none' | 'open' | 'resolved' | 'withdrawn' | 'maybe-resolved' | 'maybe-withdrawn';
}
