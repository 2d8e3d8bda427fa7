// Every guard refuses where it should, in a whole step on memory ports: the refusal is in the history and its words are on the page.
import { describe, expect, it } from 'vitest';
import { listRemediations, showRemediation } from '../../../src/lib/console/views.ts';
import { sayRefusal } from '../../../src/lib/console/words.ts';
import { type AlertFacts, type AlertQuestion, alertRefusal } from '../../../src/lib/decision/alert-state.ts';
import type { DecisionInput } from '../../../src/lib/decision/decision-input.ts';
import { grantRefusals } from '../../../src/lib/decision/grant-guards.ts';
import { undoRefusals } from '../../../src/lib/decision/request-guards.ts';
import { newRevisionRefusals, restartRefusals } from '../../../src/lib/decision/retry-guards.ts';
import { startRefusals } from '../../../src/lib/decision/start-guards.ts';
import type { Evidence } from '../../../src/lib/evidence/evidence.ts';
import type { HolderFacts } from '../../../src/lib/evidence/role-facts.ts';
import type { Entry } from '../../../src/lib/history/entries.ts';
import type { Grant } from '../../../src/lib/history/grant.ts';
import { codeOf, type Refusal, type RefusalCode, reasons } from '../../../src/lib/history/refusals.ts';
import type { Reliance } from '../../../src/lib/history/reliance.ts';
import { remember } from '../../../src/lib/remediation/access-memory.ts';
import { answerQuestion } from '../../../src/lib/remediation/approval.ts';
import { ledgerFacts } from '../../../src/lib/remediation/deployment.ts';
import type { Config } from '../../../src/lib/settings/config.ts';
import type { SignalAlert } from '../../../src/lib/signals/signal.ts';
import { type AlertId, parseAlertId } from '../../../src/lib/words/arm-id.ts';
import { type Fact, known, unreadable } from '../../../src/lib/words/fact.ts';
import type { RemediationId } from '../../../src/lib/words/target.ts';
import type { GroupLife } from '../../../src/lib/workloads/container-group/group-life.ts';
import { pageOf } from '../console-pages.ts';
import {
  acrPull,
  alert,
  app,
  appId,
  arm,
  assignment,
  config,
  dnsUnlinked,
  environmentId,
  execution,
  firedAlert,
  groupFacts,
  groupRun,
  groupTarget,
  identityId,
  jobId,
  jobTarget,
  minute,
  nowMs,
  principal,
  principalId,
  pulledRow,
  pullingReplica,
  readyReplica,
  registry,
  registryId,
  revision,
  roleMissing,
  signal,
  startingReplica,
  stuckReplica,
  target,
  unauthorizedRow,
  waitingContainer,
  waitingExecutionReplica,
} from '../facts.ts';
import { type Memory, memory } from '../memory-ports.ts';
import { decisionInput } from '../situations.ts';
import { toldAtOnce } from '../told-at-once.ts';
import { attempted } from './retried.ts';

const subscription = '/subscriptions/5f0c1d2e-0000-4000-8000-000000000001';
const appGroup = `${subscription}/resourceGroups/rg-apps`;
const day = 24 * 60 * minute;
const grant: Grant = { registryId, principalId: principal, roleId: acrPull };

const another = `t${'1'.repeat(24)}.1` as RemediationId;
/** A no to the same grant for another app. */
const refusedElsewhere = { kind: 'grant-refused', grant, remediation: another, app: appId } as const;

/** A look of another app saw the identity with a role. */
function sighted(ports: Memory['ports']): Promise<void> {
  return remember(ports, grant, {
    kind: 'access-sighted',
    registryId,
    principalId: principal,
    app: appId,
    assignment: 'x',
    roleMode: 'legacy',
  });
}

/** Everything that was refused so far, and what the pages say. */
async function refusedBy(running: Memory): Promise<{ codes: string[]; pages: string }> {
  const shown = await Promise.all(
    (await listRemediations(running.ports)).map((view) => showRemediation(running.ports, view.id)),
  );
  const codes = shown.flatMap((one) =>
    (one?.entries ?? []).flatMap(({ entry }) => {
      if (entry.kind === 'decided' || entry.kind === 'alert-decided') return entry.refusals.map(codeOf);
      return entry.kind === 'outcome' && entry.outcome === 'withheld' ? [entry.because ?? ''] : [];
    }),
  );
  const pages = shown.map((one) => (one ? pageOf(one.remediation, one.entries) : '')).join('\n');
  return { codes, pages };
}

type Arranged = (more?: {
  readonly config?: Config;
  readonly evidence?: Partial<Evidence>;
  /** Between the ports and the signal. */
  readonly before?: (running: Memory) => Promise<void> | void;
  readonly after?: (running: Memory) => Promise<void> | void;
}) => () => Promise<Memory>;

