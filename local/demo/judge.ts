// Compares what a scenario expects with the history and with the final state of the simulated Azure.

import { type Assignment, roleIds } from '../azure/model/assignments.ts';
import { principalIdOf, scopeOf } from '../azure/model/principals.ts';
import type { Sim } from '../azure/model/sim.ts';
import type { AzureState } from '../azure/simulation.ts';
import { workloadsOf } from '../azure/world/workloads.ts';
import type { ExpectedRemediation, Scenario } from '../scenarios/schema.ts';
import type { Histories, Incident, Remediation, Story } from './answers.ts';
import type { Failure } from './failure.ts';
import { judgeDoubled, judgeTold, type SeenIn } from './people.ts';
import { brokenPromises, nameOfRole, nameOfScope } from './promises.ts';

/** The guards that refused. */
export function refusedBy({ refusals }: Pick<Remediation, 'refusals'>): string[] {
  return refusals.map((refusal) => refusal.split(':')[0] ?? '');
}

/** What the looks at one target cost, against what they may. Faults make retries: then only the cap holds. */
export function judgeCalls(scenario: Scenario, remediation: Pick<Remediation, 'target' | 'mostCalls'>): Failure[] {
  const failures: Failure[] = [];
  const { control, logs, registry } = remediation.mostCalls;
  const faulty = scenario.events.some((event) => event.do === 'throttle' || event.do === 'outage');
  const pages = scenario.world.roleChangesPerHour > 0 ? furtherPages : 0;
  const kind = isPrivate(scenario, remediation.target) ? 'private' : 'public';
  const most = (what: string, allowed: number, seen: number): void => {
    if (seen > allowed)
      failures.push({
        what: `${remediation.target.appName}: ${what} of one look at a ${kind} registry`,
        expected: `at most ${allowed}`,
        seen: String(seen),
      });
  };
  most('control-plane calls', faulty ? hardCap : controlPlane[kind] + pages, control);
  most('log queries', faulty ? hardCap : logQueries, logs);
  most('requests to the registry', faulty ? hardCap : registryRequests, registry);
  return failures;
}

/** The most requests that one look may send. A look never sends more than 40. */
const hardCap = 40;

const logQueries = 2;

/** Token, token, manifest; and two more for the nearest tags. */
const registryRequests = 5;

const controlPlane = { public: 12, private: 25 } as const;

/** Further pages of the Activity Log in a subscription where automation assigns roles all day. A look reads ten at most. */
const furtherPages = 9;

/** Whether a registry that this image comes from, or that an entry of the app is for, is behind a private endpoint. */
export function isPrivate({ world }: Scenario, { appName, image }: Remediation['target']): boolean {
  const servers = workloadsOf(world).find(({ name }) => name === appName)?.servers ?? [];
  const hosts = [image, ...servers.map((server) => `${server}/`)];
  return world.registries.some(({ name, privateEndpoint }) => {
    const isIts = new RegExp(`^${name}(?:-[a-z0-9]+)?\\.`, 'i');
    return privateEndpoint !== undefined && hosts.some((host) => isIts.test(host));
  });
}

/** What there is to see once a scenario is over. */
export interface Results {
  readonly histories: Histories;
  /** Absent where the app could not be asked for them. */
  readonly stories: readonly Story[] | undefined;
  readonly sim: Sim;
  readonly state: AzureState;
  /** What people saw in the incident systems. */
  readonly seen: SeenIn;
}

/** Every expectation that does not hold, and every promise that was broken; empty when all is well. */
export function judge(scenario: Scenario, { histories, stories, sim, state, seen }: Results): Failure[] {
  const nameOf = (principalId: string): string => nameIn(sim, principalId);
  const promised =
    stories === undefined
      ? [unread]
      : brokenPromises({
          histories,
          stories,
          changes: state.changes,
          replicas: state.replicas,
          endedMs: sim.scheduler.now(),
          nameOf,
        });
  return [
    ...judgeHistory(scenario, histories),
    ...histories.remediations.flatMap((one) => judgeCalls(scenario, one)),
    ...judgeAzure(scenario, sim, state),
    ...judgeTold(scenario, seen),
    ...judgeDoubled(histories, seen),
    ...[...judgeRequests(state), ...promised].map((failure) => ({ ...failure, always: true as const })),
  ];
}

/** If the histories cannot be read, it is unknown which promises were kept. */
const unread: Failure = { what: 'the whole histories', expected: 'readable', seen: 'not readable' };

