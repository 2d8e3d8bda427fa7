// The events of a container: in the list of its instance view, and as rows of a workspace where the group has one.
import type { App, Container } from '../model/apps.ts';
import type { ContainerEvent, GroupContainer, GroupSettings } from '../model/group-settings.ts';
import type { Sim } from '../model/sim.ts';
import { groupOf } from '../monitor/activity-log.ts';

/** What only a container group has; throws for anything else. */
export function settingsOf(app: App): GroupSettings {
  if (app.containerGroup === undefined) throw new Error(`${app.name} is no container group.`);
  return app.containerGroup;
}

/** What runs of a container; made where the platform has shown nothing of it yet. */
export function heldOf(app: App, { name }: Container): GroupContainer {
  const { containers } = settingsOf(app);
  const held = containers.get(name) ?? { events: [], restarts: 0 };
  containers.set(name, held);
  return held;
}

/** Adds an event of a container that happens now. The same one again counts up. */
export function addEvent(
  sim: Sim,
  app: App,
  container: Container,
  name: ContainerEvent['name'],
  message: string,
): void {
  const { events } = heldOf(app, container);
  const atMs = sim.scheduler.now();
  const same = events.find((one) => one.name === name && one.message === message);
  const type = name === 'Failed' ? 'Warning' : 'Normal';
  const event = same ?? { name, type, message, firstMs: atMs, lastMs: atMs, count: 0 };
  if (same === undefined) events.push(event);
  event.count += 1;
  event.lastMs = atMs;
  if (!settingsOf(app).sendsEvents) return;
  sim.groupLogs.push({
    atMs,
    ingestedMs: atMs + sim.world.delays.logIngestion,
    group: app.name,
    resourceGroup: groupOf(app.id),
    container: container.name,
    reason: name,
    message,
    count: event.count,
    firstMs: event.firstMs,
  });
}

/** The event of a pull that failed: `said` is what the runtime writes (a public report has it so: Azure/acr, issue 633). */
export function failedMessage({ image }: Container, said: string): string {
  return `Failed to pull image "${image}": rpc error: code = Unknown desc = Error response from daemon: ${said}`;
}

/** The event of the wait after a pull that failed. */
export function backOffMessage({ image }: Container): string {
  return `Back-off pulling image "${image}"`;
}
