// Whether a person was told of a remediation, so that its alert may be acknowledged.

import type { Remediation } from '../history/state.ts';
import type { Outbox } from '../ports/ports.ts';

/**
 * True once a system was told of its incident. Until then the alert stays new, because it may be all that reaches a person: also while
 * pullmedic repairs the app by itself, which it may have to hand over later. Throws when the store cannot be reached.
 */
export async function isPersonTold({ outbox }: Outbox, { incident }: Pick<Remediation, 'incident'>): Promise<boolean> {
  return (await outbox.of(incident)).some(({ value }) => value.state === 'open');
}