/** A failing app without its role, as far as nothing else is said, and the signal of it. */
const failing: Arranged =
  ({ config: settings = config(), evidence = {}, before, after } = {}) =>
  async () => {
    const running = memory(settings, { ...roleMissing, ...evidence }, nowMs);
    await before?.(running);
    await running.deliver(signal);
    await after?.(running);
    return running;
  };

function settings(more: object): Config {
  return config({ PULLMEDIC_SETTINGS: JSON.stringify(more) });
}

function consumers(...listed: string[]): Config {
  return config({ PULLMEDIC_REGISTRIES: JSON.stringify([{ id: registryId, consumers: listed }]) });
}

function holders(more: Partial<HolderFacts>): Partial<Evidence> {
  return { holders: known({ resources: [{ id: appId, environmentId }], tenant: 'same', ...more }) };
}

function others(count: number, group: string): HolderFacts['resources'] {
  return Array.from({ length: count }, (_, at) => ({
    id: arm(`${subscription}/resourceGroups/${group}/providers/Microsoft.App/containerApps/ca-other-${at}`),
  }));
}

/** Revisions of the app were restarted an hour ago. */
function restartedBefore(...revisions: string[]) {
  return restartedAgo(60, ...revisions);
}

function restartedAgo(minutes: number, ...revisions: string[]) {
  return async ({ ports, world }: Memory): Promise<void> => {
    world.nowMs = nowMs - minutes * minute;
    for (const [at, name] of revisions.entries()) {
      const remediation = `t${'1'.repeat(24)}.1` as never;
      const entry = { kind: 'restart-announced', app: appId, revision: name, by: 'restart', remediation } as const;
      await ports.deployment.append(`restarts-${ports.hash(appId)}`, at, entry);
    }
    world.nowMs = nowMs;
  };
}

/** Another remediation makes the same retry while this one is about to announce it. */
function restartedMeanwhile({ ports }: Memory): void {
  const append = ports.deployment.append.bind(ports.deployment);
  Object.assign(ports.deployment, {
    append: async (...asked: Parameters<typeof append>) => {
      const [partition, after, entry] = asked;
      if (entry.kind !== 'restart-announced' || after > 0) return append(...asked);
      await append(partition, after, { ...entry, remediation: another });
      return 'taken';
    },
  });
}

function restartsUnreadable({ ports }: Memory): void {
  const read = ports.deployment.read.bind(ports.deployment);
  Object.assign(ports.deployment, {
    read: (partition: string) =>
      partition.startsWith('restarts-') ? Promise.reject(new Error('down')) : read(partition),
  });
}

/** Grants of other apps in the deployment's ledger, so many minutes ago. */
function counted(...agesInMinutes: number[]) {
  return async ({ ports, world }: Memory): Promise<void> => {
    for (const [at, age] of agesInMinutes.entries()) {
      world.nowMs = nowMs - age * minute;
      await ports.deployment.append('deployment', at, {
        kind: 'grant-counted',
        remediation: `t${'1'.repeat(24)}.${at + 1}` as never,
      });
    }
    world.nowMs = nowMs;
  };
}

async function answer(running: Memory, said: 'approved' | 'rejected'): Promise<void> {
  const [view] = await listRemediations(running.ports);
  const given = { answer: said, question: view?.approval?.question ?? 0, by: 'a person' };
  expect(await answerQuestion(running.ports, view?.id ?? '', given)).toEqual({ kind: 'answered' });
  await running.pass(minute);
}

/** What a person, or another program, does between the decision and the change. */
function afterDecision(act: (running: Memory) => void) {
  return (running: Memory): void => {
    const { history } = running.ports;
    const append = history.append.bind(history);
    Object.assign(history, {
      async append(partition: string, after: number, entry: Entry) {
        const appended = await append(partition, after, entry);
        if (entry.kind === 'decided') act(running);
        return appended;
      },
    });
  };
}

const approving = config({ PULLMEDIC_MODE: 'approve' });
/** No other app and no other remediation relies on the assignment. */
const alone: Fact<Reliance> = known({ remediations: [], resources: [] });

function appBecomes(now: NonNullable<Evidence['app']>) {
  return afterDecision(({ world }) => {
    world.evidence = { ...world.evidence, app: now };
  });
}

/** The role is there for six minutes, and nothing has pulled: a restart is due. */
const oldRole: Partial<Evidence> = { roles: known([assignment(6 * minute)]) };
const newRevision = { retry: { newRevision: true } };

function refusesRestarts({ world }: Memory): void {
  world.restartAnswer = { outcome: 'failed', because: 'refused', detail: '409 Conflict' };
}

