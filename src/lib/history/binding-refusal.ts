// The refusal that binds a decision, as a history records it, and the sentence that tells people what to do about it.

import { nameOf } from '../words/arm-id.ts';
import { sayInstant } from '../words/say-instant.ts';
import type { RefusedGrant } from './access-memory.ts';

/** Who said no to the grant that was due, when, and in which remediation. */
export type BindingRefusal = Pick<RefusedGrant, 'how' | 'by' | 'app' | 'remediation' | 'atMs'>;

/** Without the grant: the decision that the refusal binds names it. */
export function bindingOf({ how, by, app, remediation, atMs }: RefusedGrant): BindingRefusal {
  return { how, app, remediation, atMs, ...(by === undefined ? {} : { by }) };
}

/** What happened, that it binds, and how a person says otherwise. The command takes the remediation that was asked about. */
export function sayBinding({ how, by, app, remediation, atMs }: BindingRefusal): string {
  const when = sayInstant(atMs);
  const name = nameOf(app);
  const happened =
    how === 'rejected'
      ? `On ${when} this grant was rejected for ${name} by ${by ?? 'a person'}`
      : `On ${when} a question about this grant, asked for ${name}, expired without an answer`;
  const binds =
    'That binds every app and image with the same identity, until a person approves this very grant or runs';
  return `${happened}. ${binds}: pullmedic forget-refusal ${remediation} --url URL --why TEXT`;
}
