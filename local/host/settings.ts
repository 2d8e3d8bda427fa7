// Reads the settings of the host: host.json with the defaults of the real host, and the app settings that bindings refer to.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** A span like 00:00:30, in milliseconds. */
const timeSpan = z
  .string()
  .regex(/^\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?$/, 'is not a time span like 00:00:30')
  .transform((text) => {
    const [hours = '0', minutes = '0', seconds = '0'] = text.split(':');
    return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  });

const file = z.looseObject({
  version: z.literal('2.0'),
  functionTimeout: z.union([z.literal('-1').transform(() => undefined), timeSpan]).optional(),
  extensions: z
    .looseObject({
      http: z.looseObject({ routePrefix: z.string().default('api') }).prefault({}),
      queues: z
        .looseObject({
          maxPollingInterval: timeSpan.default(60_000),
          visibilityTimeout: timeSpan.default(0),
          batchSize: z.int().min(1).max(32).default(16),
          newBatchThreshold: z.int().min(0).optional(),
          maxDequeueCount: z.int().min(1).default(5),
          messageEncoding: z.enum(['base64', 'none']).default('base64'),
        })
        .prefault({}),
    })
    .prefault({}),
});

export type HostSettings = z.infer<typeof file>;
export type QueueSettings = HostSettings['extensions']['queues'];
export type Environment = Readonly<Record<string, string | undefined>>;

export function parseHostJson(text: string): HostSettings {
  return file.parse(JSON.parse(text));
}

export async function readHostJson(path: string): Promise<HostSettings> {
  try {
    return parseHostJson(await readFile(path, 'utf8'));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new Error(`host.json cannot be used: ${why}`, { cause: error });
  }
}

/** Replaces `%NAME%` with the app setting, in every text of a binding that allows it. */
export function resolveSettings(text: string, env: Environment, owner: string): string {
  return text.replace(/%([^%]+)%/g, (_, name: string) => {
    const value = env[name];
    if (value === undefined) throw new Error(`Function "${owner}" needs the setting ${name}.`);
    return value;
  });
}

/** True if the app setting that disables a function in Azure is set. */
export function isDisabled(name: string, env: Environment): boolean {
  const value = env[`AzureWebJobs.${name}.Disabled`]?.toLowerCase();
  return value === 'true' || value === '1';
}

/** The storage connection string that a binding names. The setting with the prefix wins, as in Azure. */
export function storageConnection(setting: unknown, env: Environment, owner: string): string {
  const name = typeof setting === 'string' && setting !== '' ? setting : 'AzureWebJobsStorage';
  const value = env[`AzureWebJobs${name}`] ?? env[name];
  if (value !== undefined && value !== '') return value;
  throw new Error(`Function "${owner}" needs the setting ${name}, a storage connection string.`);
}
