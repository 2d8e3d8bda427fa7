// The kill switch: how people set it, and how it holds back each write. Reads and follow-ups go on while it is on.

import { killSwitchGuard } from '../decision/change-guards.ts';
import type { KillSwitchMeanwhile } from '../history/entries.ts';
import type { KillSwitchSetting, KillSwitchState } from '../ports/controls.ts';
import type { Clock, Controls, DeploymentLedger, EventLog, KillSwitch, LastCheck } from '../ports/ports.ts';
import { appendToDeployment } from './deployment.ts';

/** A person who turns it off names the version that they saw; they name none if it was never set. */
export type KillSwitchWish =
  | { readonly on: true; readonly by: string; readonly why?: string }
  | { readonly on: false; readonly by: string; readonly seen?: string; readonly why?: string };

/**
 * `not-seen`: the wish does not say which setting it turns off. `set-since`: the switch was set after that setting was seen. `unreadable`:
 * the setting cannot be read, so the person cannot have seen it.
 */
export type KillSwitchAnswer =
  | { readonly done: true }
  | { readonly done: false; readonly because: 'not-seen' | 'set-since'; readonly now?: KillSwitchState }
  | { readonly done: false; readonly because: 'unreadable' };

/**
 * Sets the switch and records who did it. Turning it on takes effect first, even if the record fails or another instance writes. Turning
 * it off is recorded before it takes effect, so that no change is ever permitted without a record, and only turns off the setting that
 * the person saw. Throws when the store cannot be reached.
 */
export async function setKillSwitch(
  ports: DeploymentLedger & Controls & Clock & EventLog,
  wish: KillSwitchWish,
): Promise<KillSwitchAnswer> {
  const person = { by: wish.by, ...(wish.why === undefined ? {} : { why: wish.why }) };
  if (!wish.on) return turnOff(ports, person, wish.seen);
  await ports.controls.turnOn({ ...person, atMs: ports.now() });
  await appendToDeployment(ports, { kind: 'kill-switch-set', on: true, ...person });
  ports.log('kill-switch-set', { on: true });
  return { done: true };
}

async function turnOff(
  ports: DeploymentLedger & Controls & Clock & EventLog,
  person: Pick<KillSwitchSetting, 'by' | 'why'>,
  seen: string | undefined,
): Promise<KillSwitchAnswer> {
  const before = await ports.controls.setting();
  if (!before.read) return { done: false, because: 'unreadable' };
  if (before.value?.version !== seen) return refused(seen === undefined ? 'not-seen' : 'set-since', before.value);
  await appendToDeployment(ports, { kind: 'kill-switch-set', on: false, ...person });
  if ((await ports.controls.turnOff({ ...person, atMs: ports.now() }, seen)) === 'moved') {
    const after = await ports.controls.setting();
    const kept = after.read ? after.value : undefined;
    // The record above came too early: the last one has to say what holds.
    if (kept?.on !== false)
      await appendToDeployment(ports, { kind: 'kill-switch-set', on: true, by: kept?.by ?? person.by, kept: true });
    return refused('set-since', kept);
  }
  ports.log('kill-switch-set', { on: false });
  return { done: true };
}

function refused(because: 'not-seen' | 'set-since', now: KillSwitchState | undefined): KillSwitchAnswer {
  return { done: false, because, ...(now === undefined ? {} : { now }) };
}

/** The answer to a change, with what the kill switch had become by then. */
export type WithKillSwitch<Answer> = Answer & { readonly killSwitchMeanwhile?: KillSwitchMeanwhile };

/**
 * Makes a change whose write the kill switch may stop. The change asks right before its write, after everything else that it reads. A
 * switch that is thrown while the write is on its way cannot stop it any more, so the answer says that this happened.
 */
export async function underKillSwitch<Answer extends object>(
  ports: KillSwitch,
  change: (lastCheck: LastCheck) => Promise<Answer>,
): Promise<WithKillSwitch<Answer>> {
  let wasLetPass = false;
  const answer = await change(async () => {
    const refusal = killSwitchGuard({ killSwitch: await ports.killSwitch() });
    wasLetPass = refusal === undefined;
    return refusal;
  });
  if (!wasLetPass) return answer;
  const after = await ports.killSwitch();
  if (!after.read) return { ...answer, killSwitchMeanwhile: 'unreadable' };
  return after.value ? { ...answer, killSwitchMeanwhile: 'on' } : answer;
}
