// Words in capitals in commands: values that pullmedic does not know. The advice says what to put in, and where that is found.

import type { Command } from './runbook.ts';

/** A sentence for the words that the commands have; empty where there is none, or the title of a command says what to put in. */
export function sayPlaceholders(commands: readonly Command[]): string {
  const titles = commands.map(({ title }) => title).join(' ');
  const used = new Set(commands.flatMap(({ language, text }) => (language === 'az' ? placeholdersIn(text) : [])));
  const unsaid = [...used].filter((word) => !new RegExp(String.raw`\b${word}\b`).test(titles));
  if (unsaid.length === 0) return '';
  return ` Put in what pullmedic does not know: ${unsaid.map((word) => `${word} is ${meanings[word] ?? 'yours to choose'}`).join('; ')}.`;
}

/** The words in capitals of a command. A variable of the shell is none, nor is a name that holds such a word in quotes. */
export function placeholdersIn(text: string): string[] {
  const plain = text.replaceAll(/"[^"]*"|'[^']*'|\$[A-Z]+|^[A-Z]+=|^read -rs [A-Z]+$/gm, ' ');
  return [...new Set(plain.match(/(?<![\w.-])[A-Z][A-Z_]{2,}(?![\w.-])|(?<=:)TAG\b|(?<=[= /])SUBSCRIPTION\b/g) ?? [])];
}

const meanings: Readonly<Record<string, string>> = {
  ACCOUNT: 'the name of your account',
  ADDRESS:
    'the address by which connections leave, one of “az containerapp show --query properties.outboundIpAddresses” or that of the NAT gateway or firewall before it',
  APP: 'its name',
  CONNECTION: 'the connection of the endpoint that is yours (from the list before it)',
  CREDENTIAL_SET: 'the credential set of the registry that signs in to the source',
  ENDPOINT: 'the private endpoint of the registry (az network private-endpoint list)',
  ENDPOINT_VNET: 'the VNet of the private endpoint',
  ENDPOINT_VNET_ID: 'the resource id of the VNet of the private endpoint (az network vnet list --query "[].id")',
  ENVIRONMENT: 'the environment that it runs in (az containerapp env list)',
  EXECUTION: 'an execution of the job (az containerapp job execution list)',
  GROUP: 'its resource group (az resource list --name NAME)',
  IDENTITY_ID: 'the resource id of the identity (az identity list)',
  IMAGE: 'the image to deploy, with its host and tag',
  JOB: 'the name of the job',
  NEW_TAG: 'a tag that no image of the repository has yet',
  NSG: 'the security group of the subnet (az network vnet subnet show --query networkSecurityGroup.id)',
  OLD_ADDRESS: 'the address that the record has now',
  PASSWORD: 'a token of that account that may read',
  PRINCIPAL_ID: 'the object id of the identity (az identity show --query principalId)',
  RECORD: 'the name of the record, which is the host without its domain',
  REGISTRY: 'the name of the registry (az acr list --query "[].name")',
  REGISTRY_ID: 'the resource id of the registry (az acr show --query id)',
  REPOSITORY: 'the repository of the image',
  REVISION: 'the revision that asks for the image (az containerapp revision list)',
  ROUTE_TABLE: 'the route table of the subnet (az network vnet subnet show --query routeTable.id)',
  RULE: 'the cache rule (az acr cache list)',
  SERVER: 'the host of the registry, as it stands in the image',
  SUBSCRIPTION: 'the subscription of the registry',
  SUBNET_ID: 'the resource id of a subnet for private endpoints (az network vnet subnet list --query "[].id")',
  TAG: 'the tag to deploy',
  USER: 'the user name of an account that may read the image',
  VAULT_ID: 'the resource id of the Key Vault (az keyvault show --query id)',
  VNET: 'the VNet of the environment',
  VNET_ID: 'the resource id of the VNet of the environment (az network vnet list --query "[].id")',
  ZONE_ID: 'the resource id of the private DNS zone (az network private-dns zone list --query "[].id")',
};
