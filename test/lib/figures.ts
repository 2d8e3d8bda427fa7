// The figures of a remediation that was opened at the instant of the tests and goes on, unless a test says otherwise.
import type { Measured } from '../../src/lib/console/measured-rows.ts';
import { remediationIdOf } from '../../src/lib/words/target.ts';
import { appId, image, nowMs, targetId } from './facts.ts';

export function figures({ ordinal = 1, ...more }: Partial<Measured> & { readonly ordinal?: number } = {}): Measured {
  return {
    remediation: remediationIdOf(targetId, ordinal),
    appId,
    appName: 'ca-orders',
    image,
    state: more.closed === undefined ? 'looking' : 'closed',
    registry: 'acrshop.azurecr.io',
    openedAtMs: nowMs,
    causes: [],
    refused: [],
    ...more,
  };
}
