// The runbook of a container group that Azure refused to create, where no check explains why: what is left to look at, and how to deploy again.

import { registryOf } from '../evidence/evidence.ts';
import { isDockerHub } from '../words/docker-hub.ts';
import { valueOf } from '../words/fact.ts';
import { parseImageRef } from '../words/image-ref.ts';
import { isAzureRegistry } from '../words/registry-host.ts';
import { answer, inRegistry, nextTry } from './answer.ts';
import { keepCopy } from './own-copy.ts';
import { assignRole, pullRoleName } from './roles.ts';
import type { Command, RunbookInput, RunbookText } from './runbook.ts';
import { appOptions, serverOf, serverWord, shellWord, wordOr } from './runbook.ts';

/** `evidence`: a sentence with everything that was found; begins with a space where there is something. */
export function refusedCreate(input: RunbookInput, evidence: string): RunbookText {
  return answer(input, {
    title: `Azure refused to create ${input.target.appName}, because it cannot get the image`,
    advice: `Azure says the same of an image that is not there, of a sign-in that the registry refuses and of a registry that does not let the workload in. It keeps nothing of the write that tells how it was to sign in.${sayImage(input)}${saySignIn(input)} ${nextTry(input)}`,
    more: evidence,
    commands: [...listTags(input), ...withIdentity(input), withPassword(input), ...keepCopy(input)],
    undo: 'Take the role from the identity again if it was not the cause. What was deployed can be deleted.',
  });
}

/** What is known of the image and of the way to its registry. */
function sayImage({ target, evidence, diagnosis }: RunbookInput): string {
  if (valueOf(evidence.manifest)?.state === 'exists')
    return diagnosis.network === 'allows'
      ? ' The registry has the image and lets the platform in, so that the sign-in is left.'
      : ' The registry has the image.';
  if (isAzureRegistry(target.registry))
    return ' Whether the registry has the image, pullmedic could not ask: look at that first.';
  const limit = isDockerHub(target.registry) ? ' Docker Hub limits pulls without an account as well.' : '';
  return ` Whether ${serverOf({ target }) ?? 'its registry'} has the image, pullmedic cannot ask: check its spelling first.${limit}`;
}

/** What each way to sign in needs. */
function saySignIn({ evidence }: RunbookInput): string {
  const registry = registryOf(evidence);
  if (registry === undefined) return ' A private image needs a user name and a password that is good.';
  const admin = registry.adminUser === false ? ' (not that of the admin user, which is switched off)' : '';
  const anonymous = registry.anonymousPull === false ? ' Without either the registry gives out no image.' : '';
  return ` A user-assigned identity needs the role ${pullRoleName(registry)} on the registry; a user name needs a password that is good${admin}.${anonymous}`;
}

function listTags(input: RunbookInput): Command[] {
  if (valueOf(input.evidence.manifest)?.state === 'exists') return [];
  const repository = wordOr(parseImageRef(input.target.image)?.repository, 'REPOSITORY');
  return inRegistry(input, {
    title: 'See whether the registry has the image',
    command: 'az acr repository show-tags',
    more: ` --repository ${repository} --orderby time_desc --top 10 --output table`,
  });
}

function withIdentity(input: RunbookInput): Command[] {
  const registry = registryOf(input.evidence);
  if (registry === undefined) return [];
  const grant = assignRole('"$PRINCIPAL"', shellWord(pullRoleName(registry)), shellWord(registry.id));
  return [
    {
      title: 'If it signs in with an identity: give that identity the role',
      language: 'az',
      text: `PRINCIPAL=$(az identity show --ids IDENTITY_ID --query principalId --output tsv)\n${grant}`,
    },
    {
      title: 'Then deploy it again with that identity (or run your pipeline)',
      language: 'az',
      text: `az containerapp registry set ${appOptions(input)} --server ${serverWord(input)} --identity IDENTITY_ID`,
    },
  ];
}

/** The password is read from the keyboard, so that it stands in no command. */
function withPassword(input: RunbookInput): Command {
  return {
    title: 'If it signs in with a user name: deploy it again with a password that is good (or run your pipeline)',
    language: 'az',
    text: `read -rs NEW\naz containerapp registry set ${appOptions(input)} --server ${serverWord(input)} --username USER --password "$NEW"`,
  };
}
