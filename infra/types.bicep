// The shapes of the parameters. They follow src/lib/settings/config.ts, which refuses what it does not know.

@export()
@description('A registry that is opted in. consumers: resource groups, environments or user-assigned identities that may be granted on it; an empty list means nobody.')
@sealed()
type registryType = {
  id: string
  consumers: string[]
  grantWhenNetworkUnknown: bool?
}

@export()
@description('A workspace with system logs of container apps, and which of the two tables they are in.')
@sealed()
type workspaceType = {
  id: string
  location: string
  table: 'ContainerAppSystemLogs' | 'ContainerAppSystemLogs_CL'
}

@export()
@sealed()
type limitsType = {
  grantsPerTargetPerDay: int?
  restartsPerTargetPerDay: int?
  recurrencesPerWeek: int?
  grantsPerHour: int?
  unprovenGrants: int?
  maxApps: int?
  slowStartGrants: int?
  slowStartMinutes: int?
}

@export()
@description('The app registration with which people and alerts sign in (infra/sign-in.sh makes it).')
@sealed()
type signInType = {
  clientId: string
  objectId: string
}
