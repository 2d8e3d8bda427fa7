// The seal of a form binds it to the person to whom it was shown, to what it does, and to a time. No other page can make one.

import { approvalLastsMs } from '../history/approval.ts';
import type { FormSeals } from '../ports/form-seals.ts';
import type { Clock } from '../ports/ports.ts';
import { type Fact, mapFact } from '../words/fact.ts';
import type { Intent } from './verbs.ts';

/** What a form carries beside its intent. */
export interface Sealed {
  readonly untilMs: number;
  readonly seal: string;
}

/**
 * How long a form can be sent: as long as an approval holds, because both are about what was shown, and that grows old. Milliseconds.
 */
export const formLastsMs = approvalLastsMs;

/** `person` is the object id of the person to whom the form is shown. Unreadable where no form can be made now. */
export async function sealForm(ports: FormSeals & Clock, person: string, intent: Intent): Promise<Fact<Sealed>> {
  const untilMs = ports.now() + formLastsMs;
  const sealed = await ports.seals.seal(sealedText(person, intent, untilMs));
  return mapFact(sealed, (seal) => ({ untilMs, seal }));
}

/** `unreadable`: whether the form is ours cannot be told now. Of these only `ours` may act. */
export type SealCheck = 'ours' | 'not-ours' | 'expired' | 'unreadable';

/** Checks the seal before the time, so that a made-up form does not learn which times would pass. */
export async function checkSeal(
  ports: FormSeals & Clock,
  person: string,
  intent: Intent,
  { untilMs, seal }: Sealed,
): Promise<SealCheck> {
  const isOurs = await ports.seals.isSealOf(sealedText(person, intent, untilMs), seal);
  if (!isOurs.read) return 'unreadable';
  if (!isOurs.value) return 'not-ours';
  const nowMs = ports.now();
  // A time that is too far ahead was sealed on a clock that is wrong: it would last longer than a form may.
  return nowMs < untilMs && untilMs <= nowMs + formLastsMs + clocksDifferMs ? 'ours' : 'expired';
}

/** How far the clocks of two instances may differ. Milliseconds. */
const clocksDifferMs = 60_000;

/** JSON, so that no two lists of parts give the same text. */
function sealedText(person: string, { verb, subject, shown }: Intent, untilMs: number): string {
  return JSON.stringify(['form', 1, person, verb, subject, shown, untilMs]);
}
