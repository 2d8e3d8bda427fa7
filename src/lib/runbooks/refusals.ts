// Runbooks for an identity that has the role and is refused all the same: by a deny assignment, or by a policy of the registry.
import { registryOf } from '../evidence/evidence.ts';
import type { RunbookInput, RunbookText } from './runbook.ts';
import { onlyReads, registryOptions, shellWord, verifyPull } from './runbook.ts';

/** A deny assignment, which wins over every role. */
export function denyAssignment(input: RunbookInput): RunbookText {
  // The address has no host: `az rest` then asks the cloud of the caller's sign-in, and no other host gets a token.
  const scope = registryOf(input.evidence)?.id ?? '/subscriptions/SUBSCRIPTION';
  const url = `${scope}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01`;
  const { denial, scope: at } = input.diagnosis.detail;
  const named = denial === undefined || denial === '' ? '' : ` (this one is called ${denial}${at ? `, at ${at}` : ''})`;
  return {
    title: `A deny assignment forbids ${input.target.appName} to pull from ${input.target.registry}`,
    advice: `Deny assignments win over every role. They come from deployment stacks and managed applications${named}: change them there, a role will not help. No command or Bicep of your own can delete one.`,
    commands: [
      { title: 'List the deny assignments', language: 'az', text: `az rest --method get --url ${shellWord(url)}` },
    ],
    verify: verifyPull(input),
    undo: onlyReads,
  };
}

/** The registry takes no tokens of the kind that Container Apps pulls with. */
export function armAudienceDisabled(input: RunbookInput): RunbookText {
  const options = registryOptions(input, '--registry');
  const set = (status: string): string => `az acr config authentication-as-arm update ${options} --status ${status}`;
  const bicep = `// For properties.policies in the template of the registry.
var policies = {
  azureADAuthenticationAsArmPolicy: { status: 'enabled' }
}`;
  return {
    title: `${input.target.registry} refuses tokens with the ARM audience`,
    advice:
      'Container Apps pulls with such tokens. The policy azureADAuthenticationAsArmPolicy is switched off; decide whether it can be on.',
    commands: [
      { title: 'Accept tokens with the ARM audience', language: 'az', text: set('enabled') },
      { title: 'Accept tokens with the ARM audience', language: 'bicep', text: bicep },
    ],
    verify: `az acr config authentication-as-arm show ${options}`,
    undo: set('disabled'),
  };
}
