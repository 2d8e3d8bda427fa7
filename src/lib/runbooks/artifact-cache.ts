// Runbook for an image that the registry itself fetches from another one, by a cache rule.
import type { CacheFault } from '../diagnosis/artifact-cache.ts';
import { cacheFault, cacheRuleFor, upstreamOf } from '../diagnosis/artifact-cache.ts';
import { repositoryOf } from '../evidence/evidence.ts';
import type { CacheRuleFacts } from '../evidence/registry-facts.ts';
import { parseImageRef } from '../words/image-ref.ts';
import { answer } from './answer.ts';
import { assignRole } from './roles.ts';
import type { Command, RunbookInput, RunbookText } from './runbook.ts';
import { registryOptions, shellWord } from './runbook.ts';

/** The registry cannot fetch the image from the registry that it caches. */
export function artifactCacheFailed(input: RunbookInput): RunbookText {
  const { target, evidence } = input;
  const rule = cacheRuleFor(target, evidence);
  const fault = cacheFault(target, evidence);
  const source = rule === undefined ? 'another registry' : upstreamOf(rule, repositoryOf(target));
  return answer(input, {
    title: `${target.registry} cannot fetch the image of ${target.appName} from ${source}`,
    advice: `${sayRule(rule)} ${sayFault(fault, rule)} No role of the app helps. Until the fault is put right, a copy that you import keeps the app running.`,
    commands: [...repair(input, fault, rule), ...importCopy(input, rule)],
    undo: fault === 'trusted-services-off' ? trust(input, false) : 'The copy in your registry can stay.',
  });
}

function sayRule(rule: CacheRuleFacts | undefined): string {
  return rule === undefined
    ? 'The registry keeps copies of images of another registry by a cache rule, and could not fetch this one.'
    : `The cache rule ${rule.name} fetches this repository.`;
}

function sayFault(fault: CacheFault | undefined, rule: CacheRuleFacts | undefined): string {
  switch (fault) {
    case 'credentials-unhealthy':
      return `Its credentials ${rule?.credentials?.name ?? ''} are unhealthy${rule?.credentials?.error === undefined ? '' : ` (${rule.credentials.error})`}: the secret in Key Vault is wrong or has expired, or the identity of the credentials may not read it.`;
    case 'trusted-services-off':
      return 'The registry is restricted and lets no trusted service of Azure pass, so its cache cannot fetch.';
    case undefined:
      return 'The other registry refuses or limits the registry, or no longer has the image.';
  }
}

function repair(input: RunbookInput, fault: CacheFault | undefined, rule: CacheRuleFacts | undefined): Command[] {
  const at = registryOptions(input, '--registry');
  if (fault === 'trusted-services-off')
    return [{ title: 'Let trusted services pass', language: 'az', text: trust(input, true) }];
  const show = `az acr cache show ${at} --name ${rule === undefined ? 'RULE' : shellWord(rule.name)}`;
  const set = rule?.credentials?.name;
  if (set === undefined) return [{ title: 'See the rule', language: 'az', text: show }];
  return [
    {
      title: 'See which secrets of which Key Vault the credentials name, and what is wrong with them',
      language: 'az',
      text: `az acr credential-set show ${at} --name ${shellWord(set)}`,
    },
    {
      title: 'Let the identity of the credentials read the secrets (a vault with roles)',
      language: 'az',
      text: `PRINCIPAL=$(az acr credential-set show ${at} --name ${shellWord(set)} --query identity.principalId --output tsv)\n${assignRole('"$PRINCIPAL"', "'Key Vault Secrets User'", 'VAULT_ID')}`,
    },
  ];
}

function trust(input: RunbookInput, allow: boolean): string {
  return `az acr update ${registryOptions(input)} --allow-trusted-services ${allow}`;
}

/** Imports the image under the same name, so that the app need not change. */
function importCopy(input: RunbookInput, rule: CacheRuleFacts | undefined): Command[] {
  const image = parseImageRef(input.target.image);
  if (image?.tag === undefined || rule === undefined) return [];
  const source = `${upstreamOf(rule, image.repository)}:${image.tag}`;
  const text = `az acr import ${registryOptions(input)} --source ${shellWord(source)} --image ${shellWord(`${image.repository}:${image.tag}`)} --username USER --password PASSWORD`;
  return [{ title: 'Meanwhile: import the image with a sign-in of your own', language: 'az', text }];
}
