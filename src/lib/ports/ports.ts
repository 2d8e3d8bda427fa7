// The interfaces through which the core uses Azure and storage, by role. Each role is implemented once for Azure and once in memory for
// the tests.
// The room ports/ holds what the core asks of the outside, as interfaces. Not here: an implementation: Azure has one in azure/,
// the tests have one in memory (test/lib/memory-ports.ts).

import type { AlertFacts } from '../decision/alert-state.ts';
import type { Evidence, Probe } from '../evidence/evidence.ts';
import {
  type AppList,
  type AppSummary,
  type FoundApps,
  type LookContext,
  type ProbeAnswer,
} from '../evidence/reads.ts';
import type { CountedSignals } from '../history/counted-signals.ts';
import { type LedgerEntry } from '../history/deployment-ledger.ts';
import type { AlertState, Entry, OutcomeKind, UndoOutcome } from '../history/entries.ts';
import type { Grant } from '../history/grant.ts';
import { type Ledger } from '../history/ledger.ts';
import type { Refusal } from '../history/refusals.ts';
import type { IncidentEntry } from '../incidents/incident.ts';
import type { OutboxStore } from '../incidents/outbox.ts';
import type { IncidentSystem } from '../incidents/system.ts';
import type { Signal } from '../signals/signal.ts';
import { type Step } from '../signals/step.ts';
import type { Tell } from '../signals/tell.ts';
import type { AlertId, ArmId, PrincipalId } from '../words/arm-id.ts';
import type { Fact } from '../words/fact.ts';
import type { RemediationId, Target } from '../words/target.ts';
import type { WorkloadKind } from '../workloads/workload.ts';
import type { HistoryArchive } from './archive.ts';
import type { KillSwitchSetting, KillSwitchState, Pulse, SweepNote } from './controls.ts';
import type { FormSeals } from './form-seals.ts';
import type { IndexStore } from './index-store.ts';

/** Everything that the core needs of the world: all roles together. Functions take only the roles that they use. */
export interface Ports
  extends Clock,
    Names,
    Histories,
    SignalCounts,
    Incidents,
    DeploymentLedger,
    Index,
    Queues,
    AzureReads,
    AzureWrites,
    KillSwitch,
    Controls,
    Heartbeat,
    SweepNotes,
    WakePlans,
    Outbox,
    Archive,
    IncidentSystems,
    FormSeals,
    SubscriptionNames,
    EventLog {}

/** Says what time it is. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Makes short names out of texts. */
export interface Names {
  /** A stable, collision-resistant short name for a text: 24 hex digits. */
  hash(text: string): string;
}

/** Keeps the histories of the targets. */
export interface Histories {
  readonly history: Ledger<Entry>;
}

/** Keeps how often signals repeated what the history of a remediation says. */
export interface SignalCounts {
  readonly counted: {
    /** The counted signals, and the version to write over. Throws when the store cannot be reached. */
    read(remediation: RemediationId): Promise<{ readonly counted: CountedSignals; readonly version?: string }>;
    /** `taken`: another writer was first, and nothing was written. Throws when the store cannot be reached. */
    write(
      remediation: RemediationId,
      counted: CountedSignals,
      version: string | undefined,
    ): Promise<'written' | 'taken'>;
  };
}

/** Keeps the histories of the incidents. */
export interface Incidents {
  readonly incidents: Ledger<IncidentEntry>;
}

/** Keeps what counts against the limits of the whole deployment. */
export interface DeploymentLedger {
  readonly deployment: Ledger<LedgerEntry>;
}

/** Lists remediations and incidents without reading their histories. */
export interface Index {
  readonly index: IndexStore;
}

/** Sends messages that come back at a given time. */
export interface Queues {
  readonly queue: {
    sendStep(step: Step, dueAtMs: number): Promise<void>;
    sendSignal(signal: Signal, dueAtMs: number): Promise<void>;
    /** Has this system told of this incident or remediation. */
    sendTell(tell: Tell, dueAtMs: number): Promise<void>;
  };
}