const restartRefused = (
  evidence: Partial<Evidence>,
  after?: (running: Memory) => Promise<void>,
): (() => Promise<Memory>) =>
  failing({
    config: settings(newRevision),
    evidence: { ...oldRole, ...evidence },
    before: refusesRestarts,
    after: async (running) => {
      await running.pass(3 * minute);
      await after?.(running);
    },
  });

const healthy: Partial<Evidence> = {
  roles: known([assignment(day)]),
  logs: known([]),
  replicas: known([readyReplica]),
  revisions: known([{ ...revision, runningState: 'Running', healthState: 'Healthy', details: '' }]),
};

/** Earlier remediations of this target, each repaired by us and recovered. */
function repaired(times: number) {
  return async (running: Memory): Promise<void> => {
    running.world.evidence = { ...roleMissing, ...healthy };
    await running.deliver({ ...signal, id: 'alert|0' });
    await running.pass(30 * minute);
    const [row] = running.rows.values();
    if (row === undefined) throw new Error('there is no remediation');
    const once: Entry[] = [
      { kind: 'opened', target, signal: { ...signal, id: 'alert|before' }, mode: 'act' },
      {
        kind: 'decided',
        decision: { do: 'restart', revision: 'r', because: 'cause-is-gone' },
        dueAtMs: nowMs,
        refusals: [],
      },
      { kind: 'outcome', action: 'restart', outcome: 'done' },
      { kind: 'closed', how: 'recovered', because: 'pulled-and-ready' },
    ];
    let seq = (await running.ports.history.read(row.targetId)).length;
    for (const entry of Array.from({ length: times }, () => once).flat()) {
      await running.ports.history.append(row.targetId, seq, entry);
      seq += 1;
    }
    running.world.evidence = roleMissing;
  };
}

/** Granted, recovered, closed; and then the role is missing again. */
async function comesBack(running: Memory): Promise<void> {
  running.world.evidence = {
    ...roleMissing,
    roles: known([assignment(0)]),
    replicas: known([readyReplica]),
    logs: known([unauthorizedRow, { ...pulledRow, atMs: nowMs + minute }]),
  };
  await running.pass(20 * minute);
  running.world.evidence = {
    ...roleMissing,
    atMs: running.world.nowMs,
    logs: known([{ ...unauthorizedRow, atMs: running.world.nowMs }]),
  };
  await running.deliver({ ...signal, id: 'alert|2', atMs: running.world.nowMs });
}

