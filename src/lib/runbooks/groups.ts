// Runbooks that only a container group has: it is over, or a registry lets it in only as a trusted service with an identity.

import { declaredIdentity, registryOf } from '../evidence/evidence.ts';
import { isNeverCreated } from '../evidence/over.ts';
import { withoutUserinfo } from '../words/userinfo.ts';
import { answer, nextTry } from './answer.ts';
import type { Command, RunbookInput, RunbookText } from './runbook.ts';
import { appOptions, registryOptions, serverWord, shellWord, verifyPull, wordOr } from './runbook.ts';

/** The cause is put right, and the group is over or is not tried again: only a person deploys it. */
export function groupEnded(input: RunbookInput): RunbookText {
  return answer(input, {
    title: `${input.target.appName} has to be deployed again: nothing of it would pull any more`,
    advice:
      'Nothing that was read keeps the container group from pulling now, and the platform does not try again by itself. Run your deployment of the group again. The command below names the image alone: add every other option that the group was created with (newer versions of the Azure CLI ask for --os-type, --cpu and --memory as well).',
    commands: [deployAgain(`az containerapp update ${appOptions(input)} --image ${imageWord(input)}`)],
    undo: 'Deploy the group as it was before again.',
  });
}

/**
 * The registry lets in only trusted services. Source: documentation "Allow trusted services to securely access a network-restricted container
 * registry", and "Deploy to Azure Container Instances from Azure Container Registry using a managed identity".
 */
export function trustedServiceNeeded(input: RunbookInput): RunbookText {
  if (isNeverCreated(input.evidence) && registryOf(input.evidence)?.trustedServices === true)
    return identityNeeded(input);
  const { needs } = input.diagnosis.detail;
  const bypass: Command = {
    title: 'Let trusted services of Azure pass',
    language: 'az',
    text: `az acr update ${registryOptions(input)} --allow-trusted-services true`,
  };
  const hasIdentity = declaredIdentity(input.target, input.evidence).kind === 'identity';
  const identity = hasIdentity
    ? []
    : [
        deployAgain(
          `az containerapp registry set ${appOptions(input)} --server ${serverWord(input)} --identity IDENTITY_ID`,
        ),
      ];
  return {
    title: `${input.target.registry} does not let ${input.target.appName} in`,
    advice: `The registry is restricted to networks. The platform pulls for a container group from addresses of its own, so no rule for an address lasts: the way in is that the registry lets trusted services pass${needs === 'trusted-services' ? ', which it does not,' : ''} and that a user-assigned identity pulls${hasIdentity ? '' : ', not a user name and password'}.`,
    commands: needs === 'identity' ? identity : [bypass, ...identity],
    verify: verifyPull(input),
    undo: `az acr update ${registryOptions(input)} --allow-trusted-services false`,
  };
}

/** Trusted services pass already, and what the refused write was to sign in with is not known: an identity without a role is refused too. */
function identityNeeded(input: RunbookInput): RunbookText {
  const scope = shellWord(registryOf(input.evidence)?.id ?? 'REGISTRY_ID');
  return answer(input, {
    title: `${input.target.registry} is restricted to networks, and ${input.target.appName} was refused`,
    advice: `The registry lets trusted services of Azure pass, and only with a user-assigned identity: a user name and password are refused, and so is a group that names neither. Azure does not keep what the refused write was to sign in with. If it was an identity, look whether that has a pull role on the registry. ${nextTry(input)}`,
    commands: [
      {
        title: 'List who may do what on the registry',
        language: 'az',
        text: `az role assignment list --scope ${scope} --include-inherited --output table`,
      },
      deployAgain(
        `az containerapp registry set ${appOptions(input)} --server ${serverWord(input)} --identity IDENTITY_ID`,
      ),
    ],
    undo: 'Deploy the group as it was before again.',
  });
}

/** `text`: a command of an app, which the kind of the workload spells as its own. */
function deployAgain(text: string): Command {
  return { title: 'Deploy the group again (or run your pipeline)', language: 'az', text };
}

function imageWord({ target }: RunbookInput): string {
  return wordOr(withoutUserinfo(target.image), 'IMAGE');
}
