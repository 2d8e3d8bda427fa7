// Makes known what a scenario changed.
import type { ResourceEvent } from '../model/records.ts';
import type { Sim } from '../model/sim.ts';
import { publish } from '../monitor/activity-log.ts';
import type { WorldEvent } from '../world/events.ts';

/** The person of the on-call team who makes a change where the event names no other caller. */
const personOnCall = 'ops@contoso.example';

/** Makes a change of a scenario known, as one that succeeded. */
export function written(
  sim: Sim,
  event: WorldEvent,
  operation: string,
  resource: string,
  bodies: Pick<ResourceEvent, 'request' | 'response' | 'wentWith'> = {},
): void {
  const type = operation.endsWith('/delete') ? 'ResourceDeleteSuccess' : 'ResourceWriteSuccess';
  publish(sim, { type, operation, resource, by: 'world', caller: callerOf(event), ...bodies });
}

/** Returns who causes the event: a person's address, or the object id of an identity. */
export function callerOf(event: WorldEvent): string {
  return 'by' in event ? (event.by ?? personOnCall) : personOnCall;
}
