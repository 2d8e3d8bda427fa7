// Whether pullmedic itself is well: what it depends on, and what should have happened and did not.
import { valueOf } from './fact.ts';
import type { Ports } from './ports.ts';

export interface Health {
  readonly well: boolean;
  /** `down`: it could not be read just now. */
  readonly storage: 'up' | 'down';
  readonly killSwitch: 'off' | 'on' | 'unreadable';
  /** Who set the kill switch, and when; absent where nobody did, or where it could not be read. */
  readonly killSwitchSet?: { readonly by: string; readonly atMs: number };
  readonly live: number;
  /** Remediations whose next step is late: their message was lost, or no host runs. */
  readonly overdue: number;
}

/** A step this late was not just waiting for its turn. Milliseconds. */
const lateMs = 10 * 60_000;

async function rows(ports: Pick<Ports, 'index'>): Promise<readonly { readonly dueAtMs: number }[] | undefined> {
  try {
    return await ports.index.live();
  } catch {
    return undefined;
  }
}

export async function checkHealth(ports: Pick<Ports, 'index' | 'killSwitch' | 'controls' | 'now'>): Promise<Health> {
  const [live, kill, setting] = await Promise.all([rows(ports), ports.killSwitch(), ports.controls.setting()]);
  const set = valueOf(setting);
  const overdue = (live ?? []).filter((row) => row.dueAtMs < ports.now() - lateMs).length;
  const killSwitch = !kill.read ? 'unreadable' : kill.value ? 'on' : 'off';
  return {
    well: live !== undefined && kill.read && overdue === 0,
    storage: live === undefined ? 'down' : 'up',
    killSwitch,
    ...(set === undefined ? {} : { killSwitchSet: { by: set.by, atMs: set.atMs } }),
    live: live?.length ?? 0,
    overdue,
  };
}
