// What happens for a cause that is confirmed and is the only one, in each mode. Guards can still refuse; then a person is asked.

import { type Cause, causeCatalogue } from '../causes/causes.ts';
import type { Mode } from '../settings/modes.ts';

/**
 * `ask-grant`: the role is given back only if a person says yes. `ask-restart`: one restart is made only if a person says yes. `wait`: the
 * platform or the registry gets time first.
 */
export type Plan = 'grant' | 'ask-grant' | 'ask-restart' | 'wait' | 'incident';

export function planOf(cause: Cause): Plan {
  return particular[cause] ?? plans[causeCatalogue[cause].answer];
}

/** Causes that are answered in another way than the others with the same answer in the catalogue. */
const particular: Readonly<Partial<Record<Cause, Plan>>> = {
  'pull-role-removed': 'ask-grant',
  'platform-token-stale': 'ask-restart',
  'credentials-from-before-abac': 'wait',
};

const plans = {
  grant: 'grant',
  'wait-for-role': 'wait',
  'wait-for-registry': 'wait',
  person: 'incident',
} as const;

/** What happens in this mode: one sentence. */
export function sayPlan(cause: Cause, mode: Mode): string {
  return words[planOf(cause)][mode];
}

const opensIncident = 'Opens an incident with the commands.';
const onlyObserves = 'Opens an incident with the commands, and changes nothing.';
const waits = 'Waits while it can pass by itself, then opens an incident.';

const words: Readonly<Record<Plan, Readonly<Record<Mode, string>>>> = {
  grant: {
    observe: onlyObserves,
    approve: 'Asks a person to approve the grant, then grants and verifies.',
    act: 'Grants the role if no guard refuses, waits until it works, and verifies.',
  },
  'ask-grant': {
    observe: onlyObserves,
    approve: 'Asks a person to approve the grant: another person or system removed the role.',
    act: 'Asks a person to approve the grant, in this mode too: another person or system removed the role.',
  },
  'ask-restart': {
    observe: onlyObserves,
    approve: 'Asks a person to approve one restart.',
    act: 'Asks a person to approve one restart, in this mode too.',
  },
  wait: { observe: waits, approve: waits, act: waits },
  incident: { observe: opensIncident, approve: opensIncident, act: opensIncident },
};
