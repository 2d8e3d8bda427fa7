// The rule table: what each piece of software writes when a pull fails, and what it means by it. The first row that matches wins.
import type { Row } from './context.ts';
import type { Label } from './labels.ts';

/**
 * What the rest of the text must show before the row counts: `nothing` for words that only a registry or its client writes,
 * `registry` for words that any program may write, `pull` for words that mean something only where a pull failed.
 */
export type Needs = 'nothing' | 'registry' | 'pull';

/** Precedence is the order of the table: the more specific a cause is, the higher it stands. */
export interface Rule extends Row {
  readonly label: Label;
  readonly needs: Needs;
}

const refused: readonly Rule[] = [
  {
    name: 'acr-firewall',
    means: 'ACR: the network rules refuse this address; it adds where to allow it',
    label: 'firewall',
    needs: 'nothing',
    pattern:
      /CONNECTIVITY_FORBIDDEN_ERROR|client with ip ['"]?(?!address)[^'"]{1,60}['"]? is not all(?!owed to access the server)|aka\.ms\/acr\/firewall|\bdenied\b[^a-z]{0,12}(?:message)?[^a-z]{0,12}client with ip\b/i,
  },
  {
    name: 'acr-exchange-denied',
    means:
      'Container Apps control plane: ACR refused the token exchange by its network rules; missing rights would be a 401',
    label: 'firewall',
    needs: 'nothing',
    pattern: /token exchange endpoint returned error status: 403.{0,60}\bdenied\b/i,
  },
  {
    name: 'public-access-disabled',
    means: 'registries: the public endpoint is switched off',
    label: 'firewall',
    needs: 'registry',
    pattern:
      /public (?:network )?access[^.]{0,40}(?:disabled|not allowed|not permitted|denied)|not accessible (?:from|over) (?:the )?public|disabled public (?:network )?access/i,
  },
  {
    name: 'address-not-allowed',
    means: 'GitHub, Artifact Registry, Azure Firewall and proxies: a rule about where the client is refused it',
    label: 'firewall',
    needs: 'registry',
    pattern:
      /has an ip allow ?list enabled|your ip(?: address)?[^.]{0,60}(?:not (?:permitted|allowed|white-?listed)|is blocked)|vpcServiceControls|prohibited by organization's policy|\b470 status code 470|Action: Deny\.|export control regulations|\bip (?:address )?[0-9a-f.:]{3,45} (?:is )?(?:not allowed|blocked|denied|not whitelisted)/i,
  },
];

const reference: readonly Rule[] = [
  {
    name: 'kubelet-invalid-name',
    means: 'kubelet: the image field is no reference; it never asked a registry',
    label: 'invalid-reference',
    needs: 'nothing',
    pattern: /\bInvalidImageName\b|failed to apply default image tag|couldn['o ]{0,2}t parse image (?:reference|name)/i,
  },
  {
    name: 'reference-format',
    means: 'Docker, containerd, go-containerregistry: their parsers of references',
    label: 'invalid-reference',
    needs: 'nothing',
    pattern:
      /invalid (?:image )?reference format|could not parse (?:image )?reference|repository name must (?:be lowercase|have at least|not be)|repository name (?:\([^)]{1,200}\) )?must be lowercase|invalid repository name|cannot specify 64-byte hex|repository can only contain the (?:runes|characters)|registries must be valid RFC ?3986|a digest must contain exactly one|(?:tag|digest) can only contain the|strict validation requires|invalid checksum digest (?:length|format)|invalid image name\b|invalid tag format|is not a valid repository\/tag|not a valid image reference/i,
  },
  {
    name: 'reference-unqualified',
    means: 'podman, containerd: the reference lacks its host or its tag, and nothing says which to take',
    label: 'invalid-reference',
    needs: 'registry',
    pattern: /short-name .{1,200} did not resolve|object required|unsupported digest algorithm/i,
  },
  {
    name: 'short-name',
    means: 'podman: a name without a host where no default registry is configured',
    label: 'invalid-reference',
    needs: 'nothing',
    pattern: /no unqualified-search registries are defined|short-name resolution enforced/i,
  },
];

