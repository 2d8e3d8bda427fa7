// Queue: the next step of a remediation is due.
import { app, type InvocationContext } from '@azure/functions';
import { z } from 'zod';
import type { App } from '../app.ts';
import type { Step } from '../lib/ports.ts';
import { handleStep } from '../lib/remediation.ts';
import { parseTargetId } from '../lib/target.ts';

const step = z.object({ targetId: z.string(), seq: z.int().min(0), wake: z.boolean(), late: z.boolean().optional() });

export function readStep(message: unknown): Step | undefined {
  const parsed = step.safeParse(message);
  const targetId = parsed.success ? parseTargetId(parsed.data.targetId) : undefined;
  if (!parsed.success || targetId === undefined) return undefined;
  const { seq, wake, late } = parsed.data;
  return { targetId, seq, wake, ...(late === undefined ? {} : { late }) };
}

async function onStep(pullmedic: App, message: unknown, context: InvocationContext): Promise<void> {
  const read = readStep(message);
  if (read === undefined) {
    context.warn('A message on the step queue is no step and was dropped.');
    return;
  }
  const deliveries = Number(context.triggerMetadata?.['dequeueCount'] ?? 1);
  await handleStep(pullmedic.ports, pullmedic.config, read, deliveries > 1);
}

export function registerOnStep(pullmedic: App): void {
  app.storageQueue('on-step', {
    queueName: 'pullmedic-steps',
    connection: 'AzureWebJobsStorage',
    handler: (message, context) => onStep(pullmedic, message, context),
  });
}
