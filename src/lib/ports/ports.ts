// What the core asks of the outside, in our own words. Each port is implemented once for Azure and once in memory for the tests.
import type { AlertFacts } from '../decision/alert-state.ts';
import type { Evidence, Probe } from '../evidence/evidence.ts';
import type { AlertState, Entry, Grant, OutcomeKind, StoredEntry, UndoOutcome } from '../history/history.ts';
import type { IncidentEntry } from '../incidents/incident.ts';
import type { KillSwitchSetting } from '../remediation/kill-switch.ts';
import type { Pulse } from '../remediation/pulse.ts';
import type { Signal } from '../signals/signal.ts';
import type { AlertId, ArmId } from '../words/arm-id.ts';
import type { Fact } from '../words/fact.ts';
import type { IncidentId, RemediationId, Target, TargetId } from '../words/target.ts';

/** Grants of the whole deployment, for its limits. */
export type LedgerEntry =
  | { readonly kind: 'grant-counted'; readonly remediation: RemediationId }
  | { readonly kind: 'grant-proven'; readonly remediation: RemediationId }
  | { readonly kind: 'kill-switch-set'; readonly on: boolean; readonly by: string }
  /** A person had it taken back: nobody is given this grant again without being asked. */
  | { readonly kind: 'grant-undone'; readonly remediation: RemediationId; readonly grant: Grant };

/** An append-only, hash-chained list of entries. Reading verifies the chain and throws where it is broken. */
export interface Ledger<T> {
  read(partition: string): Promise<readonly StoredEntry<T>[]>;
  /** Inserts at the next number. `taken`: somebody else moved it; nothing was written. Throws when the store cannot be reached. */
  append(partition: string, after: number, entry: T): Promise<'appended' | 'taken'>;
}

/** A message that says: look at this target, I was sent for this entry. */
export interface Step {
  readonly targetId: TargetId;
  /** The entry it was sent for; a later one makes it stale. */
  readonly seq: number;
  /** Look even though the step is not the latest or not due: something may have changed. */
  readonly wake: boolean;
  /** Sent because the step seemed lost: nothing changed, so it is looked at only if that is due. */
  readonly late?: boolean;
}

/** One row per remediation, derived from its history: for lists, and to find what is overdue. */
export interface IndexRow {
  readonly remediation: RemediationId;
  readonly targetId: TargetId;
  readonly appId: ArmId;
  readonly closed: boolean;
  readonly needsPerson: boolean;
  /** Closed because no replica was asked to start: to be looked at again when one is. */
  readonly asleep: boolean;
  readonly dueAtMs: number;
  readonly seq: number;
  readonly updatedAtMs: number;
  /** Orders lists: it never changes. Rows of older versions lack it. */
  readonly openedAtMs?: number;
  /** A person is asked for an approval. */
  readonly asks?: boolean;
}

export interface ActionAnswer {
  readonly outcome: OutcomeKind;
  readonly because?: string;
  /** Code and status of a refusal, never a message body. */
  readonly detail?: string;
  /** What an undo would remove; only where we made it. */
  readonly undo?: string;
}

/** An assignment as it reads now, beside what we recorded of it. */
export type MadeGrant =
  | { readonly kind: 'ours'; readonly assignment: string }
  /** It is there, and it is not what this remediation made: another one's, or changed since. */
  | { readonly kind: 'another' }
  | { readonly kind: 'gone' };

export interface UndoAnswer {
  readonly outcome: UndoOutcome;
  readonly because?: string;
  readonly detail?: string;
}

/** What a list says of an app, for the sweep. */
export interface AppSummary {
  readonly id: ArmId;
  readonly provisioningState: string;
  readonly latestRevision?: string;
  /** Its environment, and the hosts that its images come from: only where the latest revision is ready. */
  readonly ready?: { readonly environmentId?: ArmId; readonly registries: readonly string[] };
}

/** The look that a probe is asked for. */
export interface LookContext {
  /** Takes one request out of the look's budget; false once that is spent, and then nothing is sent. */
  readonly maySend: () => boolean;
  /** For a remediation whose slow facts may be recalled. Without it everything is read anew. */
  readonly recall?: {
    readonly remediation: RemediationId;
    /** Where its history stands as the look begins. */
    readonly seq: number;
    /** What was read for a look that began before this entry does not count any more: somebody changed something, or answered. */
    readonly since: number;
  };
  /** What the look of another app read of shared resources since this instant will do. Without it nothing is shared. */
  readonly sharedSinceMs?: number;
}

export interface ProbeAnswer {
  readonly facts: Partial<Evidence>;
  /** Requests that were sent for it. */
  readonly calls: number;
  /** When it was read, where that was before this look. */
  readonly readAtMs?: number;
}

