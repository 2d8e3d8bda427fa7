// Cases that runbooks are written for: one with every fact, one with none, and what of a runbook a person may run.
import type { Cause } from '../../../src/lib/causes/causes.ts';
import type { Diagnosis } from '../../../src/lib/history/diagnosis.ts';
import { runbookFor } from '../../../src/lib/runbooks/index.ts';
import type { Runbook, RunbookInput } from '../../../src/lib/runbooks/runbook.ts';
import { acrPull, dnsUnlinked, endpointId, principal, registryId, target, vnetId, zoneId } from '../facts.ts';
import { azCommands } from './shell-words.ts';

/** What a diagnosis of the network can say. */
export const detail = {
  zone: zoneId,
  vnet: vnetId,
  endpoint: endpointId,
  record: 'acrshop',
  ip: '10.70.4.5',
  found: '10.70.4.9, 10.70.4.10',
  refusedIp: '20.61.2.9',
  tags: 'v7, v6',
};

export function diagnosisOf(cause: Cause, more: Diagnosis['detail'] = detail): Diagnosis {
  return { causes: [cause], sure: 'confirmed', for: [], against: [], network: 'blocks', detail: more };
}

export function inputFor(cause: Cause, more: Partial<RunbookInput> = {}): RunbookInput {
  const grant = { registryId, principalId: principal, roleId: acrPull };
  return { target, cause, diagnosis: diagnosisOf(cause), evidence: dnsUnlinked, grant, ...more };
}

/** Everything in a runbook that a person may run: the commands, the check and the way back. */
export function runnable({ commands, verify, undo }: Runbook): string[] {
  const az = commands.filter((command) => command.language === 'az').map((command) => command.text);
  const others = [verify, undo].filter((text) => text.startsWith('az '));
  return [...az, ...others].flatMap(azCommands);
}

export function bicepOf({ commands }: Runbook): string[] {
  return commands.filter((command) => command.language === 'bicep').map((command) => command.text);
}

/** Where nothing is known but the app's name and its image. */
export const knowingNothing = (cause: Cause): RunbookInput => ({
  target,
  cause,
  diagnosis: diagnosisOf(cause, {}),
  evidence: { atMs: 0 },
});

/** The whole runbook of a case as one text. */
export function textOf(cause: Cause, more: Partial<RunbookInput> = {}): string {
  return JSON.stringify(runbookFor(inputFor(cause, more)));
}
