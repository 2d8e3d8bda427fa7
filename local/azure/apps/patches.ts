// A new revision of the same template: the PATCH that asks for one, and the operation that its caller polls.
import { z } from 'zod';
import type { App } from '../model/apps.ts';
import { guidFor, sameId } from '../model/ids.ts';
import type { Operation } from '../model/records.ts';
import { note, regionOf, type Sim } from '../model/sim.ts';
import { publish } from '../monitor/activity-log.ts';
import { type Answer, armError, notFound, notModelled } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';
import { wireApp } from './app-shape.ts';
import { findApp } from './containerapps.ts';
import { deployRevision } from './revisions.ts';

/** How long the control plane takes to make a revision. */
const provisioningMs = 10_000;

const onlySuffix = z.strictObject({
  /** The official client demands a location; it is of no effect. */
  location: z.string().optional(),
  properties: z.strictObject({ template: z.strictObject({ revisionSuffix: z.string() }) }),
});

/** A location as it is compared: "West Europe" is `westeurope`. */
function plain(location: string): string {
  return location.toLowerCase().replaceAll(' ', '');
}

/** The suffix that is asked for, or what is not modelled of the request. */
function suffixOf(sim: Sim, app: App, body: unknown): { readonly suffix: string } | { readonly refused: string } {
  const parsed = onlySuffix.safeParse(body);
  const what = 'a PATCH of a container app';
  if (!parsed.success) return { refused: `${what} with anything but properties.template.revisionSuffix` };
  const { location, properties } = parsed.data;
  const suffix = properties.template.revisionSuffix;
  if (location !== undefined && plain(location) !== plain(regionOf(sim, app)))
    return { refused: `${what} with another location` };
  if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(suffix)) return { refused: `${what} with the suffix "${suffix}"` };
  if (app.revisions.some((one) => one.name === `${app.name}--${suffix}`))
    return { refused: `${what} with a suffix that a revision already has` };
  if (app.provisioningState === 'InProgress') return { refused: `${what} while another operation is in progress` };
  return { suffix };
}

/** The address of an operation, with the signature that the service adds and wants back. */
function urlOf(sim: Sim, operation: Operation, kind: 'Statuses' | 'Results'): string {
  const mark = kind === 'Statuses' ? '&azureAsyncOperation=true' : '';
  const signed = `&t=639000000000000000&c=simulated&s=simulated&h=simulated`;
  return `https://management.azure.com/subscriptions/${sim.world.subscription}/providers/Microsoft.App/locations/${sim.world.location}/containerappOperation${kind}/${operation.id}?api-version=2026-07-01${mark}${signed}`;
}

function begin(sim: Sim, app: App, suffix: string): Operation {
  const startMs = sim.scheduler.now();
  const operation: Operation = { id: guidFor(`operation|${app.id}|${suffix}|${startMs}`), app: app.name, startMs };
  sim.operations.push(operation);
  app.provisioningState = 'InProgress';
  sim.scheduler.at(startMs + provisioningMs, () => {
    operation.endMs = sim.scheduler.now();
    deployRevision(sim, app, suffix);
    const change = { operation: 'Microsoft.App/containerApps/write', resource: app.id, by: 'pullmedic' } as const;
    publish(sim, { ...change, type: 'ResourceWriteSuccess' });
  });
  return operation;
}

/** `PATCH` with nothing but a new suffix: the template stays, so nothing is validated, and a new revision pulls. */
export function patchApp(sim: Sim, request: ArmRequest): Answer {
  const app = findApp(sim, request);
  if (app === undefined) return notFound('Microsoft.App/containerApps', request);
  const asked = suffixOf(sim, app, request.body);
  if ('refused' in asked) return notModelled(asked.refused);
  note(sim, `pullmedic asks for the revision ${app.name}--${asked.suffix}`);
  const operation = begin(sim, app, asked.suffix);
  const headers = {
    'azure-asyncoperation': urlOf(sim, operation, 'Statuses'),
    location: urlOf(sim, operation, 'Results'),
    // azd replaces the value in its recordings; the client polls as fast as this allows.
    'retry-after': '0',
  };
  return { status: 202, headers };
}

function operationOf(sim: Sim, { parts }: ArmRequest): Operation | undefined {
  const [subscription = '', location = '', id = ''] = parts;
  if (!sameId(subscription, sim.world.subscription) || !sameId(location, sim.world.location)) return undefined;
  return sim.operations.find((one) => sameId(one.id, id));
}

/** Worded by hand: no operation that is unknown was recorded. */
function operationNotFound({ path }: ArmRequest): Answer {
  return armError(404, 'ResourceNotFound', `The operation '${path}' was not found.`);
}

/** The status of an operation: `InProgress`, then `Succeeded`. */
export function readOperation(sim: Sim, request: ArmRequest): Answer {
  const operation = operationOf(sim, request);
  if (operation === undefined) return operationNotFound(request);
  return {
    status: 200,
    body: {
      id: new URL(urlOf(sim, operation, 'Statuses')).pathname,
      name: operation.id,
      status: operation.endMs === undefined ? 'InProgress' : 'Succeeded',
      // Without a zone, and without an end (all recordings).
      startTime: new Date(operation.startMs).toISOString().replace('Z', '1234'),
    },
  };
}

/** What `Location` leads to: the app, once the operation is over. */
export function readOperationResult(sim: Sim, request: ArmRequest): Answer {
  const operation = operationOf(sim, request);
  const app = operation === undefined ? undefined : sim.apps.get(operation.app);
  if (operation === undefined || app === undefined) return operationNotFound(request);
  return operation.endMs === undefined
    ? { status: 202, headers: { location: urlOf(sim, operation, 'Results') } }
    : { status: 200, body: wireApp(sim, app) };
}