/** Everything that the core needs of the world. */
export interface Ports {
  now(): number;
  /** A stable, collision-resistant short name for a text: 24 hex digits. */
  hash(text: string): string;
  readonly history: Ledger<Entry>;
  readonly incidents: Ledger<IncidentEntry>;
  readonly deployment: Ledger<LedgerEntry>;
  readonly index: {
    put(row: IndexRow): Promise<void>;
    live(): Promise<readonly IndexRow[]>;
    /** Those that wait for a person. */
    waiting(): Promise<readonly IndexRow[]>;
    /** Those that were due before this instant. */
    overdue(beforeMs: number): Promise<readonly IndexRow[]>;
    /** Those of one app: a storm of signals must not read everything for each of them. */
    liveOf(appId: ArmId): Promise<readonly Pick<IndexRow, 'remediation' | 'targetId'>[]>;
    all(): Promise<readonly IndexRow[]>;
    /** Those that ended because nothing was asked to start. */
    asleep(): Promise<readonly IndexRow[]>;
    noteIncident(id: IncidentId): Promise<void>;
    incidents(): Promise<readonly IncidentId[]>;
  };
  readonly queue: {
    sendStep(step: Step, dueAtMs: number): Promise<void>;
    sendSignal(signal: Signal, dueAtMs: number): Promise<void>;
  };
  readonly azure: {
    /** Reads one probe. Never throws for an Azure failure: that is an unreadable fact. Counts its calls. */
    probe(probe: Probe, target: Target, soFar: Evidence, logsSinceMs: number, look?: LookContext): Promise<ProbeAnswer>;
    /** Apps of this name within the configured scopes. */
    findApps(name: string, environment: string | undefined): Promise<Fact<readonly ArmId[]>>;
    /** All apps within the configured scopes, as they were at `sinceMs` or later; by default now. */
    listApps(sinceMs?: number): Promise<Fact<readonly AppSummary[]>>;
    /** Whether requests had to wait lately: then what can wait is put off. */
    scarce(): boolean;
  };
  readonly actions: {
    /** The assignment says which remediation made it, so that it can be told from any other. */
    grant(grant: Grant, remediation: RemediationId): Promise<ActionAnswer>;
    /** Whether the assignment that this grant would make exists. */
    findGrant(grant: Grant): Promise<Fact<boolean>>;
    /** Whether the assignment of this grant is still exactly what this remediation made. */
    readMade(grant: Grant, remediation: RemediationId): Promise<Fact<MadeGrant>>;
    /** Removes the assignment that this remediation made, if it still reads so, and nothing else. */
    removeGrant(grant: Grant, remediation: RemediationId): Promise<UndoAnswer>;
    restart(appId: ArmId, revision: string): Promise<ActionAnswer>;
    /** Asks for a new revision of the template of this short name, and changes nothing else; withheld where it is another by now. */
    newRevision(appId: ArmId, suffix: string, template: string): Promise<ActionAnswer>;
    /** An alert as Azure shows it now. */
    readAlert(alert: AlertId): Promise<Fact<AlertFacts | 'gone'>>;
    /** Sets the state of an alert that was read and found to be the one that was meant. */
    setAlert(alert: AlertId, state: AlertState): Promise<ActionAnswer>;
  };
  /** Unreadable means on. */
  killSwitch(): Promise<Fact<boolean>>;
  readonly controls: {
    /** Who set the kill switch, and when; none where nobody ever did. */
    setting(): Promise<Fact<KillSwitchSetting | undefined>>;
    /** Throws when the store cannot be reached. */
    setKillSwitch(setting: KillSwitchSetting): Promise<void>;
  };
  readonly pulse: {
    read(): Promise<Fact<Pulse | undefined>>;
    write(pulse: Pulse): Promise<void>;
  };
  /** Static event names with fields; never log text, never claims. */
  log(event: LogEvent, fields: Readonly<Record<string, string | number | boolean>>): void;
}

export type LogEvent =
  | 'signal-without-app'
  | 'signal-app-not-found'
  | 'signal-accepted'
  | 'signal-later'
  | 'remediation-opened'
  | 'remediation-joined'
  | 'step-stale'
  | 'step-overtaken'
  | 'put-off'
  | 'looked'
  | 'decided'
  | 'acted'
  | 'alert-decided'
  | 'alert-set'
  | 'closed'
  | 'woken'
  | 'answered'
  | 'kill-switch-set'
  | 'undo-asked'
  | 'undo-decided'
  | 'undone'
  | 'stuck-found'
  | 'awake-found'
  | 'sweep-unreadable'
  | 'overdue-found'
  | 'poison-kept'
  | 'dead-letter'
  | 'replayed'
  | 'dismissed'
  | 'heartbeat'
  | 'history-head';