const space: readonly Rule[] = [
  {
    name: 'disk-full',
    means: 'runtimes: the disk of the node is full while a layer is written',
    label: 'no-space',
    needs: 'registry',
    pattern: /no space left on device|not enough (?:disk )?space|disk quota exceeded|insufficient disk space|enospc/i,
  },
  {
    name: 'disk-full-of-containerd',
    means: 'containerd: the suffix of an error that came over its API, so it is no program inside a container',
    label: 'no-space',
    needs: 'nothing',
    pattern: /no space left on device: unknown/i,
  },
  {
    name: 'image-too-large',
    means: 'serverless platforms: the image is above their limit',
    label: 'no-space',
    needs: 'registry',
    pattern:
      /image(?: size)?(?: is)? too (?:large|big)|image\b.{0,120}\bexceeds? (?:the )?(?:maximum|limit|allowed|size)|(?:maximum|max) image size/i,
  },
];

const throttled: readonly Rule[] = [
  {
    name: 'toomanyrequests',
    means: 'registries: the code of the distribution API for throttling',
    label: 'rate-limited',
    needs: 'nothing',
    pattern:
      /\btoomanyrequests\b|CONNECTIVITY_TOOMANYREQUESTS_ERROR|pull rate limit|registry rate limiting|\(HAP429\)|too many requests to source registry|registry pull qps|pull QPS exceeded/i,
  },
  {
    name: 'status-429',
    means: 'clients: the status, whatever its body says (HTML, `Ref A:`)',
    label: 'rate-limited',
    needs: 'registry',
    pattern:
      /\b429\b[ :-]{0,3}too many|too many requests|(?:status|code|http|error|http\/[12](?:\.[01])?)[ :=("']{1,4}429\b|: 429\b|rate(?: |_)?limit(?:ed|ing)?(?: was)? exceeded|\brate exceeded\b|exceeded (?:a |the |your )?(?:secondary )?(?:download |request )?rate|quota exceeded for quota metric|RESOURCE_EXHAUSTED|ThrottlingException|request was throttled/i,
  },
];

const platform: readonly Rule[] = [
  {
    name: 'no-platform-in-index',
    means: 'containerd, Docker, go-containerregistry, podman, ECS, Cloud Run: the index has no image for this platform',
    label: 'platform-mismatch',
    needs: 'nothing',
    pattern:
      /no match for platform|no matching manifest for|no child with platform|no image found in (?:manifest list|image index) for|image OS\/Arch?(?:itecture)? must be|no manifest (?:found )?for platform|does not match the (?:specified|expected|detected host) platform|does not provide the specified platform|found no matching entries for platform|does not contain descriptor matching platform|manifest type .{1,120} must support (?:amd64\/linux|linux\/amd64)/i,
  },
  {
    name: 'other-operating-system',
    means: 'Docker on Windows, ACI: the operating system of the image is not that of the host',
    label: 'platform-mismatch',
    needs: 'nothing',
    pattern:
      /image operating system .{1,40} cannot be used on this platform|cannot be used on this platform|OsVersionNotSupported|ImageOsTypeNotMatchContainerGroup|UnsupportedWindowsVersion|container operating system does not match the host|windows version .{1,60}based image is incompatible/i,
  },
  {
    name: 'architecture-unsupported',
    means: 'platforms: they refuse the architecture or operating system of an image',
    label: 'platform-mismatch',
    needs: 'registry',
    pattern:
      /(?:architecture|operating system|platform) (?:['"]?[\w/.-]{1,40}['"]? )?(?:of the image )?(?:is )?(?:not supported|unsupported|not compatible)|unsupported (?:os|platform|architecture|operating system)\b|OS type .{1,80} (?:of image|does not match)|exec format error/i,
  },
];

const broken: readonly Rule[] = [
  {
    name: 'schema-1',
    means: 'containerd 2, Docker, podman: the image is in the removed manifest format',
    label: 'image-invalid',
    needs: 'nothing',
    pattern:
      /distribution\.manifest\.v1\+(?:prettyjws|json)|manifest(?: version)?(?: v?2,? schema)? ?v?1\b.{0,80}(?:deprecated|removed|disabled|no longer supported|not supported)|\bunsupported (?:manifest )?schema version|schema ?1 manifests? (?:is|are)/i,
  },
  {
    name: 'media-type',
    means:
      'clients: the thing exists, and is not an image that they can run; ACR says so under the code MANIFEST_UNKNOWN',
    label: 'image-invalid',
    needs: 'nothing',
    pattern:
      /unsupported media ?type:? ["']?application\/|unsupported (?:image )?manifest\b|but (?:client|accept header) (?:accepts|does not support)|media ?type .{0,120}(?:is )?(?:not supported|no longer supported|unsupported|but client accepts)|unsupported image-specific operation|encountered remote "?(?:application|unknown)|no processor for media-type|unexpected media ?type|unsupported manifest (?:media )?type|mediaType in manifest should be|target is (?:a )?plugin|OCI index found, but/i,
  },
  {
    name: 'digest-mismatch',
    means: 'clients: the bytes are not those that the digest or the size names',
    label: 'image-invalid',
    needs: 'nothing',
    pattern:
      /failed size validation|unexpected commit digest|(?:layer|image|manifest|config) verification failed for digest|error verifying (?:sha256|size)|wrong diff id|digest (?:did not|does not) match|digest mismatch|manifest verification failed|image config verification|mismatched image rootfs|layers from manifest don't match|number of layers and diffIDs don't match|reports content size of zero|invalid rootfs in image configuration|signature validation failed|SignatureValidationFailed|MANIFEST_INVALID|manifest invalid\b|\bmanifest is (?:invalid|corrupt)|invalid manifest\b/i,
  },
  {
    name: 'content-store',
    means: 'containerd: its own store lost a blob; the registry has it',
    label: 'image-invalid',
    needs: 'pull',
    pattern: /content digest .{0,90}not found|failed to get reader from content store|missing parent .{0,90}bucket/i,
  },
  {
    name: 'layer-unpack',
    means: 'containerd and Docker: a layer arrived and cannot be unpacked',
    label: 'image-invalid',
    needs: 'nothing',
    pattern:
      /failed to (?:extract|register|apply) layer|ApplyLayer exit status|error processing tar file|cannot be mapped to a host id|untar re-exec error|failed to convert whiteout|potentially insufficient uids or gids|failed to unpack image on snapshotter|failed to prepare extraction snapshot|apply layer error|max depth exceeded/i,
  },
  {
    name: 'archive-broken',
    means: 'unpackers: the compressed data is not what they expect',
    label: 'image-invalid',
    needs: 'registry',
    pattern:
      /invalid tar header|gzip: invalid|(?:zstd|flate|gzip|bzip2).{0,40}(?:corrupt|invalid|mismatch)|invalid checksum|unknown compression|magic number mismatch|unsupported media ?type\b/i,
  },
];

const encrypted: readonly Rule[] = [
  {
    name: 'certificate',
    means: 'Go, Python, curl, Java: the certificate of the registry or of a proxy is not accepted',
    label: 'tls',
    needs: 'registry',
    pattern:
      /\bx509: |certificate (?:is )?(?:signed by unknown|has expired|verify failed|verification failed|is not trusted|is valid for)|failed to verify certificate|ssl certificate problem|self[- ]signed certificate|unable to (?:verify the first|get local issuer) certificate|PKIX path building failed|CERTIFICATE_VERIFY_FAILED|bad certificate|certificate required|RemoteCertificate\w{1,30}|could not establish trust relationship|CONNECTIVITY_SSL_ERROR/i,
  },
  {
    name: 'not-tls',
    means: 'Go: one side speaks HTTP, the other HTTPS',
    label: 'tls',
    needs: 'registry',
    pattern:
      /server gave HTTP response to HTTPS client|client sent an HTTP request to an HTTPS server|first record does not look like a TLS handshake|oversized record received|malformed HTTP response "\W{0,8}x1[56]|wrong version number|plain HTTP request was sent to HTTPS port/i,
  },
  {
    name: 'tls-alert',
    means: 'Go: the other side ended the handshake',
    label: 'tls',
    needs: 'registry',
    pattern:
      /remote error: tls: |tls: (?:handshake failure|unrecognized name|protocol version|no (?:supported|mutual))|ssl handshake failed|SSL routines/i,
  },
];

const identity: readonly Rule[] = [
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
      /ContainerAppRegistriesPasswordSecretRefNotFound|InvalidImageRegistryIdentity|FailedToRetrieveImagePullSecret|unable to retrieve some image pull secrets|(?:registry|registries)[^.]{0,120}secret ?ref[^.]{0,120}not found|PasswordSecretRef[^.]{0,120}not found/i,
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
    pattern: /failed to refresh ARM access token|sign in to AAD failed/i,
  },
  {
    name: 'identity-absent',
    means: 'Azure identity libraries and Container Apps: the identity does not exist or is not assigned here',
    label: 'identity-token',
    needs: 'registry',
    pattern:
      /\bidentity\b(?:[^.{}]|\.(?=\w)){0,200}(?:not found|not assigned|does ?n[o']t exist|is not associated|no longer exists)|no (?:default |managed |user[- ]assigned |system[- ]assigned )?identity (?:endpoint |is |was |has |)(?:found|assigned|been)|no managed identity|(?:DefaultAzure|ManagedIdentity|WorkloadIdentity|ChainedToken|AzureCLI)Credential|no azure identity found/i,
  },
  {
    name: 'token-not-obtained',
    means: 'credential providers: they could not get a token for the registry',
    label: 'identity-token',
    needs: 'registry',
    pattern:
      /(?:fail(?:ed|ure)|unable|could not|cannot) (?:to )?(?:get|acquire|retrieve|obtain|refresh|fetch|request)\w{0,3} (?:an? |the )?(?:[\w-]{1,20} ){0,3}?(?:managed identity|msi|aad|entra|azure ad|access|arm|refresh) (?:access )?tokens?\b|failed to acquire (?:a )?token|failed to get credentials? from azure|(?:failed|unable) to retrieve credentials? for (?:the )?(?:container )?registry|acr-credential-provider/i,
  },
  {
    name: 'credential-helper',
    means: 'docker, go-containerregistry: the local credential helper failed or has nothing',
    label: 'identity-token',
    needs: 'nothing',
    pattern:
      /error getting credentials - err|credentials not found in native keychain|docker-credential-[\w.-]{1,40}.{0,80}(?:executable file not found|resolves to executable|exited|not installed|exit status)|unable to find .{0,40}credential helper|failed to get credentials for "/i,
  },
];

const names: readonly Rule[] = [
  {
    name: 'name-not-resolved',
    means: 'resolvers: the name has no address here, or the DNS server does not answer',
    label: 'dns',
    needs: 'registry',
    pattern:
      /no such host|server misbehaving|temporary failure in name resolution|name or service not known|(?:could not|couldn't|cannot|unable to) resolve (?:host|proxy|the host|hostname)|getaddrinfo|\bENOTFOUND\b|\bEAI_AGAIN\b|\bNXDOMAIN\b|\bSERVFAIL\b|nodename nor servname|name does not resolve|name could not be resolved|temporary error during hostname resolution|name resolution (?:failed|failure|error)|cannot unmarshal DNS|no answer from dns|dns (?:resolution|lookup|query)[^.]{0,40}(?:failed|failure|error|timed out|timeout)|failed to resolve registry '|UnknownHostException|CONNECTIVITY_DNS_ERROR|\bdial (?:tcp|udp): lookup /i,
  },
  {
    name: 'name-server-unreachable',
    means: 'Go: the look-up itself failed on port 53; nothing was dialled yet',
    label: 'dns',
    needs: 'registry',
    pattern:
      /\blookup [^ ]{1,255}(?: on [^ ]{1,60})?: (?:i\/o timeout|read udp|dial (?:udp|tcp)|write udp|connection refused|context deadline|device or resource|operation was canceled|too many open|no data|DNS)|(?:read|dial|write) udp .{3,80}:53\b/i,
  },
];

const path: readonly Rule[] = [
  {
    name: 'connection-failed',
    means: 'Go, curl, Python, Windows: an address was dialled and no connection came about, or it broke',
    label: 'network',
    needs: 'registry',
    pattern:
      /i\/o timeout|connection refused|connection (?:was )?reset|no route to host|network is (?:unreachable|down)|host is (?:down|unreachable|not reachable)|connection timed out|operation timed out|broken pipe|use of closed network connection|connectex|wsarecv|wsasend|forcibly closed|actively refused|connection aborted|connection lost|ECONNRE(?:FUSED|SET)|ETIMEDOUT|EHOSTUNREACH|connect: (?:permission denied|operation not permitted|cannot assign)|dial tcp:? missing address|failed to (?:establish a new connection|connect to)|unable to connect to|bad record MAC|socket is not connected|curl: \((?:7|28|35|52|56)\)|destination host unreachable|transport connection broken/i,
  },
  {
    name: 'answer-timed-out',
    means: 'Go: the connection stood and the answer did not come in time, or ended early',
    label: 'network',
    needs: 'registry',
    pattern:
      /TLS handshake timeout|context deadline exceeded|Client\.Timeout|request canceled|timeout awaiting response|awaiting headers|(?:[:"'] ?|unexpected |\()EOF\b|GOAWAY|stream error: stream ID|server closed idle|http2: |transport is closing|timeout exceeded|(?:request|read|pull|connect|connection) (?:timed out|time-?out)|short read: expected|deadline exceeded|context cancell?ed|download stalled/i,
  },
  {
    name: 'proxy-failed',
    means: 'Go: the proxy on the way to the registry failed or refused',
    label: 'network',
    needs: 'registry',
    pattern: /proxyconnect|proxy authentication required|proxy error|tunnel connection failed|\b407 proxy/i,
  },
];

const failing: readonly Rule[] = [
  {
    name: 'registry-5xx',
    means: 'clients: the registry or something in front of it answered with a server error',
    label: 'registry-unavailable',
    needs: 'registry',
    pattern:
      /(?:status|code|http|server error|returned|registry)(?: code| response)?(?: from (?:\w{3,6} )?request to [^ ]{1,300})?(?: [^ :]{0,20}https?:\/\/[^ ]{1,300})?[ :=("'\]]{1,5}(?:error )?5[0-3]\d\b|\b5(?:0[0-4]|2\d|30) ?[:-]? ?(?:internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|server error|web server|origin)|\]: 5\d\d |fetching blob(?: from [^ ]{1,300})?:? 5\d\d\b/i,
  },
  {
    name: 'registry-unavailable',
    means: 'kubelet and registries: they say in words that the registry is not available',
    label: 'registry-unavailable',
    needs: 'registry',
    pattern:
      /\bRegistryUnavailable\b|image pull failed .{0,100}because the registry is unavailable|registry (?:['"]?[\w.:-]{1,255}['"]? )?is (?:temporarily )?(?:unavailable|under maintenance|read-only)|code":? ?"?UNAVAILABLE|: UNAVAILABLE: |service (?:is )?(?:temporarily )?unavailable|core service is not available/i,
  },
];

const rejected: readonly Rule[] = [
  {
    name: 'pull-access-denied',
    means: 'Docker Hub and its clients: the repository is private, or does not exist; both look alike from outside',
    label: 'unauthorized',
    needs: 'nothing',
    pattern:
      /pull access denied|may require ['"]?docker login|may require authorization|error response from daemon: (?:unauthorized|denied)\b/i,
  },
];

const absent: readonly Rule[] = [
  {
    name: 'manifest-unknown',
    means: 'registries: the codes of the distribution API for a tag, digest or repository that does not exist',
    label: 'manifest-unknown',
    needs: 'nothing',
    pattern:
      /\bMANIFEST_UNKNOWN\b|\bNAME_UNKNOWN\b|\bBLOB_UNKNOWN\b|\bmanifest unknown\b|\bname unknown\b|\bblob unknown\b|manifest tagged by|repository name not known to registry/i,
  },
  {
    name: 'manifest-not-found',
    means: 'Docker, ECR, quay, Docker Hub: sentences for a tag or repository that does not exist',
    label: 'manifest-unknown',
    needs: 'nothing',
    pattern:
      /manifest for .{1,300} not found|does not exist or no pull access|requested image not found|was deleted or has expired|repository with name .{1,260} does not exist in the registry|could not find (?:the )?manifest|unknown: (?:artifact|repository|resource|project) [^ ]{1,300} not found|tag .{1,140} not found in repository|\bmanifest [^ ]{1,200} not found\b|\bimage [a-z0-9][\w./-]{0,250}(?::\w[\w.-]{0,127}|@sha256:\w{8,64}) (?:was )?not found(?! in registry)|\bimage "?<image>"? (?:(?:was )?not found(?! in registry)|does not exist)|<image>"?: not found\b/i,
  },
];

const rejectedToo: readonly Rule[] = [
  {
    name: 'authentication-required',
    means:
      'ACR and others: no credentials, or credentials without the right to pull; ACR also says it for a missing tag',
    label: 'unauthorized',
    needs: 'nothing',
    pattern:
      /unauthorized: authentication required|aka\.ms\/acr\/authorization|requested access to the resource is denied|access to the requested resource is not authorized|no basic auth credentials|not authorized to perform: ecr|permission "?artifactregistry\.|application not registered with AAD|your authorization token has expired|unable to retrieve auth token|unable to get admin user credentials|unable to authenticate using AAD or admin login|must have permission to read the image|CONNECTIVITY_(?:AAD_LOGIN|REFRESH_TOKEN|ACCESS_TOKEN)_ERROR/i,
  },
  {
    name: 'acr-exchange-refused',
    means: 'Container Apps control plane and az: ACR did not accept the token of the identity',
    label: 'unauthorized',
    needs: 'nothing',
    pattern:
      /token exchange endpoint returned error status: 40[13]\b|rejected token exchange:? .{0,120}\b40[13]\b|access to registry .{1,120} was denied\. response code: 40[13]/i,
  },
  {
    name: 'credentials-rejected',
    means: 'registries: the user, password, token or scope is wrong',
    label: 'unauthorized',
    needs: 'registry',
    pattern:
      /insufficient_scope|insufficient scope|authorization failed|authorization required|token validation failed|incorrect username or password|invalid username\/password|wrong username or password|bad credentials|http basic: access denied|invalid_token|invalid token|token (?:has )?expired|expired token|authentication (?:is )?required|authentication failed|not logged in|no credentials|anonymous (?:pull|access) (?:is )?(?:disabled|not allowed)|permission_denied|unauthenticated request|insufficient (?:privileges|permissions)|(?:is )?not authorized\b|(?<!not found or )access denied|denied: |AccessDenied\w{0,12}|project .{1,80} is private/i,
  },
  {
    name: 'status-401-403',
    means: 'clients: the status of the registry or of its token service',
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

const absentToo: readonly Rule[] = [
  {
    name: 'status-404',
    means: 'clients: the registry has nothing at this URL',
    label: 'manifest-unknown',
    needs: 'registry',
    pattern:
      /\b404 ?[:-]? ?(?:not found|page)|(?:status|code|http|returned)[ :=("']{1,4}404\b|: 404\b|(?:image|tag|repository|repo) (?:['"]?[^ '"]{1,200}['"]? )?(?:does not exist|doesn't exist|(?:was|could) not (?:be )?found)/i,
  },
  {
    name: 'resolved-to-nothing',
    means: 'containerd: `<reference>: not found`, after every host answered 404',
    label: 'manifest-unknown',
    needs: 'pull',
    pattern: /(?:[:>"'\]] ?|no available registry endpoint: [^ ]{1,300} )not found\b(?! in \$PATH)/i,
  },
  {
    name: 'aca-not-found-or-denied',
    means: 'Container Apps: one sentence for a missing tag and for a refused address; the body, read above, says which',
    label: 'manifest-unknown',
    needs: 'nothing',
    pattern: /\bimage [^ ]{1,400} not found in registry|image not found or access denied/i,
  },
];

const causeless: readonly Rule[] = [
  {
    name: 'aci-no-access',
    means: 'ACI: it could not read the image, or its registry answered with an error, and it does not say which',
    label: 'unknown-pull-failure',
    needs: 'nothing',
    pattern:
      /\bInaccessibleImage\b|\bRegistryErrorResponse\b|image .{1,300} in container group .{1,200} is not accessible|error response is received from the docker registry/i,
  },
  {
    name: 'no-such-image',
    means: 'Docker: what it says when a container is made after a pull that failed',
    label: 'unknown-pull-failure',
    needs: 'nothing',
    pattern: /no such image: ?\S/i,
  },
];

export const rules: readonly Rule[] = [
  ...refused,
  ...reference,
  ...space,
  ...throttled,
  ...platform,
  ...broken,
  ...encrypted,
  ...identity,
  ...names,
  ...path,
  ...failing,
  ...rejected,
  ...absent,
  ...rejectedToo,
  ...absentToo,
  ...causeless,
];
