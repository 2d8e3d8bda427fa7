// What the functions do, in one part of the app that loads with the first call that needs it: `const { handleStep } = await import('./work.ts')`. What
// takes an alert is not in here, because an action group waits for its answer (docs/decisions/0009-what-loads-when.md).
export { drainPoison, keepUnreadable, noteFailure } from '../lib/intake/dead-letter.ts';
export { handleSignal } from '../lib/intake/intake.ts';
export { sweep, sweepAsleep } from '../lib/intake/sweep.ts';
export { archiveOld } from '../lib/remediation/archive.ts';
export { handleStep } from '../lib/remediation/handle-step.ts';
export { sendOverdue } from '../lib/remediation/overdue.ts';
export { beat } from '../lib/remediation/pulse.ts';
export { refreshIncidentRows, takeOverRows } from '../lib/remediation/take-over.ts';
export { readQueuedSignal } from '../lib/signals/queued.ts';
export { readStep } from '../lib/signals/step.ts';
export { readTell } from '../lib/signals/tell.ts';
export { deliver } from '../lib/telling/deliver.ts';
export { sendDue } from '../lib/telling/due.ts';
