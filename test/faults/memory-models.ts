// Worlds in which a second app of the same identity asks, after what the deployment has to remember: a no, a question without an answer, a
// grant that a person took away.
import type { Evidence } from '../../src/lib/evidence/evidence.ts';
import type { Signal } from '../../src/lib/signals/signal.ts';
import { known } from '../../src/lib/words/fact.ts';
import { app, appId, arm, config, minute, nowMs, principal, registryId, roleMissing, signal } from '../lib/facts.ts';
import type { Changes, Model } from './model.ts';

const otherId = arm(appId.replace(/ca-orders$/i, 'ca-basket'));

function ofOther(atMs: number): { readonly atMs: number; readonly signal: Signal } {
  return { atMs, signal: { ...signal, id: 'alert|basket', about: { kind: 'app', id: otherId }, atMs } };
}

/** The evidence as it reads for this app. */
function seenFor(id: string, seen: Evidence): Evidence {
  return id === otherId ? { ...seen, app: known({ ...app, id: otherId }) } : seen;
}

/** The Activity Log tells of a removal, and no longer when the second app asks. */
const logForgetsAtMs = nowMs + 15 * minute;

function forgottenRemoval(atMs: number): Evidence {
  const removal = { atMs: nowMs - minute, by: 'mallory', scope: registryId, principalId: principal };
  return { ...roleMissing, removals: known(atMs < logForgetsAtMs ? [removal] : []) };
}

const removesAtMs = nowMs + 45 * minute;

/** `runsOn`: an app that pulled with the grant and goes on running when the role is gone. */
export function memoryModels(runsOn: (changes: Changes, atMs: number) => Evidence): Model[] {
  return [
    {
      name: 'no-binds-another-app',
      config: config({ PULLMEDIC_MODE: 'approve' }),
      signals: [{ atMs: nowMs, signal }, ofOther(nowMs + 20 * minute)],
      answersAtMs: nowMs + 5 * minute,
      answers: 'rejected',
      read: (_, _atMs, id) => seenFor(id, roleMissing),
      ends: ['needs-person', 'needs-person'],
      grants: 0,
      incident: 'open',
    },
    {
      name: 'unanswered-binds-another-app',
      config: config({ PULLMEDIC_SETTINGS: JSON.stringify({ approvalMinutes: 10 }) }),
      signals: [{ atMs: nowMs, signal }, ofOther(nowMs + 25 * minute)],
      read: (_, atMs, id) => seenFor(id, forgottenRemoval(atMs)),
      ends: ['needs-person', 'needs-person'],
      grants: 0,
      restsAtMs: nowMs + 80 * minute,
      incident: 'open',
    },
    {
      name: 'removed-grant-binds-another-app',
      config: config(),
      signals: [{ atMs: nowMs, signal }, ofOther(removesAtMs + minute)],
      removesAtMs,
      read: (changes, atMs, id) => (id === otherId ? seenFor(id, roleMissing) : runsOn(changes, atMs)),
      ends: ['recovered', 'needs-person'],
      grants: 1,
      restsAtMs: removesAtMs + 30 * minute,
      incident: 'open',
    },
  ];
}
