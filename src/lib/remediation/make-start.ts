// Starts a job again, once: announced for the whole job first, and only then asked of Azure.

import { startedGuard } from '../decision/start-guards.ts';
import type { Change } from '../history/decision.ts';
import { withheldBy } from '../history/refusals.ts';
import type { Remediation } from '../history/state.ts';
import type { ActionAnswer } from '../ports/ports.ts';
import { known } from '../words/fact.ts';
import type { WithKillSwitch } from './kill-switch.ts';
import { rememberStartUnless } from './restart-memory.ts';
import type { Turn } from './turn.ts';

/**
 * Withheld where any remediation of the job announced a start within the last day; otherwise what `make` answers. An announcement is never
 * taken back: whatever became of it, pullmedic does not try again, and a person has the command.
 */
export async function makeStart(
  { ports }: Turn,
  { execution }: Extract<Change, { readonly do: 'start' }>,
  { id, target }: Remediation,
  make: () => Promise<WithKillSwitch<ActionAnswer>>,
): Promise<WithKillSwitch<ActionAnswer>> {
  const entry = { kind: 'start-announced', app: target.appId, execution, remediation: id } as const;
  const answer = await rememberStartUnless(ports, target.appId, entry, (starts) =>
    startedGuard(known(starts), ports.now()),
  );
  if (answer === 'appended') return make();
  return withheldBy(answer === 'busy' ? { guard: 'start-again', why: 'unreadable' } : answer);
}