/** Reads Azure, and changes nothing there. */
export interface AzureReads {
  readonly azure: {
    /** Reads one probe. Never throws for an Azure failure: that is an unreadable fact. Counts its calls. */
    probe(probe: Probe, target: Target, soFar: Evidence, logsSinceMs: number, look?: LookContext): Promise<ProbeAnswer>;
    /**
     * Apps of this name within the configured scopes. `environment` is what a log row calls it: the first label of its default domain, or
     * its name. If it fits no app, all apps of the name are returned. `workload`: of which kind; without it apps.
     */
    findApps(name: string, environment: string | undefined, workload?: WorkloadKind): Promise<Fact<FoundApps>>;
    /** All apps within the configured scopes, as they were at `sinceMs` or later; by default now. */
    listApps(sinceMs?: number): Promise<Fact<AppList>>;
    /**
     * What a list of all apps of the last minute says of one. `undefined` where few apps are asked for, so that no list is worth its
     * requests, where it cannot be read, and where the app is not on it: then the app itself is to be read.
     */
    listed(app: ArmId): Promise<AppSummary | undefined>;
    /** Who has the role of this role assignment. */
    assignee(assignment: ArmId): Promise<Fact<Assignee | 'gone'>>;
    /** Whether requests had to wait lately: then what can wait is put off. */
    scarce(): boolean;
  };
}

/**
 * Asked by a change right before its one write to Azure, after everything else that the change reads. Returns the refusal for which the
 * write is not sent.
 */
export type LastCheck = () => Promise<Refusal | undefined>;

/** Says what people call a subscription. */
export interface SubscriptionNames {
  readonly subscriptions: {
    /** The name of this subscription; `undefined` where it cannot be read, or not in about a second. Never throws. */
    nameOf(id: string): Promise<string | undefined>;
  };
}

/** Makes the few changes in Azure that pullmedic may make, and reads what became of them. */
export interface AzureWrites {
  readonly actions: {
    /** The assignment says which remediation made it, so that it can be told from any other. */
    grant(grant: Grant, remediation: RemediationId, lastCheck: LastCheck): Promise<ActionAnswer>;
    /** Whether the assignment that this grant would make exists. */
    findGrant(grant: Grant): Promise<Fact<boolean>>;
    /** Whether the assignment of this grant is still exactly what this remediation made. */
    readMade(grant: Grant, remediation: RemediationId): Promise<Fact<MadeGrant>>;
    /** Removes the assignment that this remediation made, if it still reads so, and nothing else. */
    removeGrant(grant: Grant, remediation: RemediationId, lastCheck: LastCheck): Promise<UndoAnswer>;
    restart(appId: ArmId, revision: string, lastCheck: LastCheck): Promise<ActionAnswer>;
    /** Asks for a new revision of the template of this short name, and changes nothing else; withheld where it is another by now. */
    newRevision(appId: ArmId, suffix: string, template: string, lastCheck: LastCheck): Promise<ActionAnswer>;
    /** Starts one execution of a job, with the template that the job has. */
    start(appId: ArmId, lastCheck: LastCheck): Promise<ActionAnswer>;
    /** An alert as Azure shows it now. */
    readAlert(alert: AlertId): Promise<Fact<AlertFacts | 'gone'>>;
    /** Sets the state of an alert that was read and found to be the one that was meant. */
    setAlert(alert: AlertId, state: AlertState, lastCheck: LastCheck): Promise<ActionAnswer>;
  };
}

/** Says whether all changes are switched off. */
export interface KillSwitch {
  /** Unreadable means on. */
  killSwitch(): Promise<Fact<boolean>>;
}

/** Keeps how people set the kill switch. */
export interface Controls {
  readonly controls: {
    /** The person who set the kill switch, and when; `undefined` if it was never set. */
    setting(): Promise<Fact<KillSwitchState | undefined>>;
    /** Turns the kill switch on, even if another instance wrote the row in between. Throws when the store cannot be reached. */
    turnOn(set: Omit<KillSwitchSetting, 'on'>): Promise<void>;
    /**
     * Turns the kill switch off if its version is still this one; `undefined` if it was never set. `moved`: it was written meanwhile, and
     * it stays as it is. Throws when the store cannot be reached.
     */
    turnOff(set: Omit<KillSwitchSetting, 'on'>, seen: string | undefined): Promise<'off' | 'moved'>;
  };
}

