// The named answer to each cause: whose problem it is, what to run, how to verify and how to undo.
import type { Cause, Diagnosis } from '../diagnose.ts';
import type { Evidence } from '../evidence.ts';
import type { Grant } from '../history.ts';
import type { Target } from '../target.ts';
import { imageRunbook } from './image.ts';
import { networkRunbook } from './network.ts';
import { roleRunbook } from './roles.ts';

export type Owner = 'app team' | 'registry owner' | 'network team' | 'Microsoft';

export interface Command {
  readonly title: string;
  readonly language: 'az' | 'bicep';
  readonly text: string;
}

export interface Runbook {
  readonly title: string;
  readonly owner: Owner;
  /** What is wrong and what to do now, in a few sentences. */
  readonly advice: string;
  readonly commands: readonly Command[];
  readonly verify: string;
  readonly undo: string;
}

export interface RunbookInput {
  readonly target: Target;
  readonly cause: Cause;
  readonly diagnosis: Diagnosis;
  readonly evidence: Evidence;
  readonly grant?: Grant;
}

/** Makes a value one word of a POSIX shell, whatever it holds. */
export function shellWord(value: string): string {
  return /^[\w./:@=,+-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** The command that shows whether the pull works now. */
export function verifyPull({ target }: Pick<RunbookInput, 'target'>): string {
  const app = `az containerapp revision list --name ${shellWord(target.appName)} --resource-group ${shellWord(target.appId.split('/')[4] ?? '')}`;
  return `${app} --query "[].{revision:name, running:properties.runningState, details:properties.runningStateDetails}" --output table`;
}

/** Builds the runbook of a cause, with the real values of this case. */
export function runbookFor(input: RunbookInput): Runbook {
  switch (input.cause) {
    case 'pull-role-missing':
    case 'pull-role-propagating':
    case 'pull-role-removed':
    case 'registry-became-abac':
    case 'identity-not-assigned':
    case 'registry-not-configured':
    case 'arm-audience-disabled':
    case 'credential-rejected':
      return roleRunbook(input, input.cause);
    case 'registry-firewall':
    case 'no-private-path':
    case 'private-endpoint-pending':
    case 'private-dns-unlinked':
    case 'private-dns-record-missing':
    case 'private-dns-record-stale':
    case 'custom-dns':
    case 'egress-blocked':
      return networkRunbook(input, input.cause);
    case 'tag-missing':
    case 'name-wrong':
    case 'rate-limited':
    case 'registry-unavailable':
    case 'tls-untrusted':
    case 'platform-mismatch':
    case 'reference-invalid':
    case 'image-invalid':
    case 'no-space':
    case 'unexplained':
      return imageRunbook(input, input.cause);
  }
}