/** One case for every refusal that a step can come to. */
const cases: Readonly<Partial<Record<RefusalCode, () => Promise<Memory>>>> = {
  'mode: observe': failing({ config: config({ PULLMEDIC_MODE: 'observe' }) }),
  'mode: approval-needed': failing({ config: approving }),
  'approval: rejected': failing({ config: approving, after: (running) => answer(running, 'rejected') }),
  'approval: expired': failing({ config: approving, after: (running) => running.pass(5 * 60 * minute) }),
  'cause-not-proved: suspected': failing({
    evidence: { roles: known([assignment(3 * 60 * minute)]), manifest: known({ state: 'exists' }) },
  }),
  'kill-switch: on': failing({ before: ({ world }) => void (world.killSwitch = known(true)) }),
  'refused-before: rejected': failing({
    before: ({ ports }) => remember(ports, grant, { ...refusedElsewhere, how: 'rejected', by: 'anna' }),
  }),
  'refused-before: unanswered': failing({
    before: ({ ports }) => remember(ports, grant, { ...refusedElsewhere, how: 'unanswered' }),
  }),
  'refused-before: unreadable': failing({
    before: ({ ports }) => void Object.assign(ports.deployment, { read: () => Promise.reject(new Error('down')) }),
  }),
  'kill-switch: unreadable': failing({ before: ({ world }) => void (world.killSwitch = unreadable('unavailable')) }),
  'scope: outside': failing({
    config: config({ PULLMEDIC_SCOPES: JSON.stringify([`${subscription}/resourceGroups/rg-ap`]) }),
  }),
  'registry-not-opted-in: not-configured': failing({ config: config({ PULLMEDIC_REGISTRIES: '[]' }) }),
  'registry-denies: tag': failing({ evidence: { registry: known({ ...registry, denied: true }) } }),
  'consumer-not-listed: nobody-is': failing({ config: consumers() }),
  'consumer-not-listed: not-this-app': failing({ config: consumers(`${subscription}/resourceGroups/rg-other`) }),
  'not-the-declared-identity: existence-unreadable': failing({ evidence: { identity: unreadable('forbidden') } }),
  'another-tenant: identity': failing({ evidence: holders({ tenant: 'another' }) }),
  'another-tenant: unreadable': failing({ evidence: holders({ tenant: 'cannot-tell' }) }),
  'identity-shared: too-many': failing({ evidence: holders({ resources: others(5, 'rg-apps') }) }),
  'identity-shared: outside-consumers': failing({
    config: consumers(appGroup),
    evidence: holders({ resources: others(1, 'rg-elsewhere') }),
  }),
  'identity-shared: cannot-complete': failing({ config: consumers(appGroup) }),
  'identity-shared: federated': failing({
    config: consumers(appGroup),
    evidence: holders({ federated: known(['github']) }),
  }),
  'identity-shared: unreadable': failing({ evidence: { holders: unreadable('forbidden') } }),
  'role-removed: taken-away': failing({
    evidence: { removals: known([{ atMs: nowMs, by: 'somebody', scope: registryId, principalId: principal }]) },
  }),
  'role-removed: cannot-tell-whose': failing({
    evidence: { removals: known([{ atMs: nowMs, by: 'somebody', scope: registryId }]) },
  }),
  'role-removed: too-young': failing({
    // Somebody else's role was there in the first look, and is not any more.
    evidence: { roles: known([assignment(minute)]) },
    after: async (running) => {
      running.world.evidence = { ...running.world.evidence, roles: known([]) };
      await running.pass(6 * minute);
    },
  }),
  'role-removed: had-access': failing({
    before: ({ ports, world }) => {
      world.nowMs -= 20 * minute;
      return sighted(ports).then(() => void (world.nowMs += 20 * minute));
    },
  }),
  'role-removed: undone': failing({
    before: async ({ ports }) => {
      const remediation = `t${'1'.repeat(24)}.1` as never;
      await ports.deployment.append('deployment', 0, { kind: 'grant-undone', remediation, grant });
    },
  }),
  'role-removed: undone-unreadable': failing({
    before: ({ ports }) => void Object.assign(ports.deployment, { read: () => Promise.reject(new Error('down')) }),
  }),
  'role-removed: unreadable': failing({ evidence: { removals: unreadable('timed-out') } }),
  'deny-assignment: cannot-tell': failing({
    evidence: {
      denials: known([
        {
          name: 'x',
          scope: registryId,
          permissions: [{ actions: ['*'], notActions: [], dataActions: [], notDataActions: [] }],
          principals: [{ kind: 'group', id: principal }],
          excluded: [],
          onlyItsScope: false,
          hasCondition: true,
        },
      ]),
    },
  }),
  'deny-assignment: unreadable': failing({ evidence: { denials: unreadable('forbidden') } }),
  'network: cannot-tell': failing({ evidence: { ...dnsUnlinked, roles: known([]), zones: unreadable('forbidden') } }),
  'evidence-too-old: minutes': failing({
    before: ({ world }) =>
      void (world.before = (call) => void (world.nowMs += call === 'probe.denials' ? 4 * minute : 0)),
  }),
  'superseded: changed': failing({ before: appBecomes(known({ ...app, latestRevision: 'ca-orders--0000002' })) }),
  'superseded: unreadable': failing({ before: appBecomes(unreadable('throttled')) }),
  'superseded: granted-meanwhile': failing({
    before: ({ ports }) => remember(ports, grant, { kind: 'grant-made', grant, remediation: another, app: appId }),
  }),
  'superseded: template-differs': restartRefused({}, async (running) => {
    const latestRevision = `ca-orders--${running.world.revised[0]}`;
    running.world.evidence = {
      ...running.world.evidence,
      app: known({ ...app, latestRevision, template: 'somebody’s' }),
    };
    await running.pass(3 * minute);
  }),
  'did-not-last: granted-before': failing({ after: comesBack }),
  'failed-before: refused': failing({
    before: ({ world }) => void (world.grantAnswer = { outcome: 'failed', because: 'refused' }),
    after: (running) => running.pass(minute),
  }),
  'failed-before: throttled': failing({
    before: ({ world }) => void (world.grantAnswer = { outcome: 'failed', because: 'throttled' }),
    after: (running) => running.pass(minute),
  }),
  'failed-before: unreadable': failing({
    before: ({ world }) => void (world.grantAnswer = { outcome: 'failed', because: 'unreadable' }),
    after: (running) => running.pass(minute),
  }),
  'failed-before: not-made': failing({
    before: ({ world }) => void (world.grantAnswer = { outcome: 'unknown', because: 'no-answer' }),
    // Each lost answer is in doubt until the log can no longer be late.
    after: (running) => running.pass(50 * minute),
  }),
  'role-removed: answer-lost': failing({
    before: ({ world }) => void (world.grantAnswer = { outcome: 'unknown', because: 'no-answer' }),
    after: (running) => running.pass(3 * minute),
  }),
  'target-limit: grants-per-day': failing({ after: comesBack }),
  'restart-limit: revision': failing({ evidence: oldRole, before: restartedBefore(revision.name) }),
  'restart-limit: retries': failing({
    evidence: oldRole,
    before: restartedAgo(20, ...Array.from({ length: 6 }, () => revision.name)),
  }),
  'restart-limit: same-rung': failing({ evidence: oldRole, before: restartedMeanwhile }),
  'restart-limit: app': failing({ evidence: oldRole, before: restartedBefore('a', 'b', 'c') }),
  'restart-limit: busy': failing({
    evidence: oldRole,
    before: ({ ports }) => void Object.assign(ports.deployment, { append: async () => 'taken' }),
  }),
  'restart-limit: unreadable': failing({ evidence: oldRole, before: restartsUnreadable }),
  'recurrence-limit: came-back': failing({ before: repaired(3) }),
  'hourly-limit: reached': failing({ before: counted(...Array.from({ length: 10 }, () => 20)) }),
  'hourly-limit: busy': failing({
    before: ({ ports }) => void Object.assign(ports.deployment, { append: async () => 'taken' }),
  }),
  'hourly-limit: unreadable': failing({
    before: ({ ports }) => void Object.assign(ports.deployment, { read: () => Promise.reject(new Error('down')) }),
  }),
  'breaker: unproven-grants': failing({ before: counted(100, 80, 45) }),
  'breaker: probe-pending': failing({ before: counted(180, 160, 120, 5) }),
  'slow-start: reached': failing({
    before: async (running) => {
      await counted(20, 10)(running);
      running.world.pulse = known({ sinceMs: nowMs - 30 * minute, lastMs: nowMs });
    },
  }),
  'slow-start: unreadable': failing({ before: ({ world }) => void (world.pulse = unreadable('unavailable')) }),
  'healthy-replicas: unreadable': failing({
    evidence: { ...oldRole, replicas: unreadable('forbidden') },
    after: (running) => running.pass(3 * minute),
  }),
  'healthy-replicas: starting': failing({
    evidence: { ...oldRole, replicas: known([startingReplica]) },
    after: (running) => running.pass(3 * minute),
  }),
  'pull-under-way: pulling': failing({
    evidence: { ...oldRole, replicas: known([pullingReplica]) },
    after: (running) => running.pass(3 * minute),
  }),
  'pull-under-way: too-long': failing({
    evidence: { ...oldRole, replicas: known([pullingReplica]) },
    after: (running) => running.pass(20 * minute),
  }),
  'pull-under-way: unreadable': failing({
    evidence: { ...oldRole, replicas: unreadable('forbidden') },
    after: (running) => running.pass(3 * minute),
  }),
  'traffic-pinned: several-revisions': restartRefused({ app: known({ ...app, traffic: 'several-revisions' }) }),
  'traffic-pinned: weights': restartRefused({ app: known({ ...app, traffic: 'pinned' }) }),
  'traffic-pinned: unreadable': restartRefused({ app: known({ ...app, traffic: undefined as never }) }),
  'alert-state: another-subscription': alerted({}, { ...alert, id: alertId(alert.id.replace('5f0c1d2e', '5f0c1d2f')) }),
  'alert-state: unreadable': alerted(unreadable('forbidden')),
  'alert-state: gone': alerted({}, { ...alert, id: alertId(alert.id.replace(/1$/, '9')) }),
  'alert-state: another-alert': alerted({ id: alertId(alert.id.replace(/1$/, '2')) }),
  'alert-state: another-rule': alerted({ rule: 'cpu-high' }),
  'alert-state: another-app': alerted({ target: environmentId }),
  'alert-state: another-trouble': alerted({ trouble: 'other' }),
  'alert-state: not-fired': alerted({ condition: 'Resolved' }),
  'alert-state: already-so': alerted({ state: 'Acknowledged' }),
  'alert-state: closed': alerted({ state: 'Closed' }),
};