/** Keeps since when this deployment has been awake. */
export interface Heartbeat {
  readonly pulse: {
    read(): Promise<Fact<Pulse | undefined>>;
    write(pulse: Pulse): Promise<void>;
  };
}

/** Keeps what the last sweep could see, so that health can say it. */
export interface SweepNotes {
  readonly sweeps: {
    read(): Promise<Fact<SweepNote | undefined>>;
    write(note: SweepNote): Promise<void>;
  };
}

/** Keeps which looks the changes in Azure have asked for. All instances share one plan. */
export interface WakePlans {
  readonly wakes: {
    /** The plan, and the version to write over. Throws when the store cannot be reached. */
    read(): Promise<{ readonly looks: readonly PlannedLook[]; readonly version?: string }>;
    /** `taken`: another writer was first, and nothing was written. Throws when the store cannot be reached. */
    write(looks: readonly PlannedLook[], version: string | undefined): Promise<'written' | 'taken'>;
  };
}

/** Keeps what the incident systems were told, and what they are to be told. */
export interface Outbox {
  readonly outbox: OutboxStore;
}

/** Keeps histories that have grown old. */
export interface Archive {
  readonly archive: HistoryArchive;
}

/** The systems that tell people. */
export interface IncidentSystems {
  readonly incidentSystems: {
    /** The system of this name in the settings; `undefined` if there is none by now. */
    named(name: string): Promise<IncidentSystem | undefined>;
  };
}

/** A look that a change asked for. `by` names the signal that said so. */
export interface PlannedLook {
  readonly remediation: RemediationId;
  readonly dueAtMs: number;
  readonly by: string;
}

export interface Assignee {
  readonly principalId: PrincipalId;
  /** A group, or a kind of principal that is not known: others may have the role through it. */
  readonly group: boolean;
}

/** Writes events to the log. */
export interface EventLog {
  /** Static event names with fields; never log text, never claims. */
  log(event: LogEvent, fields: Readonly<Record<string, string | number | boolean>>): void;
}

export interface ActionAnswer {
  readonly outcome: OutcomeKind;
  readonly because?: string;
  /** Code and status of a refusal, never a message body. */
  readonly detail?: string;
  /** The assignment that an undo would remove; only if pullmedic made it. */
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

export type LogEvent =
  | 'storage-not-ready'
  /** One line at each start: whether the platform signs callers in. */
  | 'started'
  | 'storage-ready'
  | 'signal-not-queued'
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
  /** A form on a page that did not act, and why. */
  | 'form-refused'
  /** A page that could not be read or written, and the code of the error. */
  | 'page-failed'
  | 'answer-failed'
  | 'refusal-forgotten'
  | 'asked-again'
  | 'question'
  | 'kill-switch-set'
  | 'undo-asked'
  | 'undo-decided'
  | 'undone'
  | 'stuck-found'
  | 'awake-found'
  | 'sweep-unreadable'
  | 'swept'
  | 'overdue-found'
  | 'poison-kept'
  | 'dead-letter'
  | 'replayed'
  | 'dismissed'
  | 'heartbeat'
  | 'incident-opened'
  | 'incident-closed'
  | 'tell-not-queued'
  | 'route-not-known'
  | 'outbox-row-unreadable'
  | 'system-standing-unreadable'
  | 'tell-failed'
  | 'incident-told'
  | 'incident-not-told'
  | 'remediation-told'
  | 'remediation-not-told'
  | 'system-stopped'
  | 'system-tried'
  | 'history-unreadable'
  | 'rows-taken-over'
  /** How many remediations a run of the archive visited, and how many histories are left in the table because they cannot be moved. */
  | 'archived'
  | 'not-archived'
  | 'history-head';
