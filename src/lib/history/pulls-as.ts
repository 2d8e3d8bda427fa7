// Which identity a remediation is about, by name: a principal id says nothing to a person.

import type { PrincipalId } from '../words/arm-id.ts';
import { shortName } from './finding-words.ts';
import type { Remediation } from './state.ts';

export interface PullsAs {
  readonly principalId: PrincipalId;
  /** The name of the identity's resource; of a system-assigned identity that of its app. */
  readonly name: string;
}

/** The identity of the last look that could tell which identity pulls. */
export function pullsAsOf({ look }: Pick<Remediation, 'look'>): { readonly pullsAs?: PullsAs } {
  const principalId = look?.pulls?.principalId;
  if (look === undefined || principalId === undefined) return {};
  const { diagnosis } = look;
  const declared = [...diagnosis.against, ...diagnosis.for].find(({ code }) => code === 'identity-declared');
  const name = declared?.detail['identity'];
  return name === undefined ? {} : { pullsAs: { principalId, name: shortName(name) } };
}
