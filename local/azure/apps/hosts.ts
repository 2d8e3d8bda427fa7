// Names of hosts that Container Apps gives: of revisions, and of the endpoints that stream what a replica says.
import type { App, Environment } from '../model/apps.ts';
import { regionOf, type Sim } from '../model/sim.ts';

/** By which a domain of one's own is shown to be one's own; the same in every world. */
export const verificationId = 'C0FFEE'.repeat(10);

/** The host of an app, or of one of its revisions, below the default domain of its environment. */
export function appHost(sim: Sim, app: App, name: string): string {
  const environment = sim.environments.get(app.environment);
  return environment === undefined ? '' : `${name}.${defaultDomainOf(environment)}`;
}

/** The domain of an environment's apps. Its first label is what log rows call the environment. */
export function defaultDomainOf({ domainLabel, region }: Environment): string {
  return `${domainLabel}.${region}.azurecontainerapps.io`;
}

/** Where the app's streams are. */
export function streamAt(sim: Sim, app: App, scheme: 'https' | 'wss' = 'https'): string {
  return `${scheme}://${regionOf(sim, app)}.azurecontainerapps.dev${app.id.replace('/providers/Microsoft.App', '')}`;
}
