// Reads host.json: what the host honours of it, with the defaults of the real one. Time spans are milliseconds.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const timeSpan = z
  .string()
  .regex(/^\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?$/, 'is not a time span like 00:00:30')
  .transform((text) => {
    const [hours = '0', minutes = '0', seconds = '0'] = text.split(':');
    return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  });

const file = z.looseObject({
  version: z.literal('2.0'),
  functionTimeout: timeSpan.optional(),
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

export function parseHostJson(text: string): HostSettings {
  return file.parse(JSON.parse(text));
}

export async function readHostJson(path: string): Promise<HostSettings> {
  return parseHostJson(await readFile(path, 'utf8'));
}
