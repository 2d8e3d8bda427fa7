// An account that may sign in to a registry and may not read the repository: a new password changes nothing.
import { signsInAs } from '../diagnosis/credentials.ts';
import { valueOf } from '../words/fact.ts';
import { parseImageRef } from '../words/image-ref.ts';
import type { Command, RunbookInput } from './runbook.ts';
import { registryOptions, shellWord, wordOr } from './runbook.ts';

/** The answer where the text says that the account lacks a right, or where everything that can be read of its token is right; else `undefined`. */
export function rightLacking(
  input: RunbookInput,
): { readonly advice: string; readonly commands?: readonly Command[] } | undefined {
  const { target, evidence } = input;
  const who = signsInAs(target, evidence);
  const token = who?.as === 'token' && valueOf(evidence.token) !== undefined ? who.token : undefined;
  const lacks = input.diagnosis.for.some(({ code }) => code === 'right-lacking');
  if (token !== undefined)
    return {
      advice: `The app signs in with the token ${token} of the registry, which is enabled and whose passwords have not expired. ${lacks ? 'The log says that the right on the repository is missing: the' : 'Either the app has another password, or the'} scope map of the token leaves the repository out.`,
      commands: widenScopeMap(input, token),
    };
  return lacks
    ? {
        advice: `The registry knows the account of the app and refuses it this repository: the account lacks a right there, so that a new password alone changes nothing. Let the account read the repository, or set up one that may.`,
      }
    : undefined;
}

function widenScopeMap(input: RunbookInput, token: string): Command[] {
  const registry = registryOptions(input, '--registry');
  const repository = wordOr(parseImageRef(input.target.image)?.repository, 'REPOSITORY');
  return [
    {
      title: 'See which scope map the token has: its name is the last part',
      language: 'az',
      text: `az acr token show --name ${shellWord(token)} ${registry} --query scopeMapId --output tsv`,
    },
    {
      title: 'See which repositories it names; put that name in place of SCOPE_MAP',
      language: 'az',
      text: `az acr scope-map show --name SCOPE_MAP ${registry} --query actions`,
    },
    {
      title: 'If this repository is not among them: add it',
      language: 'az',
      text: `az acr scope-map update --name SCOPE_MAP ${registry} --add-repository ${repository} content/read metadata/read`,
    },
  ];
}
