// Shared parts of the runbooks about an app's own registry entries.
import { appOf } from '../evidence/evidence.ts';
import { kindOf } from '../workloads/workloads.ts';
import type { Command, Runbook, RunbookInput, RunbookText } from './runbook.ts';
import { appOptions, bicepString, serverOf, serverWord, shellWord, verifyPull } from './runbook.ts';

/** A command that names the app at its end. */
export function appCommand(input: RunbookInput, title: string, text: string): Command {
  return { title, language: 'az', text: `${text} ${appOptions(input)}` };
}

/** A runbook that changes the app's own configuration, so that the way back is the configuration before it. */
export function appRunbook(input: RunbookInput, text: Pick<Runbook, 'title' | 'advice' | 'commands'>): RunbookText {
  return { ...text, verify: verifyPull(input), undo: 'Deploy the previous configuration of the app again.' };
}

/** The identity to name in the registry entry: the only one that the app has, else its own system identity. */
export function identityToDeclare(input: RunbookInput): string {
  const [only, ...others] = appOf(input.evidence)?.userIdentities ?? [];
  return only !== undefined && others.length === 0 ? only.id : 'system';
}

/** The command that prints this identity with its principal id, from {@link identityToDeclare}: the system identity is assigned first. */
export function showIdentity(input: RunbookInput, identity: string): string {
  return identity === 'system'
    ? `az containerapp identity assign ${appOptions(input)} --system-assigned`
    : `az identity show --ids ${shellWord(identity)}`;
}

function declareByCli(input: RunbookInput, identity: string): Command {
  const server = serverWord(input);
  return appCommand(
    input,
    'Name the identity in the registry entry',
    `az containerapp registry set --server ${server} --identity ${shellWord(identity)}`,
  );
}

/** A part of the app's own template: a deployment of this alone would take everything else away. */
function declareByBicep(input: RunbookInput, identity: string): Command {
  const text = `// For properties.configuration.registries in the template of the app.
var registries = [
  {
    server: ${bicepString(serverOf(input) ?? 'SERVER')}
    identity: ${bicepString(identity)}
  }
]`;
  return { title: 'Name the identity in the registry entry', language: 'bicep', text };
}

/** Names the identity in the registry entry, with az and with Bicep. */
export function declare(input: RunbookInput, identity: string): Command[] {
  const onlyAssigned = kindOf(input.target.appId).pullIdentities === 'user-assigned';
  const inTemplate = onlyAssigned && identity === 'system' ? 'IDENTITY_ID' : identity;
  return [declareByCli(input, identity), declareByBicep(input, inTemplate)];
}
