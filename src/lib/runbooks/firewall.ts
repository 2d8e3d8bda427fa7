// The runbook for the registry's own firewall.
import { isWriteRejected, registryOf } from '../evidence/evidence.ts';
import { kindOf } from '../workloads/workloads.ts';
import { trustedServiceNeeded } from './groups.ts';
import type { RunbookInput, RunbookText } from './runbook.ts';
import { bicepString, registryOptions, verifyPull, wordOr } from './runbook.ts';

/** The registry's network rules leave out the address by which the app leaves, or the platform that pulls for it. */
export function registryFirewall(input: RunbookInput): RunbookText {
  switch (kindOf(input.target.appId).pullsFrom) {
    case 'its-network':
      return addressRefused(input);
    case 'platform':
      return trustedServiceNeeded(input);
  }
}

function addressRefused(input: RunbookInput): RunbookText {
  const { detail } = input.diagnosis;
  const ip = detail['ip'] || detail['refusedIp'];
  const rule = (verb: string): string =>
    `az acr network-rule ${verb} ${registryOptions(input)} --ip-address ${wordOr(ip, 'ADDRESS')}`;
  const advice =
    ip === undefined
      ? 'The registry refused the address that the environment leaves by, and the log does not name it. Add an IP rule for that address, or give the environment a private endpoint.'
      : `The registry refused the address ${ip}. Add an IP rule for it, or give the environment a private endpoint. ${whoseAddress(input)}`;
  return {
    title: `The firewall of ${input.target.registry} refuses ${input.target.appName}`,
    advice,
    commands:
      ip === undefined
        ? [{ title: 'Let the address in', language: 'az', text: rule('add') }]
        : [
            { title: `Let ${ip} in`, language: 'az', text: rule('add') },
            { title: `Let ${ip} in`, language: 'bicep', text: ipRulesBicep(input, ip) },
          ],
    verify: verifyPull(input),
    undo: rule('remove'),
  };
}

/** Before Azure makes a revision, it tries the image itself: nothing of the environment has asked by then. */
function whoseAddress({ target, evidence }: RunbookInput): string {
  return isWriteRejected(target, evidence)
    ? 'Azure rejected the write before a revision was made, so the address may be one of Azure’s own. Those can change, and then a rule for it does not last.'
    : 'It is the address by which the environment (or its firewall or NAT gateway) leaves.';
}

/** The whole list, because a deployment of the registry replaces it. */
function ipRulesBicep(input: RunbookInput, ip: string): string {
  const rules = [...new Set([...(registryOf(input.evidence)?.ipRules ?? []), ip])];
  return `// For properties.networkRuleSet.ipRules in the template of the registry: a deployment replaces the whole list.
var ipRules = [
${rules.map((rule) => `  { action: 'Allow', value: ${bicepString(rule)} }`).join('\n')}
]`;
}
