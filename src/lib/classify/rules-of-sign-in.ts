// Rules about signing in: no token for the identity, or a registry that rejects the caller.

import type { Rule } from './rule.ts';

export const identity: readonly Rule[] = [
  {
    name: 'aca-managed-identity',
    means: 'Container Apps control plane: it got nothing for this identity; the cause behind it is hidden',
    label: 'identity-token',
    needs: 'nothing',
    pattern: /unable to pull image using managed identity/i,
  },
  {
    name: 'registry-secret-missing',
    means: 'Container Apps, ACI, kubelet: the secret or the identity that a registry entry names does not exist',
    label: 'identity-token',
    needs: 'nothing',
    pattern:
      /ContainerAppRegistriesPasswordSecretRefNotFound|InvalidImageRegistry(?:Identity|CredentialType)|AmbiguousImageRe[a-z]{3,8}ryCredentialType|FailedToRetrieveImagePullSecret|unable to retrieve some image pull secrets|\bimage ?pull ?secrets? ['"]?[\w.-]{1,253}['"]? (?:(?:is |was )?(?:not found|missing)|does not exist)|(?:registry|registries)(?:(?!secret ?ref)[^.]){0,120}secret ?ref[^.]{0,120}not found|PasswordSecretRef[^.]{0,120}not found|secret(?: ?ref)? ['"]?[^'"\s]{1,253}['"]? (?:(?:is |that is )?defined for|(?:is |that is )?referenced by) (?:the )?registr(?:y|ies)\b/i,
  },
  {
    name: 'entra-error',
    means: 'Microsoft Entra: it refused to issue a token, so no registry was asked',
    label: 'identity-token',
    needs: 'registry',
    pattern: /\bAADSTS\d{4,8}\b|adal: refresh request failed|\binvalid_client\b|\bunauthorized_client\b/i,
  },
  {
    name: 'token-endpoint-unreachable',
    means: 'credential helpers: the metadata service or the sign-in service did not answer',
    label: 'identity-token',
    needs: 'registry',
    pattern:
      /\b169\.254\.169\.254\b|login\.(?:microsoftonline\.com|windows\.net|chinacloudapi\.cn|microsoftonline\.us)|metadata\.google\.internal|\bimds\b|\/metadata\/identity\//i,
  },
  {
    name: 'metadata-of-aws',
    means: 'AWS SDK: no role of the machine, hence no token for ECR',
    label: 'identity-token',
    needs: 'nothing',
    pattern: /\becr: failed to get authorization token|operation error ECR: GetAuthorizationToken/i,
  },
  {
    name: 'sign-in-of-acr-helper',
    means: 'ACR credential helper: Entra refused the sign-in that comes before the registry token',
    label: 'identity-token',
    needs: 'nothing',
    pattern: /failed to refresh ARM access token/i,
  },
  {
    name: 'identity-absent',
    means: 'Azure identity libraries and Container Apps: the identity does not exist or is not assigned here',
    label: 'identity-token',
    needs: 'registry',
    pattern:
      /\bidentity\b(?:[^.{}]|\.(?=\w)){0,200}(?:not found|not (?:been )?assigned|does ?n[o']t exist|is not associated|no longer exists)|no (?:default |managed |user[- ]assigned |system[- ]assigned )?identity (?:endpoint |is |was |has |)(?:found|assigned|been)|no managed identity|(?:DefaultAzure|ManagedIdentity|WorkloadIdentity|ChainedToken|AzureCLI)Credential|no azure identity found/i,
  },
  {
    name: 'token-not-obtained',
    means: 'credential providers: they could not get a token for the registry',
    label: 'identity-token',
    needs: 'registry',
    pattern:
      /(?:fail(?:ed|ure)|unable|could not|cannot) (?:to )?(?:get|acquire|retrieve|obtain|refresh|fetch|request)\w{0,3} (?:an? |the )?(?:[\w-]{1,20} ){0,3}?(?:managed identity|msi|aad|entra|azure ad|access|arm|refresh) (?:access )?tokens?\b|failed to acquire (?:a )?token|\bno (?:identity|access|refresh|arm|aad|entra) token (?:was|is) (?:returned|issued|received)|sign in to AAD failed|failed to get credentials? from azure|(?:failed|unable) to retrieve credentials? for (?:the )?(?:container )?registry|acr[ -]credential[ -]provider|\bmanaged ?identity\b[^.]{0,40}token request failed|exec(?:ing)? (?:credential provider )?plugin|getting credentials? from external registry credential provider|(?:error|fail(?:ed|ure)|unable|could not|cannot) (?:to )?(?:get|acquir|retriev|obtain|refresh|fetch|request)\w{0,4} (?:an? |the )?(?:acr|registry) (?:access |refresh )?(?:tokens?|credentials?) for (?:the )?image\b/i,
  },
  {
    name: 'credentials-of-cloud',
    means: 'the libraries of AWS and Google: the machine has no account to ask for a token with',
    label: 'identity-token',
    needs: 'registry',
    pattern:
      /\bNoCredentialProviders\b|\bno valid providers in chain\b|\bunable to locate credentials\b|\bcould not find default credentials\b|\bGCE metadata "[^"]{1,200}" not defined\b/i,
  },
  {
    name: 'credential-helper',
    means: 'docker, go-containerregistry: the local credential helper failed or has nothing',
    label: 'identity-token',
    needs: 'nothing',
    pattern:
      /error getting credentials - err|credentials not found in native keychain|docker-credential-[\w.-](?:(?!docker-credential-).){0,119}(?:executable file not found|resolves to executable|exited|not installed|exit status)/i,
  },
  {
    name: 'credential-helper-beside-registry',
    means: 'docker, skopeo: the same in words that Git and other programs write of their own credentials',
    label: 'identity-token',
    needs: 'registry',
    pattern: /unable to find .{0,40}credential helper|failed to get credentials for "/i,
  },
];

export const rejected: readonly Rule[] = [
  {
    name: 'pull-access-denied',
    means: 'Docker Hub and its clients: the repository is private, or does not exist; both look alike from outside',
    label: 'unauthorized',
    needs: 'nothing',
    pattern:
      /pull access denied(?! for (?:the )?(?:repository|project|branch|group)\b)|may require ['"]?docker login|error response from daemon: (?:unauthorized|denied)\b/i,
  },
];

export const rejectedToo: readonly Rule[] = [
  {
    name: 'authentication-required',
    means:
      'ACR and others: no credentials, or credentials without the right to pull; ACR also says it for a missing tag',
    label: 'unauthorized',
    needs: 'nothing',
    pattern:
      /unauthorized: authentication required|UNAUTHORIZED: authentication required|aka\.ms\/acr\/authorization|(?:denied: |DENIED["',: ]{1,6}message["': ]{1,6})requested access to the resource is denied|no basic auth credentials|basic credential not found|credential required for basic auth|authorization server did not include a token|not authorized to perform: ecr|permission "?artifactregistry\.(?:repositories\.download|docker)|application not registered with AAD|Unable to get admin user credentials with message|nable to authenticate using AAD or admin login|must have permission to read the image|CONNECTIVITY_(?:AAD_LOGIN|REFRESH_TOKEN|ACCESS_TOKEN)_ERROR/,
  },
  {
    name: 'acr-exchange-refused',
    means: 'Container Apps control plane and az: ACR did not accept the token of the identity',
    label: 'unauthorized',
    needs: 'nothing',
    pattern:
      /token exchange endpoint returned error status: 40[13]\b|access to registry .{1,120} was denied\. response code: 40[13]/i,
  },
  {
    name: 'credentials-rejected',
    means: 'registries: the user, password, token or scope is wrong',
    label: 'unauthorized',
    needs: 'registry',
    pattern:
      /authentication required|requires authentication|pull access denied|requested access to the resource is denied|may require authorization|access to the requested resource is not authorized|your authorization token has expired|unable to retrieve auth token|permission "?artifactregistry\.|insufficient_scope|insufficient scope|authorization failed|authorization required|token validation failed|incorrect username or password|invalid username\/password|wrong username or password|bad credentials|http basic: access denied|invalid_token|invalid token|token (?:has )?expired|expired token|authentication (?:is )?required|authentication failed|not logged in|no credentials|anonymous (?:pulls?|access|users?|requests?) (?:is |are )?(?:disabled|not allowed|only allowed|not permitted)|permission_denied|unauthenticated request|insufficient (?:privileges|permissions)|(?:is )?not authorized\b|(?<!not found or )access denied|denied: |AccessDenied\w{0,12}|project .{1,80} is private/i,
  },
  {
    name: 'status-401-403',
    means: 'the registry or its token service answered 401 or 403',
    label: 'unauthorized',
    needs: 'registry',
    pattern:
      /\b40[13] ?[:-]? ?(?:unauthorized|forbidden)|(?:status|code|http|returned)[ :=("']{1,4}40[13]\b|(?<!image failed with )\bunauthorized\b(?! to access image)|\bforbidden\b|fetch (?:oauth|anonymous) token.{0,300}: 40\d\b|: denied\b/i,
  },
  {
    name: 'platform-unauthorized',
    means:
      'Container Apps, App Service: their own word for a refused pull, printed also for a missing DNS link; anything more precise wins',
    label: 'unauthorized',
    needs: 'nothing',
    pattern:
      /pull image failed with unauthorized|image pull failed with unauthorized|unauthorized to access image|ImagePullUnauthorized/i,
  },
];
