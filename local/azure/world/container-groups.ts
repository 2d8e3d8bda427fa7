// What a scenario file says of a container group of Azure Container Instances.
import { z } from 'zod';
import { app, declaredAsApp } from './apps.ts';
import { duration } from './duration.ts';
import { name } from './words.ts';

/** The API versions in which a region may know container groups: the newest one, and the one that the SDK of 2023 speaks. */
export const groupApiVersions = ['2025-09-01', '2023-05-01'] as const;

/** A container group. What it declares of registries is declared as for an app; it belongs to no environment. */
export const containerGroup = z.strictObject({
  ...declaredAsApp,
  ...app.pick({ deployed: true }).shape,
  restartPolicy: z.enum(['Always', 'OnFailure', 'Never']).default('Always'),
  /** Whether the service tries the images before it makes the group, and refuses the write if it cannot have one. */
  validated: z.boolean().default(true),
  /** How long its containers run before they end well, once they have their images. Without it they run for ever. */
  runsFor: duration.optional(),
  /** The subnet that its containers are in. Its images are pulled by the platform all the same. */
  subnet: z.strictObject({ vnet: name, name: name.default('snet-groups') }).optional(),
  /** A failure that is still in the list of its events, although the pull after it worked. Only of a group that is `running`. */
  failedBefore: z.strictObject({ ago: duration, text: z.string().min(1) }).optional(),
  /** Whether it sends its events to a workspace, where an alert rule sees them. */
  logs: z.boolean().default(false),
  /** The newest API version that its region knows. */
  apiVersion: z.enum(groupApiVersions).default('2025-09-01'),
});
