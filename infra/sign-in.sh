#!/usr/bin/env bash
# Makes the app registration with which people and alerts sign in, and connects it to the deployed app. Safe to repeat.
#   sign-in.sh register NAME                          before the deployment; prints the two ids that infra/main.bicep asks for
#   sign-in.sh connect NAME HOST IDENTITY_PRINCIPAL   after it; the two values are outputs of the deployment
#   sign-in.sh remove NAME
# Needs az, signed in as somebody who may register applications and assign app roles. No secret is made: the app proves who it is
# with its managed identity.
set -euo pipefail

action_group=461e8683-5575-4561-ac7f-899cc907d62a # the application with which action groups call, in every tenant
azure_cli=04b07795-8ddb-461a-bbee-02f9e1bf7b46 # the application Microsoft Azure CLI, in every tenant: it gets the tokens of people
reader=6b6f3c1e-90a4-4c7e-9d0a-4b7d3d1a2f01
operator=6b6f3c1e-90a4-4c7e-9d0a-4b7d3d1a2f02
alerts=6b6f3c1e-90a4-4c7e-9d0a-4b7d3d1a2f03
access=6b6f3c1e-90a4-4c7e-9d0a-4b7d3d1a2f04

usage() {
  sed -n '2,7p' "$0" | sed 's/^# \{0,1\}//'
  exit 2
}

roles() {
  cat <<JSON
[
  {"id":"$reader","value":"Reader","displayName":"Reader","description":"Reads the history.","allowedMemberTypes":["User"],"isEnabled":true},
  {"id":"$operator","value":"Operator","displayName":"Operator","description":"Reads the history, answers and stops.","allowedMemberTypes":["User"],"isEnabled":true},
  {"id":"$alerts","value":"ActionGroupsSecureWebhook","displayName":"ActionGroupsSecureWebhook","description":"Sends alerts.","allowedMemberTypes":["Application"],"isEnabled":true}
]
JSON
}

# The scope with which `az account get-access-token` asks for a token of this app. The token carries the roles of the person.
scopes() {
  cat <<JSON
"oauth2PermissionScopes":[{"id":"$access","value":"access","type":"User","isEnabled":true,"adminConsentDisplayName":"Use pullmedic","adminConsentDescription":"Calls pullmedic as the signed-in person.","userConsentDisplayName":"Use pullmedic","userConsentDescription":"Calls pullmedic as you."}]
JSON
}

app_of() {
  local found
  found=$(az ad app list --filter "displayName eq '$1'" --query '[].appId' --output tsv)
  if [ "$(printf '%s' "$found" | grep -c .)" -gt 1 ]; then
    echo "There is more than one app registration named $1. Take another name." >&2
    exit 1
  fi
  printf '%s' "$found"
}

service_principal() {
  az ad sp show --id "$1" --query id --output tsv 2>/dev/null || az ad sp create --id "$1" --query id --output tsv
}

register() {
  local app object own caller
  app=$(app_of "$1")
  if [ -z "$app" ]; then
    app=$(az ad app create --display-name "$1" --sign-in-audience AzureADMyOrg --query appId --output tsv)
  fi
  object=$(az ad app show --id "$app" --query id --output tsv)
  az ad app update --id "$app" --identifier-uris "api://$app" --app-roles "$(roles)" --requested-access-token-version 2 \
    --enable-id-token-issuance true
  # In two requests: a scope has to exist before an application can be allowed to ask for it.
  az rest --method patch --url "https://graph.microsoft.com/v1.0/applications/$object" --output none \
    --body "{\"api\":{\"requestedAccessTokenVersion\":2,$(scopes)}}"
  az rest --method patch --url "https://graph.microsoft.com/v1.0/applications/$object" --output none \
    --body "{\"api\":{\"requestedAccessTokenVersion\":2,$(scopes),\"preAuthorizedApplications\":[{\"appId\":\"$azure_cli\",\"delegatedPermissionIds\":[\"$access\"]}]}}"
  own=$(service_principal "$app")
  caller=$(service_principal "$action_group")
  # Only who was given a role gets a token at all.
  az ad sp update --id "$own" --set appRoleAssignmentRequired=true
  if ! az rest --url "https://graph.microsoft.com/v1.0/servicePrincipals/$own/appRoleAssignedTo" --query 'value[].principalId' --output tsv | grep -q "$caller"; then
    az rest --method post --url "https://graph.microsoft.com/v1.0/servicePrincipals/$own/appRoleAssignedTo" --output none \
      --body "{\"principalId\":\"$caller\",\"resourceId\":\"$own\",\"appRoleId\":\"$alerts\"}"
  fi
  echo "PULLMEDIC_SIGN_IN_CLIENT_ID=$app"
  echo "PULLMEDIC_SIGN_IN_OBJECT_ID=$object"
}

connect() {
  local app tenant
  app=$(app_of "$1")
  tenant=$(az account show --query tenantId --output tsv)
  az ad app update --id "$app" --web-redirect-uris "https://$2/.auth/login/aad/callback"
  if ! az ad app federated-credential list --id "$app" --query '[].subject' --output tsv | grep -qi "$3"; then
    az ad app federated-credential create --id "$app" --output none --parameters \
      "{\"name\":\"pullmedic\",\"issuer\":\"https://login.microsoftonline.com/$tenant/v2.0\",\"subject\":\"$3\",\"audiences\":[\"api://AzureADTokenExchange\"]}"
  fi
}

remove() {
  local app
  app=$(app_of "$1")
  if [ -n "$app" ]; then az ad app delete --id "$app"; fi
}

case "${1:-} $#" in
  'register 2') register "$2" ;;
  'connect 4') connect "$2" "$3" "$4" ;;
  'remove 2') remove "$2" ;;
  *) usage ;;
esac
