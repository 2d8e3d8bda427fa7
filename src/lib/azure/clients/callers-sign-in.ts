// Connects the commands of the terminal with the caller's own sign-in. The deployed app has no part of this: it signs in only as itself.
import { DefaultAzureCredential } from '@azure/identity';
import { addressesOf, type Cloud } from '../../words/cloud.ts';
import { type Clients, connectWith } from './clients.ts';
import { whenNeeded } from './credential.ts';

/** Connects with the caller's own sign-in: az login, environment variables or a managed identity. */
export function connectAsCaller(cloud: Cloud): Clients {
  return connectWith(
    whenNeeded(async () => new DefaultAzureCredential()),
    addressesOf(cloud),
  );
}
