// The kill switch as people set it: who, when, and what it is now. It is read before each change; reads and follow-ups go on.

import type { LedgerEntry } from '../history/deployment-ledger.ts';
import { type KillSwitchSetting } from '../ports/controls.ts';
import type { Clock, Controls, DeploymentLedger, EventLog } from '../ports/ports.ts';
import { appendToDeployment } from './deployment.ts';

/**
 * Sets it and records who did. Off is recorded before it takes effect, so that nothing is ever allowed without a record; on takes effect
 * first, whatever becomes of the record. Throws when the store cannot be reached.
 */
export async function setKillSwitch(
  ports: DeploymentLedger & Controls & Clock & EventLog,
  on: boolean,
  by: string,
): Promise<KillSwitchSetting> {
  const setting = { on, by, atMs: ports.now() };
  const entry: LedgerEntry = { kind: 'kill-switch-set', on, by };
  if (on) await ports.controls.setKillSwitch(setting);
  await appendToDeployment(ports, entry);
  if (!on) await ports.controls.setKillSwitch(setting);
  ports.log('kill-switch-set', { on });
  return setting;
}