function alertId(text: string): AlertId {
  const id = parseAlertId(text);
  if (id === undefined) throw new Error(`${text} is no id of an alert`);
  return id;
}

/** A failing app whose signal names an alert, and what Azure shows under the id of ours. */
function alerted(facts: Partial<AlertFacts> | Fact<AlertFacts>, named: SignalAlert = alert): () => Promise<Memory> {
  return async () => {
    const running = memory(settings({ alerts: { setState: true } }), roleMissing, nowMs);
    toldAtOnce(running);
    running.world.alerts.set(alert.id, 'read' in facts ? facts : known({ ...firedAlert, ...facts }));
    await running.deliver({ ...signal, alert: named });
    return running;
  };
}

function direct(evidence: Partial<Evidence>, change = grant, past: readonly Entry[] = []): () => Refusal[] {
  return () => grantRefusals(decisionInput({ ...roleMissing, ...evidence }, { past }), change);
}

function declares(more: Partial<typeof app>): Partial<Evidence> {
  return { app: known({ ...app, ...more }) };
}

function failed(because: string): Entry[] {
  const decision = { do: 'grant', grant, because: 'pull-role-missing' } as const;
  const outcome: Entry = { kind: 'outcome', action: 'grant', outcome: 'failed', because };
  return [{ kind: 'decided', decision, dueAtMs: nowMs, refusals: [] }, outcome];
}

