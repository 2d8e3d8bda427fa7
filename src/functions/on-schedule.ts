// Timers. Every minute: write the heartbeat, and send what is overdue again: steps whose messages were lost, and what incident systems are
// to be told; take over rows of an older version; and archive old histories, where that is on. Every five minutes: look for apps that are
// stuck although no signal came, and write anew what rows of incidents lack.
import { app } from '@azure/functions';
import type { App } from './app.ts';

async function onSchedule({ ports, config, prepare }: App): Promise<void> {
  // Storage that did not answer at the start is tried again here. Without it there is nothing to write a heartbeat to.
  if ((await prepare()) !== undefined) return;
  const { archiveOld, beat, sendOverdue, sendDue, takeOverRows } = await import('./work.ts');
  await beat(ports);
  const overdue = await sendOverdue(ports);
  // An alert rule fires when this line stops coming: docs/operations.md.
  ports.log('heartbeat', { overdue });
  if (Object.keys(config.settings.incidents.systems).length > 0) await sendDue(ports);
  await takeOverRows(ports);
  await archiveOld(ports, config);
}

async function onSweep({ ports, config }: App): Promise<void> {
  const { refreshIncidentRows, sweep, sweepAsleep } = await import('./work.ts');
  await sweep(ports, config);
  await sweepAsleep(ports);
  await refreshIncidentRows(ports);
}

export function registerOnSchedule(pullmedic: App): void {
  app.timer('on-schedule', { schedule: '0 * * * * *', handler: () => onSchedule(pullmedic) });
  app.timer('on-sweep', { schedule: '30 */5 * * * *', handler: () => onSweep(pullmedic) });
}