/** The name by which a scenario knows a principal. */
function nameIn(sim: Sim, principalId: string): string {
  const identity = [...sim.identities].find(([, one]) => one.principalId.toLowerCase() === principalId);
  const app = [...sim.apps.values()].find((one) => one.systemPrincipalId?.toLowerCase() === principalId);
  return identity?.[0] ?? (app === undefined ? principalId : `app:${app.name}`);
}

function check(failures: Failure[], what: string, expected: string, seen: string): void {
  if (expected !== seen) failures.push({ what, expected, seen });
}

function list(items: readonly string[]): string {
  return items.length === 0 ? 'none' : items.join(', ');
}

type Action = Pick<Remediation['actions'][number], 'action' | 'outcome' | 'because'>;

function expectedActions(expected: ExpectedRemediation): Action[] {
  return expected.actions.flatMap((action): Action[] =>
    typeof action === 'string'
      ? [{ action, outcome: 'done' }]
      : Object.entries(action).map(([name, outcome]) => ({ action: name, outcome })),
  );
}

/**
 * The actions as they are compared. How often a revision is restarted, and whether a restart meets a pull that is under way, is a matter of seconds:
 * where a scenario says that restarts may vary, both are left out.
 */
export function comparedActions(actions: readonly Action[], restartsMayVary: boolean): string[] {
  const varies = ({ action, outcome, because }: Action): boolean =>
    action === 'restart' && (outcome === 'done' || because?.startsWith('pull-under-way: ') === true);
  return actions
    .filter((one) => !(restartsMayVary && varies(one)))
    .map(({ action, outcome }) => `${action}: ${outcome}`);
}

function ended(remediation: Remediation): string {
  const waits = remediation.state === 'needs-person' || remediation.state === 'needs-approval';
  return remediation.closed?.how ?? (waits ? 'open' : remediation.state);
}

function incidentOf(remediation: Remediation, histories: Histories): Incident | undefined {
  return histories.incidents.find((incident) => incident.id === remediation.incident);
}

function judgeWords(failures: Failure[], expected: ExpectedRemediation, incident: Incident | undefined): void {
  const said = [incident?.title, incident?.advice, ...(incident?.commands.map((command) => command.text) ?? [])].join(
    '\n',
  );
  const unsaid = expected.says.filter((words) => !said.includes(words));
  if (unsaid.length > 0)
    failures.push({ what: `${expected.app}: words of the incident`, expected: list(unsaid), seen: 'none of them' });
}

function judgeRemediation(
  expected: ExpectedRemediation,
  seen: Remediation,
  histories: Histories,
  restartsMayVary: boolean,
): Failure[] {
  const failures: Failure[] = [];
  const of = (what: string): string => `${expected.app}: ${what}`;
  check(failures, of('causes'), list(expected.causes), list(seen.causes));
  if (expected.sure !== undefined) check(failures, of('sure'), expected.sure, seen.sureness ?? 'nothing');
  const unfound = expected.finds.filter((code) => !seen.findings.includes(code));
  check(failures, of('findings that the history does not have'), 'none', list(unfound));
  const unruled = expected.against.filter((code) => !seen.ruledOut.includes(code));
  check(failures, of('findings that do not stand against a cause'), 'none', list(unruled));
  check(failures, of('ended'), expected.ended, ended(seen));
  if (expected.because !== undefined)
    check(failures, of('because'), expected.because, seen.closed?.because ?? 'not closed');
  const wanted = list(comparedActions(expectedActions(expected), restartsMayVary));
  check(failures, of('actions'), wanted, list(comparedActions(seen.actions, restartsMayVary)));
  const incident = incidentOf(seen, histories);
  check(failures, of('incident'), expected.incident, incident?.state ?? 'none');
  if (expected.incidentCause !== undefined)
    check(failures, of('cause of the incident'), expected.incidentCause, incident?.cause ?? 'none');
  if (expected.occurrences !== undefined)
    check(
      failures,
      of('times that the incident was opened'),
      `${expected.occurrences}`,
      `${incident?.occurrences ?? 0}`,
    );
  judgeWords(failures, expected, incident);
  check(failures, of('approval'), expected.approval, seen.approval?.state ?? 'none');
  if (expected.undo !== undefined) check(failures, of('undo'), expected.undo, seen.undo?.state ?? 'none');
  const alerts = expected.alerts.flatMap((one) =>
    Object.entries(one).map(([state, outcome]) => `${state}: ${outcome}`),
  );
  const set = seen.alerts.map(({ state, outcome }) => `${state}: ${outcome}`);
  check(failures, of('alerts'), list(alerts), list(set));
  if (expected.startedBy !== undefined) check(failures, of('started by'), expected.startedBy, seen.startedBy);
  if (expected.archived !== undefined)
    check(failures, of('in the archive'), String(expected.archived), String(seen.archived === true));
  if (expected.refused !== undefined) check(failures, of('refused'), list(expected.refused), list(refusedBy(seen)));
  return failures;
}