function asked(more: Partial<AlertQuestion>): () => Refusal[] {
  const question = {
    named: alert,
    wanted: 'Acknowledged',
    appId,
    facts: known(firedAlert),
    tries: [],
    shared: false,
  } as const;
  return () => [alertRefusal({ ...question, ...more }) ?? []].flat();
}

const jobEnded = { ...execution, runningState: 'Failed', ended: true } as const;

/** A job that people start, whose execution ended without its image. */
function jobAsked(more: Partial<Evidence>, retry: object, story: Partial<DecisionInput> = {}): DecisionInput {
  const evidence: Evidence = {
    ...roleMissing,
    app: known({ ...app, id: jobId, job: { trigger: 'manual' } }),
    revisions: known([jobEnded]),
    replicas: known([waitingExecutionReplica]),
    ...more,
  };
  const asked = decisionInput(evidence, { config: settings({ retry }) });
  return { ...asked, target: jobTarget, evidence, ...story };
}

function started(more: Partial<Evidence>, story: Partial<DecisionInput> = {}): () => Refusal[] {
  return () => startRefusals(jobAsked(more, { startJobs: true }, story), nowMs);
}

const made: Entry[] = [
  { kind: 'decided', decision: { do: 'grant', grant, because: 'pull-role-missing' }, dueAtMs: nowMs, refusals: [] },
  { kind: 'outcome', action: 'grant', outcome: 'done', undo: 'ours' },
];
const everyAction = { actions: ['*'], notActions: [], dataActions: [], notDataActions: [] };

/** Another image of the workload that still cannot be pulled. */
const missingBeside = {
  remediation: another,
  image: 'acrshop.azurecr.io/shop/proxy:v1',
  cause: { reads: 'there' },
} as const;

/** A container group that may be restarted as far as the settings are concerned. */
function ofGroup(life: GroupLife): DecisionInput {
  const evidence = { ...roleMissing, app: known({ ...groupFacts, group: { life } }) };
  const consent = config({ PULLMEDIC_SETTINGS: JSON.stringify({ retry: { restartGroups: true } }) });
  return { ...decisionInput(evidence), target: groupTarget, evidence, config: consent };
}

/**
 * What decide never asks the guards, because an earlier rule has already answered: there is no grant to propose, or another cause comes
 * first. These guards are the second lock on the same door.
 */
