// An account that may sign in to a registry and may not read the repository: a new password changes nothing.
import { signsInAs } from '../diagnosis/credentials.ts';
import { logSays } from '../diagnosis/text-claims.ts';
import { valueOf } from '../words/fact.ts';
import { parseImageRef } from '../words/image-ref.ts';
import { restartWithIt } from './restart.ts';
import type { Command, RunbookInput } from './runbook.ts';
import { registryOptions, shellWord, wordOr } from './runbook.ts';

interface Lacking {
  readonly advice: string;
  readonly commands?: readonly Command[];
  readonly undo?: string;
}

/** The answer where the text says that the account lacks a right, or where everything that can be read of its token is right; else `undefined`. */
export function rightLacking(input: RunbookInput): Lacking | undefined {
  const { target, evidence } = input;
  const who = signsInAs(target, evidence);
  const token = who?.as === 'token' && valueOf(evidence.token) !== undefined ? who.token : undefined;
  const lacks = input.diagnosis.for.some(({ code }) => code === 'right-lacking');
  if (token !== undefined)
    return {
      advice: `The app signs in with the token ${token} of the registry, which is enabled and whose passwords have not expired. ${lacks ? 'The log says that the right on the repository is missing: the' : 'Either the app has another password, or the'} scope map of the token leaves the repository out.`,
      commands: widenScopeMap(input, token),
      undo: 'Take the repository out of the scope map again.',
    };
  if (lacks && asksForOrganisation(input)) return authoriseForOrganisation(input);
  if (lacks && lacksScope(input))
    return {
      advice: `The token of the app may sign in and was made without the scope that reading packages needs: make a new one with the scope read:packages, and give it to the app.`,
    };
  return lacks
    ? {
        advice: `The registry knows the account of the app and refuses it this repository: the account lacks a right there, so that a new password alone changes nothing. Let the account read the repository, or set up one that may.`,
      }
    : undefined;
}

/** GitHub's words for an organisation with SAML single sign-on (GitHub, "Authorizing a personal access token for use with SAML single sign-on"). */
function asksForOrganisation({ target, evidence }: RunbookInput): boolean {
  return logSays(
    target,
    evidence,
    /grant your (?:OAuth|personal access) token access|\bSAML (?:SSO|enforcement|single sign-on)\b/i,
  );
}

/** GitHub's words for a token that lacks a scope (public reports; the scopes: GitHub, "About permissions for GitHub Packages"). */
function lacksScope({ target, evidence }: RunbookInput): boolean {
  return logSays(target, evidence, /token provided does not match expected scopes/i);
}

/** The token stays, so nothing on the app changes. */
function authoriseForOrganisation(input: RunbookInput): Lacking {
  const commands = restartWithIt(input);
  return {
    advice: `The token of the app is good, and its organisation asks for single sign-on: let the owner of the token authorize it for the organisation (GitHub, Settings, Developer settings, Personal access tokens, Configure SSO). The same token works then.${commands.length === 0 ? ' There is no command for this.' : ''}`,
    commands,
    undo: 'Take the authorization of the token back in the same place.',
  };
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
