// Reads an app as ARM has it: in the younger API version where the region has that, and with the member that the SDK's model drops.
import type { ContainerApp } from '@azure/arm-appcontainers';
import * as z from 'zod';
import type { WriteError } from '../../evidence/app-facts.ts';
import type { ArmId } from '../../words/arm-id.ts';
import { nameOf, resourceGroupOf, subscriptionOf } from '../../words/arm-id.ts';
import type { Clients } from '../clients/clients.ts';
import { armErrorCode, statusOf } from '../clients/reading.ts';
import type { AppsClient } from '../clients/sdk-clients.ts';
import { abort } from '../clients/wire.ts';
import { olderResources } from './older-resources.ts';
import { instantOf } from './system-data.ts';

/** An app as the SDK reads it, and the body of the answer. */
export interface AppResource {
  readonly app: ContainerApp;
  readonly raw: unknown;
}

/**
 * Reads an app. Only the younger API version has the subnet of an app in an Express environment. Where ARM does not know that version, this app
 * is read in the older one, now and in later reads.
 */
export async function getApp(clients: Clients, appId: ArmId): Promise<AppResource> {
  const inVersion = async (version: 'newestApps' | 'apps') =>
    getWith(await clients[version](subscriptionOf(appId)), appId);
  if (older.has(clients, appId)) return inVersion('apps');
  try {
    return await inVersion('newestApps');
  } catch (error) {
    if (statusOf(error) !== 400 || !unknownVersion.has(armErrorCode(error) ?? '')) throw error;
    older.add(clients, appId);
    return inVersion('apps');
  }
}

/** Apps that are read in the older version, because their region does not know the younger one. */
const older = olderResources();

/**
 * Codes by which ARM says that it does not know an API version, in general or in the region (documentation "Resolve errors for resource
 * provider registration").
 */
const unknownVersion: ReadonlySet<string> = new Set([
  'NoRegisteredProviderFound',
  'InvalidApiVersionParameter',
  'InvalidResourceType',
  'UnsupportedApiVersion',
]);

async function getWith({ containerApps }: AppsClient, appId: ArmId): Promise<AppResource> {
  let raw: unknown;
  const onResponse = ({ parsedBody }: { readonly parsedBody?: unknown }): void => void (raw = parsedBody);
  const app = await containerApps.get(resourceGroupOf(appId), nameOf(appId), { ...abort(), onResponse });
  return { app, raw };
}

const wireFailed = z.object({
  systemData: z.object({ lastModifiedAt: z.string() }),
  properties: z.object({ provisioningState: z.literal('Failed'), deploymentErrors: z.string().min(1) }),
});

/** How much of the text is kept. Characters. */
const longestError = 4000;

/**
 * Why the last write of the app failed. The app itself says so at once; the Activity Log says it minutes later. Source: a recorded app in
 * the state Failed has `deploymentErrors` (azure-cli's tests, 2024-10-02-preview).
 */
export function writeErrorOf(raw: unknown): WriteError | undefined {
  const read = wireFailed.safeParse(raw);
  if (!read.success) return undefined;
  const atMs = instantOf(read.data.systemData.lastModifiedAt);
  return atMs === undefined ? undefined : { text: read.data.properties.deploymentErrors.slice(0, longestError), atMs };
}
