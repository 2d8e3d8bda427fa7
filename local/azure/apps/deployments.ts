// Writes of a container app: the control plane may validate the pull first, and then a failed one makes no revision.
import { z } from 'zod';
import type { App, Container } from '../model/apps.ts';
import { hostOf } from '../model/images.ts';
import { note, type Sim } from '../model/sim.ts';
import { publish } from '../monitor/activity-log.ts';
import { type PullFailure, pullOutcome, registryOf } from './pulls.ts';
import { deployRevision } from './revisions.ts';
import { entryFor } from './sign-in.ts';

const registryErrors = z.object({
  errors: z.tuple([
    z.object({ code: z.string(), message: z.string(), detail: z.record(z.string(), z.string()).optional() }),
  ]),
});

/**
 * Writes the app or job with the template that it has now. The resource and its identity are there even if the write fails. A job that is
 * written starts no execution. `rejected`: the write fails for a reason that the world does not have.
 */
export function writeApp(sim: Sim, app: App, caller: string, rejected?: WriteError): void {
  const operation = app.job === undefined ? 'Microsoft.App/containerApps/write' : 'Microsoft.App/jobs/write';
  const change = { operation, resource: app.id, by: 'world', caller } as const;
  app.written = true;
  app.writtenMs = sim.scheduler.now();
  const error = rejected ?? refusal(sim, app);
  if (error === undefined) {
    if (app.job === undefined) deployRevision(sim, app);
    else app.provisioningState = 'Succeeded';
    publish(sim, { ...change, type: 'ResourceWriteSuccess' });
    return;
  }
  app.provisioningState = 'Failed';
  app.writeError = { message: error.message, atMs: sim.scheduler.now() };
  note(sim, `${app.name}: the write fails${app.job === undefined ? ', no revision is made' : ''}`);
  publish(sim, { ...change, type: 'ResourceWriteFailure', error });
}

/** Why a write was rejected, as Azure says it. */
export interface WriteError {
  readonly code: string;
  readonly message: string;
}

function refusal(sim: Sim, app: App): WriteError | undefined {
  if (!app.pullCheckedOnWrite) return undefined;
  for (const container of app.containers.filter((one) => isNew(app, one))) {
    const outcome = pullOutcome(sim, app, container);
    if (!outcome.ok && outcome.afterManifest !== true) return errorOf(sim, app, container, outcome);
  }
  return undefined;
}

/** An image is validated when its reference changes, so never twice for one that a revision already has. */
function isNew(app: App, { image }: Container): boolean {
  const latest = app.revisions.at(-1);
  return latest === undefined || !latest.containers.some((container) => container.image === image);
}

function errorOf(sim: Sim, app: App, container: Container, failed: PullFailure): WriteError {
  if (failed.ofEntry === true) return { code: 'ContainerAppOperationError', message: failed.text };
  const inner =
    failed.printed ?? (failed.body === undefined ? unauthorized(sim, app, container) : printed(failed.body));
  const field = `Field 'template.containers.${container.name}.image' is invalid with details: 'Invalid value: "${container.image}": ${inner}';..`;
  return {
    code: 'ContainerAppOperationError',
    message: `Failed to provision ${app.job === undefined ? 'revision for container app' : 'job'} '${app.name}'. Error details: The following field(s) are either invalid or missing. ${field}`,
  };
}

/** For a managed identity the platform hides why its token was of no use. */
function unauthorized(sim: Sim, app: App, { image }: Container): string {
  const registry = registryOf(sim, image);
  const server = registry === undefined ? '' : hostOf(image);
  const name = registry === undefined ? app.pullIdentity : entryFor(app, registry)?.identity;
  if (name !== undefined) {
    const identity = sim.identities.get(name)?.id ?? name;
    return `unable to pull image using Managed identity ${identity} for registry ${server}`;
  }
  const [repository = ''] = image.slice(server.length + 1).split(':');
  const scope = encodeURIComponent(`repository:${repository}:pull`);
  return `GET https:?scope=${scope}&service=${server}: UNAUTHORIZED: authentication required, visit https://aka.ms/acr/authorization for more information.`;
}

/** An error of the registry as the control plane's client prints it; host and path of the URL are left out. */
function printed(body: string): string {
  const [{ code, message, detail }] = registryErrors.parse(JSON.parse(body)).errors;
  const map = Object.entries(detail ?? {}).map(([name, value]) => `${name}:${value}`);
  return `GET https:: ${code}: ${message}${map.length === 0 ? '' : `; map[${map.join(' ')}]`}`;
}
