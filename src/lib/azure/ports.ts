// Builds the ports that the core needs from the adapters to Azure and storage.
// The room azure/ holds the adapters: facts/ reads, actions/ changes, store/ keeps histories and queues, clients/ connects. Not
// here: a rule about causes or changes.

import type { LedgerEntry } from '../history/deployment-ledger.ts';
import type { Entry } from '../history/entries.ts';
import type { IncidentEntry } from '../incidents/incident.ts';
import type { IncidentSystem } from '../incidents/system.ts';
import { recalling } from '../look/recall.ts';
import type { LogEvent, Ports } from '../ports/ports.ts';
import type { Config } from '../settings/config.ts';
import { asksWhoSignsIn } from '../settings/consumers.ts';
import { type ArmId, subscriptionOf } from '../words/arm-id.ts';
import { addressesOf } from '../words/cloud.ts';
import {
  askNewRevision,
  findGrant,
  grantPullRole,
  readAlert,
  readMade,
  removeGrant,
  restartRevision,
  setAlertState,
  startJob,
} from './actions/actions.ts';
import type { AppendBlobs } from './clients/append-blobs.ts';
import { overdrawing, type RequestBudget } from './clients/budget.ts';
import { type Clients, counted } from './clients/clients.ts';
import { shortHash } from './clients/hash.ts';
import { outside } from './clients/outside.ts';
import { appFinder } from './facts/app-finder.ts';
import { graphApps, listApps } from './facts/apps.ts';
import { readAssignee } from './facts/assignee.ts';
import { probesOf } from './facts/evidence.ts';
import { listedApps } from './facts/listed-apps.ts';
import { knowLogWorkspaces } from './facts/logs.ts';
import { knowRegistries } from './facts/registry-facts.ts';
import { lately, sharing } from './facts/shared-facts.ts';
import { readSubscriptionName, subscriptionNames } from './facts/subscription-names.ts';
import { archiveOf } from './store/archive-port.ts';
import { controlsOf, pulseOf, readKillSwitch, sweepsOf } from './store/controls.ts';
import { countedSignalsOf } from './store/counted-signals.ts';
import { formSealsOf } from './store/form-seals.ts';
import { archiveIn } from './store/history-archive.ts';
import { indexOf } from './store/index-rows.ts';
import { outboxOf } from './store/outbox.ts';
import type { Queues } from './store/queue.ts';
import { type Head, ledger, type Tables } from './store/store.ts';
import { wakesOf } from './store/wakes.ts';

/** The entries that this version knows, by ledger. */
export const entryKinds = [
  'opened',
  'signal-joined',
  'looked',
  'decided',
  'outcome',
  'answered',
  'asked-again',
  'incident-linked',
  'put-off',
  'undo-asked',
  'undo-decided',
  'undo-outcome',
  'alert-decided',
  'alert-outcome',
  'closed',
] as const satisfies readonly Entry['kind'][];
export const incidentKinds = [
  'incident-opened',
  'member-joined',
  'member-left',
  'compared',
  'refusal-noted',
  'question-noted',
  'incident-closed',
] as const satisfies readonly IncidentEntry['kind'][];
export const ledgerKinds = [
  'grant-counted',
  'grant-proven',
  'grant-undone',
  'kill-switch-set',
  'grant-refused',
  'grant-approved',
  'refusal-forgotten',
  'access-sighted',
  'role-removal-seen',
  'grant-made',
  'grant-not-found',
  'grant-found',
  'grant-not-made',
  'restart-announced',
  'start-announced',
  'restart-not-made',
  'restart-refused',
  'restart-approved',
] as const satisfies readonly LedgerEntry['kind'][];

export interface Connections {
  readonly clients: Clients;
  readonly tables: Tables;
  readonly queues: Queues;
  /** Where old histories are archived; absent where the settings do not say where the blobs of the account are. */
  readonly blobs?: AppendBlobs | undefined;
  readonly budget: RequestBudget;
  readonly log: (event: LogEvent, fields: Readonly<Record<string, string | number | boolean>>) => void;
  /** The value of an app setting that the settings name: a secret of an incident system. */
  readonly valueOf: (setting: string) => string | undefined;
}

