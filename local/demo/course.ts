// The course of a scenario, the same for each engine: pullmedic's settings, what people do at its door, and when it is over.
import { z } from 'zod';
import type { Simulation } from '../azure/simulation.ts';
import type { WorldEvent } from '../azure/world/events.ts';
import { workloadsOf } from '../azure/world/workloads.ts';
import type { Scenario } from '../scenarios/schema.ts';
import type { Histories, Remediation } from './answers.ts';
import type { AppProcess } from './app-process.ts';
import { isTold, linkIn, type SeenIn } from './people.ts';

const subscriptionOf = (scenario: Scenario): string => `/subscriptions/${scenario.world.subscription}`;

function consumerId(scenario: Scenario, simulation: Pick<Simulation, 'sim'>, consumer: string): string {
  const [kind, name = ''] = consumer.split(':');
  if (kind === 'group') return `${subscriptionOf(scenario)}/resourceGroups/${name}`;
  const id =
    kind === 'environment' ? simulation.sim.environments.get(name)?.id : simulation.sim.identities.get(consumer)?.id;
  if (id === undefined) throw new Error(`${scenario.file}: there is no consumer "${consumer}" in this world.`);
  return id;
}

/** The settings of pullmedic in a scenario, as environment variables. `incidents`: what they say of incident systems. */
export function settingsOf(
  scenario: Scenario,
  simulation: Pick<Simulation, 'sim'>,
  incidents: Readonly<Record<string, unknown>> = {},
): Record<string, string> {
  const { pullmedic } = scenario;
  const registries = Object.entries(pullmedic.registries).map(([name, consumers]) => ({
    id: simulation.sim.registries.get(name)?.id ?? name,
    consumers: consumers.map((consumer) => consumerId(scenario, simulation, consumer)),
    grantWhenNetworkUnknown: pullmedic.grantWhenNetworkUnknown,
  }));
  // The template names the workspaces of environments that send their logs by diagnostic settings.
  const logWorkspaces = [...simulation.sim.environments.values()]
    .filter(({ logs }) => logs === 'azure-monitor')
    .map(({ workspaceId }) => workspaceId);
  return {
    PULLMEDIC_MODE: pullmedic.mode,
    PULLMEDIC_SCOPES: JSON.stringify([subscriptionOf(scenario)]),
    PULLMEDIC_REGISTRIES: JSON.stringify(registries),
    PULLMEDIC_SETTINGS: JSON.stringify({
      ...(logWorkspaces.length === 0 ? {} : { logWorkspaces }),
      ...pullmedic.settings,
      ...(Object.keys(incidents).length === 0
        ? {}
        : { incidents: { ...(pullmedic.settings['incidents'] as object | undefined), ...incidents } }),
    }),
  };
}

/** A person who has to act is left in peace for this long before the scenario ends; what follows an event takes as long. */
const quietMs = 4 * 60_000;

/**
 * Waiting for a person is rest only where that is how the scenario ends: else an answer will come, or the end of the time to give one,
 * or the app recovers by itself.
 */
function waitsForPerson({ expect }: Scenario, { state, target }: Remediation): boolean {
  const expected = expect.remediations.filter((one) => one.app === target.appName);
  if (state === 'needs-person') return expected.length === 0 || expected.some((one) => one.ended === 'open');
  return state === 'needs-approval' && expected.some((one) => one.approval === 'pending');
}

/** An alert is closed after its remediation. */
function alertsAreDone({ expect }: Scenario, { alerts, target }: Remediation): boolean {
  const expected = expect.remediations.filter((one) => one.app === target.appName);
  const known = alerts.every(({ outcome }) => outcome !== 'unknown');
  return known && expected.every((one) => alerts.length >= one.alerts.length);
}

/**
 * Whether nothing more is going to happen: all events are over, every remediation is closed or waits for a person, and the incident systems
 * show what they are expected to show.
 */
export function settled(scenario: Scenario, histories: Histories, seen: SeenIn, sinceBeginMs: number): boolean {
  const lastEvent = Math.max(0, ...scenario.events.map((event) => event.at ?? 0));
  if (sinceBeginMs < lastEvent + quietMs || histories.remediations.length === 0) return false;
  if (!isTold(scenario, seen)) return false;
  return histories.remediations.every(
    (one) =>
      (one.state === 'closed' && alertsAreDone(scenario, one)) ||
      (waitsForPerson(scenario, one) && Date.now() - one.updatedAtMs > quietMs / 2),
  );
}

