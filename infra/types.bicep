// The shapes of the parameters. They follow src/lib/settings/config.ts, which refuses a member that it does not know.

@export()
@description('A registry that is opted in. consumers: resource groups, environments or user-assigned identities that may get the pull role on it; with an empty list pullmedic grants nothing. A user-assigned identity on the list vouches for everything that holds it; one that is not on it asks a person.')
@sealed()
type registryType = {
  id: string
  consumers: string[]
  grantWhenNetworkUnknown: bool?
}

@export()
@description('A workspace with system logs of container apps or events of container groups, and the table that holds them.')
@sealed()
type workspaceType = {
  id: string
  location: string
  table: 'ContainerAppSystemLogs' | 'ContainerAppSystemLogs_CL' | 'ContainerEvent_CL'
}

@export()
@sealed()
type limitsType = {
  grantsPerTargetPerDay: int?
  restartsPerRevisionPerDay: int?
  restartsPerAppPerDay: int?
  recurrencesPerWeek: int?
  grantsPerHour: int?
  unprovenGrants: int?
  maxApps: int?
  slowStartGrants: int?
  slowStartMinutes: int?
}

@export()
@description('The app registration that people and alerts sign in with (infra/sign-in.sh makes it).')
@sealed()
type signInType = {
  clientId: string
  objectId: string
}

@export()
@description('A system topic that exists, because Azure allows one for each source. source: /subscriptions/ID, or the id of a registry. topic: the id of the system topic.')
@sealed()
type topicType = {
  source: string
  topic: string
}

@export()
@description('An app setting whose value is a secret in a key vault. setting: its name, as the incident systems name it. secretId: the resource id of the secret, /subscriptions/.../vaults/VAULT/secrets/SECRET.')
@sealed()
type incidentSecretType = {
  setting: string
  secretId: string
}
