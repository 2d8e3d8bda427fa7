// The named answer to each cause: whose problem it is, what to run, how to verify and how to undo.
import { imageRunbook } from './image.ts';
import { networkRunbook } from './network.ts';
import { roleRunbook } from './roles.ts';
import type { Runbook, RunbookInput } from './runbook.ts';

/** Builds the runbook of a cause, with the real values of this case. It names what else was found. */
export function runbookFor(input: RunbookInput): Runbook {
  const runbook = runbookOf(input);
  const { causes } = input.diagnosis;
  const others = causes.includes(input.cause) ? causes.filter((cause) => cause !== input.cause) : [];
  if (others.length === 0) return runbook;
  return {
    ...runbook,
    advice: `${runbook.advice} Also found: ${others.join(', ')}. Its turn comes once this is right.`,
  };
}

function runbookOf(input: RunbookInput): Runbook {
  switch (input.cause) {
    case 'pull-role-missing':
    case 'pull-role-propagating':
    case 'pull-role-removed':
    case 'registry-became-abac':
    case 'repository-condition':
    case 'deny-assignment':
    case 'identity-gone':
    case 'identity-not-assigned':
    case 'registry-not-configured':
    case 'arm-audience-disabled':
    case 'credential-rejected':
      return roleRunbook(input, input.cause);
    case 'registry-firewall':
    case 'no-private-path':
    case 'private-endpoint-pending':
    case 'private-dns-unlinked':
    case 'private-dns-zone-group-missing':
    case 'private-dns-record-missing':
    case 'private-dns-record-stale':
    case 'custom-dns':
    case 'egress-blocked':
    case 'identity-egress-blocked':
      return networkRunbook(input, input.cause);
    case 'tag-missing':
    case 'repository-missing':
    case 'digest-missing':
    case 'platform-fault':
    case 'write-rejected':
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