/** The ports of a running function app. */
export function azurePorts(config: Config, connections: Connections): Ports {
  const { clients, tables, queues, budget, log, valueOf } = connections;
  const now = (): number => Date.now();
  const subscriptions = [
    ...new Set([...config.scopes, ...config.registries.map((registry) => registry.id)].map(subscriptionOf)),
  ];
  const readable = [...new Set([...subscriptions, ...config.settings.alsoRead])];
  knowRegistries(
    clients,
    config.registries.map((registry) => registry.id),
  );
  knowLogWorkspaces(clients, config.settings.logWorkspaces);
  const asksFederated = (registryId: ArmId, identity: ArmId): boolean =>
    asksWhoSignsIn(config.registries, registryId, identity);
  const allApps = lately(now, () => listApps(clients, config.scopes));
  return {
    now,
    hash: shortHash,
    ...fromLedgers(connections, now),
    counted: countedSignalsOf(tables.index),
    index: indexOf(tables.index),
    queue: queues,
    azure: recalling(
      {
        probe: sharing(now, probesOf({ clients, subscriptions: readable, asksFederated })),
        findApps: appFinder((names) => graphApps(clients, subscriptions, names), now),
        listApps: allApps,
        listed: listedApps(allApps, now),
        assignee: (assignment) => readAssignee(clients, assignment),
        scarce: () => budget.scarce(),
      },
      now,
    ),
    actions: {
      grant: (grant, remediation, lastCheck) =>
        overdrawing(() => grantPullRole(clients, grant, remediation, lastCheck)),
      findGrant: (grant) => overdrawing(() => findGrant(clients, grant)),
      readMade: (grant, remediation) => overdrawing(() => readMade(clients, grant, remediation)),
      removeGrant: (grant, remediation, lastCheck) =>
        overdrawing(() => removeGrant(clients, grant, remediation, lastCheck)),
      restart: (appId, revision, lastCheck) => overdrawing(() => restartRevision(clients, appId, revision, lastCheck)),
      newRevision: (appId, suffix, template, lastCheck) =>
        overdrawing(() => askNewRevision(clients, appId, suffix, template, lastCheck)),
      start: (appId, lastCheck) => overdrawing(() => startJob(clients, appId, lastCheck)),
      // Alert calls are not urgent, so they use the normal request budget, and wait in its line as looks do that have not begun.
      readAlert: async (alert) => (await counted(() => readAlert(clients, alert), anyNumber())).value,
      setAlert: (alert, state, lastCheck) => setAlertState(clients, alert, state, lastCheck),
    },
    ...fromControls(tables),
    outbox: outboxOf(tables.outbox),
    incidentSystems: systemsOf(config, clients, valueOf),
    subscriptions: { nameOf: subscriptionNames(now, (id) => readSubscriptionName(clients, id)) },
    log,
  };
}

/** A caller of its own in the line of the budget, without a limit of requests. */
function anyNumber(): () => boolean {
  return () => true;
}

/** What is hash-chained, and the archive of what is old of it. */
function fromLedgers({ tables, blobs, log }: Connections, now: () => number) {
  const onHead = (head: Head): void => log('history-head', { ...head });
  return {
    history: ledger<Entry>(tables.history, entryKinds, now, { onHead, readArchive: archiveIn(blobs) }),
    archive: archiveOf(tables, blobs),
    incidents: ledger<IncidentEntry>(tables.incidents, incidentKinds, now, { onHead, shared: true }),
    deployment: ledger<LedgerEntry>(tables.deployment, ledgerKinds, now, { onHead, shared: true }),
  } satisfies Partial<Ports>;
}

/** What the table of the controls keeps for the whole deployment. */
function fromControls({ controls }: Tables) {
  return {
    killSwitch: () => readKillSwitch(controls),
    controls: controlsOf(controls),
    pulse: pulseOf(controls),
    sweeps: sweepsOf(controls),
    wakes: wakesOf(controls),
    seals: formSealsOf(controls),
  } satisfies Partial<Ports>;
}

/** The incident systems of the settings, each made when it is first told something. */
function systemsOf(
  { settings, cloud }: Config,
  clients: Clients,
  valueOf: (setting: string) => string | undefined,
): Ports['incidentSystems'] {
  const made = new Map<string, IncidentSystem>();
  const network = outside((scope) => clients.token(scope), undefined, clients.httpClient);
  return {
    async named(name) {
      const chosen = settings.incidents.systems[name];
      if (chosen === undefined) return undefined;
      const known = made.get(name);
      if (known !== undefined) return known;
      // Loads with the first system that is told: most starts need none.
      const { makeSystem } = await import('../incidents/systems/index.ts');
      const system = makeSystem(chosen, valueOf, network, addressesOf(cloud).arm);
      made.set(name, system);
      return system;
    },
  };
}