const secondLocks: Readonly<Partial<Record<RefusalCode, () => Refusal[]>>> = {
  'never-restarted: job': () =>
    restartRefusals({ ...decisionInput(roleMissing), target: { ...target, appId: jobId } }, revision),
  'another-image: missing': () => restartRefusals({ ...ofGroup('given-up'), beside: known([missingBeside]) }, groupRun),
  'another-image: unreadable': started({}, { beside: unreadable('unavailable') }),
  'start-again: off': () => startRefusals(jobAsked({}, {}), nowMs),
  'start-again: not-manual': started({ app: known({ ...app, id: jobId, job: { trigger: 'schedule' } }) }),
  'start-again: started-before': started(
    {},
    { starts: known([{ execution: 'a', remediation: another, atMs: nowMs }]) },
  ),
  'start-again: started-since': started({ revisions: known([{ ...jobEnded, createdAtMs: nowMs }]) }),
  'start-again: stopped': started({ revisions: known([{ ...jobEnded, runningState: 'Stopped' }]) }),
  'start-again: suspended': started({ app: known({ ...app, id: jobId, job: { trigger: 'manual', suspended: true } }) }),
  'start-again: may-have-run': started({ replicas: known([]) }),
  'start-again: unreadable': started({}, { starts: unreadable('unavailable') }),
  'never-restarted: group': () => newRevisionRefusals(ofGroup('given-up'), undefined),
  'never-restarted: group-lives': () => restartRefusals(ofGroup('lives'), groupRun),
  'never-restarted: group-ended': () => restartRefusals(ofGroup('ended'), groupRun),
  'never-restarted: group-without-consent': () =>
    restartRefusals({ ...ofGroup('given-up'), config: config() }, groupRun),
  'registry-denies: unreadable': direct({ registry: unreadable('forbidden') }),
  'not-the-declared-identity: another-principal': direct(
    {},
    {
      ...grant,
      principalId: principalId('c0000000-0000-4000-8000-00000000000c'),
    },
  ),
  'not-the-declared-identity: wrong-role': direct({}, { ...grant, roleId: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635' }),
  'not-the-declared-identity: gone': direct({ identity: known('gone') }),
  'not-the-declared-identity: not-assigned': direct(declares({ userIdentities: [] })),
  'not-the-declared-identity: no-principal': direct(declares({ userIdentities: [{ id: identityId }] })),
  'not-the-declared-identity: credential': direct(
    declares({ registries: [{ server: registry.loginServer, username: 'x', secret: 'y' }] }),
  ),
  'not-the-declared-identity: not-configured': direct(declares({ registries: [] })),
  'not-the-declared-identity: cannot-tell': direct({ app: unreadable('throttled') }),
  'deny-assignment: applies': direct({
    denials: known([
      {
        name: 'x',
        scope: registryId,
        permissions: [everyAction],
        principals: [{ kind: 'everyone' }],
        excluded: [],
        onlyItsScope: false,
        hasCondition: false,
      },
    ]),
  }),
  'network: blocks': () => {
    const evidence = { ...dnsUnlinked, roles: known([]) };
    return grantRefusals(decisionInput(evidence), grant);
  },
  'failed-before: failed': direct({}, grant, failed('for a reason that nobody knows')),
  'failed-before: conflict': () => {
    const conflicts = [1, 2, 3].flatMap(() => attempted('restart', 'failed', 'conflict'));
    return restartRefusals(decisionInput(roleMissing, { past: conflicts }), revision);
  },
  'failed-before: principal-not-found': direct({}, grant, failed('principal-not-found')),
  'undo: off': () => undoRefusals({ ...decisionInput(), reliance: alone }),
  'undo: nothing-made': () =>
    undoRefusals({ ...decisionInput(roleMissing, { config: settings({ undo: true }) }), reliance: alone }),
  'undo: others-rely': () =>
    undoRefusals({ ...decisionInput(), reliance: known({ remediations: [], resources: [environmentId] }) }),
  'undo: reliance-unreadable': () => undoRefusals({ ...decisionInput(), reliance: unreadable('forbidden') }),
  'undo: not-what-was-made': () => {
    const asked = decisionInput(roleMissing, { config: settings({ undo: true }), past: made });
    const undo = { grant, assignment: 'somebody’s', by: 'a person', askedAtMs: nowMs, refusals: [] };
    return undoRefusals({ ...asked, remediation: { ...asked.remediation, undo }, reliance: alone });
  },
  'alert-state: cannot-tell-which-app': asked({
    facts: known({ ...firedAlert, target: environmentId, names: [{ kind: 'app-name', name: 'ca-orders' }] }),
    apps: known([appId, arm(`${appId}-two`)]),
  }),
  'alert-state: set-back': asked({
    wanted: 'Closed',
    tries: [{ alert: alert.id, state: 'Acknowledged', atMs: nowMs, refusals: [], outcome: 'done' }],
  }),
  'alert-state: still-needed': asked({ wanted: 'Closed', shared: true }),
  'healthy-replicas: worked': () => {
    const group = ofGroup('given-up');
    const containers = [{ name: 'import', ready: true, state: 'Terminated' }];
    const ended = { ...waitingContainer, name: 'import', revision: 'import', containers };
    const evidence = { ...group.evidence, replicas: known([waitingContainer, ended]) };
    return restartRefusals({ ...group, evidence }, groupRun);
  },
  'healthy-replicas: serving': () =>
    restartRefusals(decisionInput({ ...roleMissing, replicas: known([readyReplica]) }), revision),
};

const all = Object.entries(reasons).flatMap(([guard, whys]) => whys.map((why) => ({ guard, why }) as Refusal));

describe('a refusal', () => {
  it('is shown for every reason of every guard, here or as a second lock', () => {
    const shown = [...Object.keys(cases), ...Object.keys(secondLocks)];

    expect(shown.toSorted()).toEqual(all.map(codeOf).toSorted());
  });

  it.each(Object.entries(cases))('%s is in the history, and its words are on the page', async (code, arranged) => {
    const { codes, pages } = await refusedBy(await arranged());
    const refusal = all.find((one) => codeOf(one) === code);
    const [words = ''] = refusal === undefined ? [] : sayRefusal(refusal).split(' (');

    expect(codes).toContain(code);
    expect(pages).toContain(words.replaceAll("'", '&#39;'));
  });

  it.each(Object.entries(secondLocks))('%s is the answer of the guard by itself', (code, refusals) => {
    expect(refusals().map(codeOf)).toContain(code);
  });

  it.each(all.map((refusal) => [codeOf(refusal), refusal] as const))('%s has words of its own', (code, refusal) => {
    const said = sayRefusal(refusal);

    expect(said).toMatch(/^(?:[a-z]|Azure)/);
    expect(said.endsWith(` (${code})`)).toBe(true);
    expect(said.length).toBeGreaterThan(code.length + 12);
  });
});

describe('the slow start', () => {
  const started = (running: Memory, sinceMs: number): void => {
    running.world.pulse = known({ sinceMs, lastMs: Number.MAX_SAFE_INTEGER });
  };

  it('waits without waking anybody, and goes on by itself when it is over', async () => {
    const running = await failing({
      before: async (starting) => {
        await counted(20, 10)(starting);
        started(starting, nowMs - 30 * minute);
      },
    })();
    const [waiting] = await listRemediations(running.ports);
    expect([waiting?.state, waiting?.incident, running.world.granted.length]).toEqual(['waiting', undefined, 0]);

    await running.pass(31 * minute);

    expect(running.world.granted).toHaveLength(1);
  });

  it('begins anew after a long silence, and lets the first grants through', async () => {
    const silent = known({ sinceMs: 0, lastMs: nowMs - 31 * minute });
    const first = await failing({ before: ({ world }) => void (world.pulse = silent) })();
    const third = await failing({
      before: async (running) => {
        await counted(2, 1)(running);
        running.world.pulse = silent;
      },
    })();

    expect(first.world.granted).toHaveLength(1);
    expect(third.world.granted).toHaveLength(0);
  });

  it('does not hold back what a person approved', async () => {
    const running = await failing({
      config: approving,
      before: async (starting) => {
        await counted(20, 10)(starting);
        started(starting, nowMs);
      },
      after: (asked) => answer(asked, 'approved'),
    })();

    expect(running.world.granted).toHaveLength(1);
  });
});

describe('the kill switch', () => {
  it('holds back a grant that was decided before it was thrown', async () => {
    const running = await failing({ before: afterDecision(({ world }) => void (world.killSwitch = known(true))) })();
    const { codes } = await refusedBy(running);

    expect(running.world.granted).toEqual([]);
    expect(codes[0]).toBe('kill-switch: on');
  });

  it('counts no grant that it held back', async () => {
    const running = await failing({ before: ({ world }) => void (world.killSwitch = known(true)) })();

    expect((await ledgerFacts(running.ports)).ledger).toEqual(known([]));
  });
});

describe('an identity that the registry’s owner listed by name', () => {
  it('may be held anywhere, up to the limit', async () => {
    const listed = consumers(app.userIdentities[0]?.id ?? '');
    const four = await failing({ config: listed, evidence: holders({ resources: others(4, 'rg-elsewhere') }) })();
    const five = await failing({ config: listed, evidence: holders({ resources: others(5, 'rg-elsewhere') }) })();

    expect(four.world.granted).toHaveLength(1);
    expect(five.world.granted).toHaveLength(0);
  });
});

describe('a new revision', () => {
  it('is asked for once where Azure refused the restart, and only with the option', async () => {
    const without = await failing({
      evidence: oldRole,
      before: refusesRestarts,
      after: (one) => one.pass(20 * minute),
    })();
    const running = await restartRefused({})();
    expect([without.world.restarted.length, without.world.revised]).toEqual([1, []]);
    expect([running.world.restarted.length, running.world.revised.length]).toEqual([1, 1]);

    await running.pass(30 * minute);

    expect(running.world.revised).toHaveLength(2);
  });

  it('that fails too belongs to the remediation that asked for it', async () => {
    const running = await restartRefused({}, async (asked) => {
      const name = `ca-orders--${asked.world.revised[0]}`;
      asked.world.evidence = {
        ...asked.world.evidence,
        app: known({ ...app, latestRevision: name }),
        revisions: known([{ ...revision, name }]),
        replicas: known([{ ...stuckReplica, name: `${name}-a`, revision: name }]),
        logs: known([{ ...unauthorizedRow, revision: name, atMs: asked.world.nowMs }]),
      };
      await asked.deliver({ ...signal, id: 'alert|2', atMs: asked.world.nowMs });
      await asked.pass(10 * minute);
    })();
    const views = await listRemediations(running.ports);

    expect(views).toHaveLength(1);
    expect(views[0]?.revisions).toContain(`ca-orders--${running.world.revised[0]}`);
    expect(running.world.revised).toHaveLength(1);
  });
});
