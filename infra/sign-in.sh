#!/usr/bin/env bash
# Makes the app registration with which people and alerts sign in, and connects it to the deployed app. Safe to repeat.
#   sign-in.sh register NAME                          before the deployment; prints the two ids that infra/main.bicep asks for
#   sign-in.sh connect NAME HOST IDENTITY_PRINCIPAL   after it; the two values are outputs of the deployment
#   sign-in.sh owner NAME OBJECT_ID                   makes a person or a pipeline (its service principal) an owner of the registration
#   sign-in.sh remove NAME
# Needs az 2.68.0 or later, signed in as a person who may register applications and assign app roles. No secret is made: the app proves
# who it is with its managed identity. Azure takes an action group with this sign-in only from an owner of the registration, so whoever
# deploys infra/ has to be one.
set -euo pipefail

least_az=2.68.0 # the first with `az ad app update --requested-access-token-version`
action_group=461e8683-5575-4561-ac7f-899cc907d62a # the application with which action groups call, in every tenant
azure_cli=04b07795-8ddb-461a-bbee-02f9e1bf7b46 # the application Microsoft Azure CLI, in every tenant: it gets the tokens of people
reader=6b6f3c1e-90a4-4c7e-9d0a-4b7d3d1a2f01
operator=6b6f3c1e-90a4-4c7e-9d0a-4b7d3d1a2f02
alerts=6b6f3c1e-90a4-4c7e-9d0a-4b7d3d1a2f03
impersonation=6b6f3c1e-90a4-4c7e-9d0a-4b7d3d1a2f04
graph=https://graph.microsoft.com/v1.0
pause=${PULLMEDIC_RETRY_SECONDS:-10}
errors=$(mktemp)
trap 'rm -f "$errors" "$errors.sp"' EXIT

usage() {
  sed -n '2,9p' "$0" | sed 's/^# \{0,1\}//'
  exit 2
}

need_az() {
  local have
  have=$(az version --query '"azure-cli"' --output tsv)
  if [ "$(printf '%s\n%s\n' "$least_az" "$have" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)" != "$least_az" ]; then
    echo "This needs az $least_az or later, and this is $have. Run: az upgrade" >&2
    exit 1
  fi
}

# Runs a command of az, and again while Entra says that an object is not there: parts of it learn of a new object a minute later. Any
# other error counts at once.
again() {
  local try
  for try in 1 2 3 4 5 6 7 8; do
    if "$@" 2>"$errors"; then return 0; fi
    if [ "$try" = 8 ] || ! grep -qiE 'does not exist|not ?found|does not reference a valid|could not be found' "$errors"; then break; fi
    sleep "$pause"
  done
  cat "$errors" >&2
  return 1
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
"oauth2PermissionScopes":[{"id":"$impersonation","value":"user_impersonation","type":"User","isEnabled":true,"adminConsentDisplayName":"Use pullmedic","adminConsentDescription":"Calls pullmedic as the signed-in person.","userConsentDisplayName":"Use pullmedic","userConsentDescription":"Calls pullmedic as you."}]
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

existing_app_of() {
  local found
  found=$(app_of "$1") || exit 1
  if [ -z "$found" ]; then
    echo "There is no app registration named $1. Run first: sign-in.sh register $1" >&2
    exit 1
  fi
  printf '%s' "$found"
}

service_principal() {
  az ad sp show --id "$1" --query id --output tsv 2>/dev/null && return
  again az ad sp create --id "$1" --query id --output tsv 2>"$errors.sp" && return
  # One that was just made is not shown yet, and cannot be made again either.
  if grep -qi 'already in use' "$errors.sp"; then again az ad sp show --id "$1" --query id --output tsv; else
    cat "$errors.sp" >&2
    return 1
  fi
}

register() {
  local app object own caller given
  app=$(app_of "$1")
  if [ -z "$app" ]; then
    app=$(az ad app create --display-name "$1" --sign-in-audience AzureADMyOrg --query appId --output tsv)
  fi
  object=$(again az ad app show --id "$app" --query id --output tsv)
  again az ad app update --id "$app" --identifier-uris "api://$app" --app-roles "$(roles)" --requested-access-token-version 2 \
    --enable-id-token-issuance true
  # In two requests: a scope has to exist before an application can be allowed to ask for it.
  again az rest --method patch --url "$graph/applications/$object" --output none \
    --body "{\"api\":{\"requestedAccessTokenVersion\":2,$(scopes)}}"
  again az rest --method patch --url "$graph/applications/$object" --output none \
    --body "{\"api\":{\"requestedAccessTokenVersion\":2,$(scopes),\"preAuthorizedApplications\":[{\"appId\":\"$azure_cli\",\"delegatedPermissionIds\":[\"$impersonation\"]}]}}"
  own=$(service_principal "$app")
  caller=$(service_principal "$action_group")
  # Only who was given a role gets a token at all.
  again az ad sp update --id "$own" --set appRoleAssignmentRequired=true
  given=$(again az rest --url "$graph/servicePrincipals/$own/appRoleAssignedTo" --query 'value[].principalId' --output tsv)
  if ! printf '%s\n' "$given" | grep -qi "^$caller\$"; then
    again az rest --method post --url "$graph/servicePrincipals/$own/appRoleAssignedTo" --output none \
      --body "{\"principalId\":\"$caller\",\"resourceId\":\"$own\",\"appRoleId\":\"$alerts\"}"
  fi
  echo "PULLMEDIC_SIGN_IN_CLIENT_ID=$app"
  echo "PULLMEDIC_SIGN_IN_OBJECT_ID=$object"
}

connect() {
  local app tenant subjects
  app=$(existing_app_of "$1")
  tenant=$(az account show --query tenantId --output tsv)
  again az ad app update --id "$app" --web-redirect-uris "https://$2/.auth/login/aad/callback"
  subjects=$(again az ad app federated-credential list --id "$app" --query '[].subject' --output tsv)
  if ! printf '%s\n' "$subjects" | grep -qi "^$3\$"; then
    again az ad app federated-credential create --id "$app" --output none --parameters \
      "{\"name\":\"pullmedic\",\"issuer\":\"https://login.microsoftonline.com/$tenant/v2.0\",\"subject\":\"$3\",\"audiences\":[\"api://AzureADTokenExchange\"]}"
  fi
}

owner() {
  local app owners
  app=$(existing_app_of "$1")
  owners=$(again az ad app owner list --id "$app" --query '[].id' --output tsv)
  if ! printf '%s\n' "$owners" | grep -qi "^$2\$"; then
    again az ad app owner add --id "$app" --owner-object-id "$2"
  fi
}

remove() {
  local app
  app=$(app_of "$1")
  if [ -n "$app" ]; then az ad app delete --id "$app"; fi
}

case "${1:-} $#" in
  'register 2') need_az; register "$2" ;;
  'connect 4') need_az; connect "$2" "$3" "$4" ;;
  'owner 3') need_az; owner "$2" "$3" ;;
  'remove 2') need_az; remove "$2" ;;
  *) usage ;;
esac
