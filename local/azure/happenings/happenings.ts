// What a scenario lets happen: each event changes the world as a person with the right to do so would.
// Not here: the form of events in a file (`world/events.ts`), and what people and processes do to pullmedic itself.
import { principalIdOf } from '../model/principals.ts';
import { note, type Sim } from '../model/sim.ts';
import { fireAlert } from '../monitor/log-alerts.ts';
import { testAlert } from '../monitor/test-alert.ts';
import type { WorldEvent } from '../world/events.ts';
import { changeApp } from './apps.ts';
import { beginFault } from './faults.ts';
import { appOf } from './named.ts';
import { changeNetwork } from './networks.ts';
import { changeRegistry } from './registries.ts';
import { changeRights } from './rights.ts';
import { callerOf } from './written.ts';

/**
 * Puts the events of a scenario on the clock, which begins now, or lets them wait for their moment. An event that waits for a grant and
 * names
 * a principal waits for the first grant to that principal.
 */
export function schedule(sim: Sim, events: readonly WorldEvent[]): void {
  const startMs = sim.scheduler.now();
  for (const event of events) {
    if (event.at !== undefined) sim.scheduler.at(startMs + event.at, () => happen(sim, event));
  }
  const waiting = new Set(events.filter((event) => 'when' in event && event.when !== undefined));
  sim.onMoment = (moment, principalId) => {
    for (const event of waiting) {
      if (!('when' in event) || event.when !== moment) continue;
      const another = 'principal' in event && principalIdOf(sim, event.principal) !== principalId;
      if (moment === 'pullmedic-grants' && another) continue;
      waiting.delete(event);
      happen(sim, event);
    }
  };
}

/** Lets one event happen. What is done to pullmedic itself happens outside of Azure. */
export function happen(sim: Sim, event: WorldEvent): void {
  switch (event.do) {
    case 'assign-role':
    case 'remove-role':
    case 'delete-identity':
      return changeRights(sim, event);
    case 'link-dns':
    case 'unlink-dns':
    case 'set-dns-record':
    case 'add-zone-group':
    case 'set-security-rule':
    case 'approve-endpoint':
      return changeNetwork(sim, event);
    case 'push-tag':
    case 'delete-tag':
    case 'set-public-registry':
    case 'add-replica':
    case 'set-registry':
    case 'set-token':
    case 'set-cache-credentials':
      return changeRegistry(sim, event);
    case 'deploy':
    case 'reject-deploy':
    case 'set-pull-failure':
    case 'make-room':
    case 'configure-app':
    case 'delete-app':
    case 'deactivate':
    case 'crash':
    case 'write-log-row':
    case 'scale':
    case 'pull':
    case 'start-job':
    case 'suspend-job':
    case 'restart-group':
    case 'start-group':
    case 'stop-group':
    case 'cancel-deploy':
      return changeApp(sim, event);
    case 'fire-alert':
      return fireAlert(sim, appOf(sim, event.app), event);
    case 'send-test-alert':
      note(sim, `${callerOf(event)} sends a test alert`);
      return sim.onAlert(testAlert);
    case 'throttle':
    case 'outage':
      return beginFault(sim, event);
    case 'approve':
    case 'reject':
    case 'ask-again':
    case 'undo':
    case 'ask-pullmedic':
    case 'kill-switch':
    case 'kill-pullmedic':
      return undefined;
  }
}