/** What people do at pullmedic's own door. */
const visits = new Set<WorldEvent['do']>(['ask-pullmedic', 'kill-switch', 'approve', 'reject', 'ask-again', 'undo']);

/** Whether the time of a visit has come that was not made yet. `done` holds the places of the visits that were. */
export function hasVisitDue({ events }: Scenario, done: ReadonlySet<number>, sinceBeginMs: number): boolean {
  return events.some((event, index) => visits.has(event.do) && (event.at ?? 0) <= sinceBeginMs && !done.has(index));
}

/** How people reach pullmedic, and what they see of it elsewhere. */
export interface Door extends Pick<AppProcess, 'post' | 'get'> {
  /** The status of a page that a person opens. */
  readonly open: (url: string, by: string) => Promise<number>;
  /** Where the app is, without a path. */
  readonly base: string;
  readonly seen: SeenIn;
}

/** What people do to pullmedic itself, at its own door. Repeated until it is taken: the process may be down for a moment. */
export async function visit(
  scenario: Scenario,
  app: Door,
  histories: Histories,
  done: Set<number>,
  sinceBeginMs: number,
) {
  for (const [index, event] of scenario.events.entries()) {
    if (done.has(index) || !('at' in event) || sinceBeginMs < (event.at ?? 0)) continue;
    if (event.do === 'ask-pullmedic') {
      const asked = workloadsOf(scenario.world).find(({ name }) => name === event.app)?.id;
      if ((await app.post('signals', { app: asked })) === 202) done.add(index);
    }
    if (event.do === 'kill-switch' && (await setKillSwitch(app, event)) === 200) done.add(index);
    if (await isAnswered(app, event, histories)) done.add(index);
  }
}

/** A person answers the question that they see, has an expired one asked again, or has a grant taken back. True if it was taken. */
async function isAnswered(app: Door, event: Scenario['events'][number], histories: Histories): Promise<boolean> {
  if (event.do !== 'approve' && event.do !== 'reject' && event.do !== 'undo' && event.do !== 'ask-again') return false;
  const state = { approve: 'pending', reject: 'pending', 'ask-again': 'expired', undo: 'possible' }[event.do];
  const asked = histories.remediations.find(
    ({ target, undo, approval }) =>
      target.appName === event.app && (event.do === 'undo' ? undo : approval)?.state === state,
  );
  if (asked === undefined) return false;
  if ('from' in event && event.from !== undefined && !(await opensLink(app, event.from, event.by, asked.id)))
    return false;
  if (event.do === 'approve' || event.do === 'reject') return isTaken(app, event, asked);
  const wish = event.do === 'undo' && event.anyway ? { anyway: true } : {};
  const verb = event.do === 'ask-again' ? 'ask' : event.do;
  return (await app.post(`remediations/${asked.id}/${verb}`, wish, event.by)) === 202;
}

/** Whether the person was told of this question in the system, and comes to its page by the link in the message. */
async function opensLink({ seen, base, open }: Door, system: string, by: string, id: string): Promise<boolean> {
  const link = linkIn(seen[system] ?? [], base);
  return link?.id === id && (await open(link.url, by)) === 200;
}

const numbered = z.object({
  entries: z.array(z.object({ seq: z.number(), decision: z.object({ do: z.string() }).optional() })),
});

/** An answer to the first question may come too late: then it is over when it was refused. */
async function isTaken(
  app: Pick<AppProcess, 'post' | 'get'>,
  event: Extract<WorldEvent, { do: 'approve' | 'reject' }>,
  { id, approval }: Histories['remediations'][number],
): Promise<boolean> {
  const answer = async (question: number | undefined): Promise<number> =>
    app.post(`remediations/${id}/${event.do}`, question === undefined ? {} : { question }, event.by);
  if (event.question === 'open') return (await answer(approval?.question)) === 202;
  const { entries } = numbered.parse(await app.get(`remediations/${id}`));
  const status = await answer(entries.find(({ decision }) => decision?.do === 'ask')?.seq);
  return status === 202 || status === 409;
}

const health = z.object({ killSwitchSet: z.object({ version: z.string() }).optional() });

/** Who turns the switch off has seen how it stands, as a person would on the page. */
async function setKillSwitch(
  app: Pick<AppProcess, 'post' | 'get'>,
  { on, by }: { readonly on: boolean; readonly by: string },
): Promise<number> {
  const seen = on ? undefined : health.parse(await app.get('health')).killSwitchSet?.version;
  return app.post('kill-switch', { on, ...(seen === undefined ? {} : { seen }) }, by);
}
