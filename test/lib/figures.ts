// The figures of a remediation that was opened at the instant of the tests and goes on, unless a test says otherwise.
import type { Figures } from '../../src/lib/history/figures.ts';
import { remediationIdOf } from '../../src/lib/words/target.ts';
import { appId, nowMs, targetId } from './facts.ts';

export function figures({ ordinal = 1, ...more }: Partial<Figures> & { readonly ordinal?: number } = {}): Figures {
  return {
    remediation: remediationIdOf(targetId, ordinal),
    appId,
    registry: 'acrshop.azurecr.io',
    openedAtMs: nowMs,
    causes: [],
    refused: [],
    ...more,
  };
}