function judgeHistory({ expect }: Scenario, histories: Histories): Failure[] {
  const failures: Failure[] = [];
  const names = (apps: readonly string[]): string => list([...apps].sort());
  const seen = [...histories.remediations].reverse();
  check(
    failures,
    'remediations',
    names(expect.remediations.map((one) => one.app)),
    names(seen.map((one) => one.target.appName)),
  );
  for (const expected of expect.remediations) {
    // Several images of one app have a remediation each, and which of them acts first is nothing to expect: the best match counts.
    const [best] = seen
      .filter((one) => one.target.appName === expected.app)
      .map((one) => ({ one, found: judgeRemediation(expected, one, histories, expect.azure.restarts === 'any') }))
      .sort((a, b) => a.found.length - b.found.length);
    if (best === undefined) continue;
    seen.splice(seen.indexOf(best.one), 1);
    failures.push(...best.found);
  }
  return failures;
}

/** Compares ids, and says names. */
function judgeAssignments(
  sim: Sim,
  what: string,
  expected: readonly { role: string; principal: string; on: string }[],
  seen: readonly Assignment[],
): Failure[] {
  const wanted = expected.map((one) => ({
    roleId: roleIds[one.role] ?? '',
    principalId: principalIdOf(sim, one.principal),
    scope: scopeOf(sim, one.on),
  }));
  type Ids = Pick<Assignment, 'roleId' | 'principalId' | 'scope'>;
  const ids = (all: readonly Ids[]): string =>
    list(all.map((one) => `${one.roleId} ${one.principalId} ${one.scope}`.toLowerCase()).sort());
  const names = (all: readonly Ids[]): string =>
    list(
      all
        .map(
          ({ roleId, principalId, scope }) =>
            `${nameOfRole(roleId)} for ${nameIn(sim, principalId.toLowerCase())} on ${nameOfScope(scope)}`,
        )
        .sort(),
    );
  return ids(wanted) === ids(seen) ? [] : [{ what, expected: names(wanted), seen: names(seen) }];
}

function judgeAzure({ expect }: Scenario, sim: Sim, state: AzureState): Failure[] {
  const failures: Failure[] = [
    ...judgeAssignments(sim, 'role assignments by pullmedic', expect.azure.assigned, state.assigned),
    ...judgeAssignments(sim, 'role assignments removed by pullmedic', expect.azure.removed, state.removed),
  ];
  if (expect.azure.restarts !== 'any')
    check(failures, 'restarts by pullmedic', String(expect.azure.restarts), String(state.restarts));
  check(failures, 'starts of jobs by pullmedic', String(expect.azure.starts), String(state.starts));
  check(failures, 'new revisions by pullmedic', String(expect.azure.newRevisions), String(state.newRevisions));
  const alerts = expect.azure.alerts.map((one) => `${one.app}: ${one.state}`);
  check(failures, 'alerts set by pullmedic', list(alerts.sort()), list([...state.alerts].sort()));
  for (const app of expect.azure.ready)
    check(failures, `${app}: ready replicas`, 'some', (state.apps[app]?.ready ?? 0) > 0 ? 'some' : 'none');
  return failures;
}

/** What pullmedic never does: change anything else, or ask for what is not simulated. */
function judgeRequests(state: AzureState): Failure[] {
  const failures: Failure[] = [];
  const others = state.writes.filter((call) => !isExpectedWrite(call)).map((call) => `${call.method} ${call.path}`);
  check(failures, 'other changes by pullmedic', 'none', list(others));
  check(failures, 'requests outside of the simulation', 'none', list(state.refused.map((call) => call.refused ?? '')));
  return failures;
}

function isExpectedWrite({ method, path }: AzureState['writes'][number]): boolean {
  if (method === 'PATCH') return /\/containerapps\/[^/]+$/i.test(path);
  return /\/roleassignments\/[^/]+$|\/restart$|\/jobs\/[^/]+\/start$|\/changestate$/i.test(path);
}
