// What the row of a remediation says beyond what the schedule needs: enough for lists and searches without its history.

import { type Figures, figuresOf } from './figures.ts';
import { type State, stateOf } from './remediation-state.ts';
import type { Remediation } from './state.ts';

/** Facts of one remediation, derived from its history: its figures, and what lists say besides. The ids are the row's own. */
export interface RowFacts extends Omit<Figures, 'remediation' | 'appId'> {
  readonly appName: string;
  /** The image as the app's template writes it. */
  readonly image: string;
  readonly state: State;
  /** After a grant of pullmedic: when a look first saw a replica that had pulled. The role was in effect by then. */
  readonly roleInEffectAtMs?: number;
}

export function factsOf(remediation: Remediation): RowFacts {
  const { target, partlySinceMs, provenAtMs } = remediation;
  const { remediation: _id, appId: _app, ...figures } = figuresOf(remediation);
  const pulledAtMs = figures.grantedAtMs === undefined ? undefined : (partlySinceMs ?? provenAtMs);
  return {
    ...figures,
    appName: target.appName,
    image: target.image,
    state: stateOf(remediation),
    ...(pulledAtMs === undefined ? {} : { roleInEffectAtMs: pulledAtMs }),
  };
}
