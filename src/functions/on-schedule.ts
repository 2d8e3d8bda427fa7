// Timer: every minute, finds steps that are overdue because their message was lost.
import { app } from '@azure/functions';
import type { App } from '../app.ts';
import { sendOverdue } from '../lib/remediation.ts';

async function onSchedule(pullmedic: App): Promise<void> {
  await sendOverdue(pullmedic.ports);
}

export function registerOnSchedule(pullmedic: App): void {
  app.timer('on-schedule', { schedule: '0 * * * * *', handler: () => onSchedule(pullmedic) });
}
