// What the runbooks about an app's own registry entries share.
import { appOf } from '../evidence/evidence.ts';
import type { Command, Runbook, RunbookInput } from './runbook.ts';
import { appOptions, bicepString, shellWord, verifyPull, wordOr } from './runbook.ts';

export function appCommand(input: RunbookInput, title: string, text: string): Command {
  return { title, language: 'az', text: `${text} ${appOptions(input)}` };
}

export function appRunbook(input: RunbookInput, title: string, advice: string, commands: readonly Command[]): Runbook {
  return {
    title,
    owner: 'app team',
    advice,
    commands,
    verify: verifyPull(input),
    undo: 'Deploy the previous configuration of the app again.',
  };
}

/** The identity to name in the registry entry: the only one that the app has, else its own system identity. */
export function identityToDeclare(input: RunbookInput): string {
  const [only, ...others] = appOf(input.evidence)?.userIdentities ?? [];
  return only !== undefined && others.length === 0 ? only.id : 'system';
}

function declareByCli(input: RunbookInput, identity: string): Command {
  const server = wordOr(input.target.registry, 'SERVER');
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
    server: ${bicepString(input.target.registry)}
    identity: ${bicepString(identity)}
  }
]`;
  return { title: 'Name the identity in the registry entry', language: 'bicep', text };
}

export function declare(input: RunbookInput, identity: string): Command[] {
  return [declareByCli(input, identity), declareByBicep(input, identity)];
}
