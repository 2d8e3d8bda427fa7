// Makes one restart, or the new revision that stands in for it: announced for the whole app first, and only then asked of Azure.

import { hadRung } from '../decision/ladder.ts';
import { restartLimitGuard, restartsAll, restartsOf, restartsOfGroup } from '../decision/restart-limit.ts';
import { restartRefusedGuard } from '../decision/restart-refused.ts';
import { type Refusal, withheldBy } from '../history/refusals.ts';
import { type RestartChange, restartedBy, templateName } from '../history/restarted.ts';
import type { AnnouncedRestart } from '../history/restarts.ts';
import type { Remediation } from '../history/state.ts';
import type { ActionAnswer } from '../ports/ports.ts';
import { known } from '../words/fact.ts';
import type { WithKillSwitch } from './kill-switch.ts';
import { rememberRestartUnless } from './restart-memory.ts';
import type { Turn } from './turn.ts';

/** Withheld where another remediation of the app restarted the revision since the decision; otherwise what `change` answers. */
export async function makeRestart(
  turn: Turn,
  change: RestartChange,
  remediation: Remediation,
  make: () => Promise<WithKillSwitch<ActionAnswer>>,
): Promise<WithKillSwitch<ActionAnswer>> {
  const withheld = await announce(turn, change, remediation);
  if (withheld !== undefined) return withheld;
  const answer = await make();
  if (outcomesWithoutRestart.has(answer.outcome))
    await restartNotMade(turn, remediation, answer.because ?? answer.outcome);
  return answer;
}

/** Outcomes after which nothing was restarted. A restart without an answer may have been made, so it stays announced. */
const outcomesWithoutRestart: ReadonlySet<ActionAnswer['outcome']> = new Set(['failed', 'withheld']);

/** Takes back the announcement of a restart that was not made: it must not count against the limits, and nothing waits for it. */
export async function restartNotMade({ ports }: Turn, { id, target }: Remediation, because: string): Promise<void> {
  const entry = { kind: 'restart-not-made', remediation: id, because } as const;
  // Where too many others write, or the entry is there already, the announcement counts on: that only makes pullmedic slower.
  await rememberRestartUnless(ports, target.appId, entry, (restarts) =>
    restarts.some(({ remediation }) => remediation === id) ? undefined : 'none-announced',
  );
}

async function announce(
  { ports, config, history }: Turn,
  change: RestartChange,
  { id, target }: Remediation,
): Promise<ActionAnswer | undefined> {
  const revision = restartedBy(change);
  const more = change.do === 'new-revision' ? { made: change.revision } : rungOf(change);
  const announced = { kind: 'restart-announced', app: target.appId, revision, by: change.do, ...more } as const;
  // This attempt stands in the history already, and must not speak against itself.
  const historyWithoutThis = { ...history, remediations: history.remediations.filter((one) => one.id !== id) };
  const entry = { ...announced, remediation: id };
  const answer = await rememberRestartUnless(ports, target.appId, entry, (restarts, refused) => {
    const input = { nowMs: ports.now(), config, target, history: historyWithoutThis, restarts: known(restarts) };
    return (
      restartRefusedGuard({ ...input, refusedRestarts: known(refused) }, namesOf(change)) ??
      restartLimitGuard(input, revision, change.do) ??
      sameRungGuard(change, restartsAll(target) ? restartsOfGroup(input) : restartsOf(input, revision))
    );
  });
  if (answer === 'appended') return undefined;
  return withheldBy(answer === 'busy' ? { guard: 'restart-limit', why: 'busy' } : answer);
}

/** The names under which people may have refused this change. */
function namesOf(change: RestartChange): readonly string[] {
  return [restartedBy(change), ...(change.do === 'new-revision' ? [templateName(change.template)] : [])];
}

function rungOf({ retry }: RestartChange & { do: 'restart' }): { rung?: number } {
  return retry === undefined ? {} : { rung: retry.rung };
}

/** Two remediations of one revision may decide the same retry at the same moment: one of them makes it. */
function sameRungGuard(change: RestartChange, restarts: readonly AnnouncedRestart[]): Refusal | undefined {
  if (change.do !== 'restart' || change.retry === undefined) return undefined;
  return hadRung(change.retry, restarts) ? { guard: 'restart-limit', why: 'same-rung' } : undefined;
}
