// Whether a text speaks of pulling an image at all: the clues for it, the look-alikes against it, and the words to skip.

export interface Row {
  readonly name: string;
  /** What the software that writes it means by it. */
  readonly means: string;
  readonly pattern: RegExp;
}

/**
 * `pull`: the text says that a pull failed. `registry`: it speaks with a container registry; that alone does not show a failure.
 * `fetch`: something could not be fetched, in words that any program may write; beside a registry that is a pull.
 */
export interface Clue extends Row {
  readonly shows: 'pull' | 'registry' | 'fetch';
}

/** Without one of these, "unauthorized", "not found" or "timeout" are some other program's trouble. */
export const clues: readonly Clue[] = [
  {
    name: 'kubelet-events',
    means: 'kubelet: the reasons and sentences of its pull events',
    shows: 'pull',
    pattern:
      /\bErrImagePull\b|\bImagePullBackOff\b|back-off pulling image|\bfailed to pull (?:the )?(?:container |docker |base |sandbox )?image\b(?!s? (?:\w{1,20} )?(?:branch|metadata|list|data|assets)\b)|\bErrImageNeverPull\b|\bImageInspectError\b|failed to inspect image ["']|pull policy of never/i,
  },
  {
    name: 'platform-pull-failure',
    means:
      'Container Apps and App Service: the reason and the sentences with which a replica ends because of its image',
    shows: 'pull',
    pattern:
      /ImagePull(?:Unauthorized)?Fail(?:ure|ed)|ImagePullUnauthorized|persistent image pull errors?|image pull (?:has )?failed|\bpull(?:ing)? image failed with|\bpull image: [^ ]{1,400} failed|image pull for [^ ]{1,400} failed|container pull image failed|not found in registry\. ?ErrorMessage|image not found or access denied|cappsimagepullerrors|docker api responded with status code=\w{1,40}, image=/i,
  },
  {
    name: 'registry-secret',
    means: 'Container Apps control plane: it exchanges a token for every entry of `registries`',
    shows: 'pull',
    pattern: /failed to construct registry secret|ACR token exchange endpoint/i,
  },
  {
    name: 'template-image-field',
    means: 'Container Apps control plane: the validation of the image field of a template',
    shows: 'pull',
    pattern:
      /template\.(?:init)?containers\.[^ ]{1,80}\.image\b|Field 'containers?\b[^ ]{0,80}\.image'|Invalid value: "[^" ]{1,400}": (?:GET|HEAD) https::/i,
  },
  {
    name: 'containerd-resolve',
    means: 'containerd: the wrappers around resolving, fetching and unpacking',
    shows: 'pull',
    pattern:
      /failed to pull and unpack|failed to resolve (?:reference|image) (?:"<image>"|["']?[^ "'#]{1,300}[/:])|failed to resolve (?:source metadata for|image to digest)|httpReadSeeker|failed to authorize: failed to fetch|failed to fetch anonymous token|failed to fetch oauth token: (?:unexpected status|denied|unauthorized|failed to do request|(?:get|post) ")|"trying next host|trying next host - response|failed commit on ref|PullImage\b.{0,200}\bfailed|pulling from host [^ ]{1,300} failed|no available registry endpoint/i,
  },
  {
    name: 'pull-failed',
    means: 'many tools: their own sentence around the error of the runtime',
    shows: 'pull',
    pattern:
      /(?:error|fail(?:ed|ure|s)?|unable|could ?n[o']t|cannot|can't|unsuccessful|FATA\[\d{4}\])[^.;{}]{0,60}\bpull(?:ing|ed)?:? ["']?(?:(?!from\b|for\b|of\b|in\b|to\b|request\b|secrets?\b|(?:plug-?in|theme|extension|add-?on|firmware|vm|disk|boot|recovery)s?\b)[\w'-]{1,20} ){0,3}["']?(?:image|docker)s?\b(?! (?:pull secret|branch|assets|metadata|data|stats|logs|info|metrics|events)\b)|\bimages?\b[^.;{}]{0,80}(?:(?:cannot|can't|could ?n[o']t) be|(?:was |is )?not|wasn't) pulled|\b(?:(?:pre-?)?pull|download|fetch|registry request) (?:of ['"]?|(?:of|for|from) (?:the )?(?:image )?)<image>['"]?[^.;{}<]{0,40}\b(?:failed|errored|timed out|refused|rejected|denied|blocked|aborted|cancell?ed|unsuccessful)\b|\bimage <image> (?:is )?(?:not accessible|unavailable|(?:fetch|download|(?:pre-?)?pull) (?:error|fail)|(?:could ?n[o']t|cannot|can't) be (?:accessed|retrieved|fetched|downloaded|loaded|resolved))\b|(?<!["'])<image>:? pull (?:error|failed)\b|(?:cannot|could ?n[o']t|unable to|failed to) access (?:the )?(?:container )?image <image>|docker pull failed|CannotPull(?:ECR)?ContainerError|(?:unable|failed|error) (?:to pull|pulling) [\w.-]{1,120}\/[\w./-]{1,200}(?::[\w.-]{1,128}|@sha256:)|pulling image "[^"]{1,300}": |image pull was unsuccessful|unable to pull secrets or registry auth|\b(?:unable_to|failed_to|could_not|cannot)_pull_(?:\w{1,30}_)?image\b|\bimage_pull_(?:\w{1,20}_)?(?:failed|failure|error)\b(?!["']?[=:] ?\d)/i,
  },
  {
    name: 'podman-source',
    means: 'podman, skopeo, CRI-O: opening an image at a registry',
    shows: 'pull',
    pattern:
      /initializing source docker:|pinging (?:container|docker) registry|reading manifest [^ ]{1,140} in |determining manifest MIME type|(?:reading|copying|writing) (?:(?:blob|layer|config) sha256:|blob: (?:storing|fetching|adding|blob|get|head)|system image from)/i,
  },
  {
    name: 'builder-metadata',
    means: 'BuildKit, kaniko, kpack: reading the base image of a build',
    shows: 'pull',
    pattern:
      /load metadata for [^ ]{1,300}[/:]|\[internal\] load metadata for |failed to do request: (?:head|get|post) "?https?:\/\/[^" ]{1,255}\/(?:v2\/|(?:service\/)?token\b|oauth2\/)|failed to get (?:filesystem from|base) image|failed to load cache key/i,
  },
  {
    name: 'unable-to-find-locally',
    means: 'docker run: it will pull, because the image is not there',
    shows: 'registry',
    pattern: /unable to find image .{1,300} locally/i,
  },
  {
    name: 'docker-progress',
    means: 'docker pull, podman pull: the lines of their progress',
    shows: 'registry',
    pattern:
      /\bpulling from (?:<image>|[\w.-]{1,100}\/[\w./-]{1,200})|\bpulling fs layer|\bdownloading \[=|using default tag: |\btrying to pull [^ ]{3,300}\.\.\.|\bdocker(?:-compose| compose)? pull\b|error pulling image|\bpull(?:ing|ed)? (?:(?:the )?(?:image )?"?|(?:for|of|from) (?:image )?)<image>|(?<!["'])<image> pull\b|\bpulling layer\b|failed to get (?:the )?image manifest\b|(?<!")<image>: (?:\d{3}\b|unauthorized|denied|failed|unexpected|dial|get|head)|pulling repository [^ ]{1,255}\/|\bpulling image\b/i,
  },
  {
    name: 'registry-api',
    means: 'any client: a URL of the distribution API',
    shows: 'registry',
    pattern:
      /\/v2\/(?<!(?:[\w-]|\b(?:path|uri|route|endpoint|url)(?:["']: ?["']|=["']?|:["']?))\/v2\/)(?:(?:(?!(?<![\w-])\/v2\/)[^ "]){1,300}\/(?:manifests|blobs|tags\/list)\b|(?:manifests|blobs)\/<ref>)|https?:\/\/(?!api[.-])[\w.:-]{1,255}\/v2\/(?:[^ "]{1,300}\/(?:manifests|blobs|tags\/list)\b|(?:manifests|blobs)\/<ref>)|https?:\/\/[\w.:-]{1,255}\/(?:repository|artifactory(?:\/api\/docker)?|api\/docker)\/[\w.-]{1,100}\/v2\/(?:[^ "]{1,300}\/)?(?:manifests|blobs)\/|\/v2\/_catalog|\/v1\/(?:repositories\/[^ "]{1,200}\/(?:images|tags)|_ping)\b|error response from daemon: (?:get|head|post|put) "?https?:\/\/|https?:\/\/[\w.-]{0,100}(?:registry|harbor|docker|quay|artifactory|nexus|jfrog)[\w.-]{0,100}(?::\d{1,5})?\/v[12]\/(?:["'\\:?, )]|$)|\b(?:get|head) "?https?:\/\/(?!api[.-])[^/ "]{1,255}\/v2\/"?: (?:dial|read|net\/http|http:|eof|context|x509|tls|proxyconnect|remote error|unexpected|stream|server)/i,
  },
  {
    name: 'registry-token',
    means: 'any client: a URL of a registry token service',
    shows: 'registry',
    pattern:
      /scope=repository(?:%3a|:)|\/oauth2\/(?:token|exchange)\b.{0,200}(?:azurecr|service=)|azurecr\.io\/oauth2\/|\/(?:service\/token|jwt\/auth|token)\?.{0,200}(?:service|scope)=(?:harbor|container_registry|registry|repository)|auth\.docker\.io|offline_token=true/i,
  },
  {
    name: 'registry-host',
    means: 'any client: the host of a known registry, by itself or in an address',
    shows: 'registry',
    pattern:
      /(?:^|[^\w.@-])(?:[\w*-]{1,63}\.){0,8}(?:azurecr\.(?:io|cn|us)|registry-1\.docker\.io|index\.docker\.io|registry\.docker\.io|docker\.io|ghcr\.io|quay\.io|gcr\.io|public\.ecr\.aws|dkr\.ecr\.[\w-]{4,30}\.amazonaws\.com|mcr\.microsoft\.com|registry\.k8s\.io|registry\.gitlab\.com|registry\.redhat\.io|nvcr\.io|r8\.im)\b(?!\.\w)|\bdocker\.pkg\.dev\b/i,
  },
  {
    name: 'distribution-client',
    means:
      'Docker: the errors of its client for the distribution API, and the codes of a registry that its daemon passes on',
    shows: 'registry',
    pattern:
      /received unexpected HTTP status|error parsing HTTP \d{3} response body|login attempt to https?:\/\/[^ "]{1,255}\/v[12]\/ failed with status|error response from daemon: (?:unknown: |error from registry: )/i,
  },
  {
    name: 'registry-words',
    means: 'any client: it says that it talks with a container registry',
    shows: 'registry',
    pattern:
      /(?:container|docker|image|oci) registr(?:y|ies)\b(?!\.(?:png|jpe?g|gif|webp|svg|json|xml|ya?ml|[jt]s|cs|py)\b)|access to registry ["']?[\w.-]{1,255}\.|login to registry ["']?(?:oci:\/\/|[\w-]{1,63}\.)|docker login|\baz acr \w|CONNECTIVITY_[A-Z_]{3,30}_ERROR|DockerApiException|docker api responded|error response from registry|acr[ -]credential[ -]provider|credential provider plugin|\b(?:acr|registry) (?:access |refresh )?(?:tokens?|credentials?) for (?:the )?image\b|\bACR (?:access|refresh) token\b|\bcredentials? (?:from|for) ACR\b/i,
  },
  {
    name: 'layer-storage',
    means: 'runtimes: the places where layers are written',
    shows: 'registry',
    pattern:
      /\/var\/lib\/(?:containerd\/|docker\/(?:tmp|overlay2|image|buildkit|aufs|vfs|windowsfilter)\b|containers\/storage)|failed to (?:extract|register|apply) layer: |(?:download|fetch|extract|register|apply|copy|pull)(?:ing)? (?:layer|blob):? sha256:|ApplyLayer|storing blob|unpacking (?:linux|windows)\/|\bctr: /i,
  },
  {
    name: 'fetch-failed',
    means: 'many tools: they could not fetch something, and do not say of what kind it is',
    shows: 'fetch',
    pattern:
      /(?:error|fail(?:ed|ure|s)?|unable|could ?n[o']t|cannot|can't|unsuccessful|FATA\[\d{4}\])[^.;{}]{0,60}\bpull(?:ing|ed)?\b(?! request| secret| from (?:origin|remote|git))|pull (?:was )?unsuccessful|retrieving image|unable to retrieve auth token|failed to copy: |failed to authorize: |failed to do request: |trying next host|failed to resolve (?:host|image|reference)|rejected token exchange/i,
  },
];

/** Texts that borrow the words of a pull failure. They lose against a clue that a pull failed. */
export const lookAlikes: readonly Row[] = [
  {
    name: 'other-termination',
    means: 'Container Apps: the container ended for a reason that is not its image',
    pattern: /terminated with exit code '?-?\d{0,4}'? and reason '(?!ImagePull)\w{1,60}'/i,
  },
  {
    name: 'probe',
    means: 'kubelet and Container Apps: a health probe failed; the probed program may be a registry',
    pattern: /\b(?:liveness|readiness|startup) probe (?:failed|errored|warning)|probe of \w{1,20} failed/i,
  },
  {
    name: 'access-log',
    means: 'nginx, gunicorn, Apache and others: a web server wrote down a request that it answered itself',
    pattern: /"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (?:\/[^" ]{0,400})? HTTP\/[12](?:\.[01])?" [1-5]\d\d\b/,
  },
  {
    name: 'registry-server',
    means: 'distribution: a registry that runs as an app wrote down a request that it answered itself',
    pattern: /\bhttp\.request\.(?:method|uri)\b["']?[=:]/,
  },
  {
    name: 'kubernetes-api',
    means: 'clients of Kubernetes: its own API refused them, or could not be reached',
    pattern:
      /\bis forbidden: User "[^"]{1,300}" cannot \w{1,20} resource|https:\/\/[^ "]{1,255}(?:\/api\/v1\/(?:namespaces|nodes|secrets)\b|\/apis\/[\w.-]{1,100}\/v\d)/i,
  },
  {
    name: 'key-vault',
    means: 'Container Apps and CSI: a secret could not be read from a Key Vault',
    pattern:
      /\.vault\.(?:azure\.(?:net|cn)|usgovcloudapi\.net)|syncing secret|unable to get value using managed identity|from azure key vault/i,
  },
  {
    name: 'volume',
    means: 'kubelet: a volume could not be attached or mounted',
    pattern: /MountVolume\.|AttachVolume\.|FailedMount\b|FailedAttachVolume/i,
  },
  {
    name: 'scaler',
    means: 'KEDA and the horizontal autoscaler: a scaler could not read its metric',
    pattern:
      /KEDAScaler\w{0,20}|ScaledObjectCheckFailed|FailedGetScale|FailedComputeMetrics|FailedGet\w{1,30}Metric|"?scale_?handler|error getting scale decision/i,
  },
  {
    name: 'dapr',
    means: 'Dapr: the side-car could not reach a component or another app',
    pattern:
      /\bdapr(?:d|\.io|\.proto)?\b.{0,200}(?:component|pubsub|statestore|invoke|binding|placement|app_id)|ERR_(?:PUBSUB|STATE_STORE|DIRECT_INVOKE|SECRET)\w{0,30}/i,
  },
  {
    name: 'build-step',
    means: 'docker build: a command of the Dockerfile failed inside the build',
    pattern: /process "[^"]{1,400}" did not complete successfully|The command '[^']{1,400}' returned a non-zero code/i,
  },
  {
    name: 'sql-firewall',
    means: 'Azure SQL: its firewall refused a client, in nearly the words of a registry',
    pattern: /client with ip address '[^']{1,60}' is not allowed to access the server/i,
  },
  {
    name: 'test-report',
    means:
      'Jest, Vitest, Go, pytest, TAP: the name of a test, which quotes the words that the tested program should print',
    pattern:
      /[\u2713\u2715\u2716\u00d7] .{1,300}?\b\d{1,6}(?:\.\d{1,3})? ?m?s\b|--- (?:PASS|FAIL|SKIP): Test\w{1,120}|\b(?:FAILED|PASSED) [\w./-]{1,200}::\w{1,120}|\b(?:not )?ok \d{1,5} - /,
  },
];

/** Words that say nothing about the cause, or the contrary of it. They are taken out before any rule reads the text. */
export const asides: readonly Row[] = [
  {
    name: 'pull-succeeded',
    means: 'kubelet and Container Apps: an image was pulled, or was there already',
    pattern:
      /successfully pulled image ["']?[^ "']{1,400}["']?|container image ["'][^"']{1,400}["'] already present on machine|status: (?:image is up to date|downloaded newer image) for [^ ]{1,400}/i,
  },
  {
    name: 'pull-began',
    means: 'kubelet and Container Apps: the sentence of progress, with a capital; "error pulling image" has none',
    pattern: /\bPulling image ["'][^"']{1,400}["'](?!:| (?:has )?(?:failed|errored))/,
  },
  {
    name: 'picture',
    means: 'shops, cameras, content systems: they pull a picture, which is no image of a container',
    pattern:
      /\bpull(?:ing|ed)? (?:the |an? )?(?:(?:profile|product|avatar|cover|hero|thumbnail|preview|camera|satellite|gallery|article|table|dataset|training|medical|stock|map) images?\b|images? (?:list|gallery)s?\b(?![\w/.-])|(?:[\w-]{1,20} ){0,2}images? (?:from|for|of) (?:the |an? )?(?:article|product|post|page|profile|avatar|user|customer|recipe|gallery|album|camera|webcam|scanner|sensor|catalog|listing|vehicle|invoice|document|patient|book|movie|banner|thumbnail|feed|cms|cdn|s3|bucket)\b(?![\w/.-]|:\w)|(?:\w{1,20} )?images? (?:from )?["']?https?:\/\/[^ "']{1,300}\.(?:png|jpe?g|gif|webp|svg|bmp|tiff?|avif)\b)|\b(?:profile|product|avatar|cover|hero|thumbnail|preview|camera|satellite|gallery|medical|dicom|stock|map) image pull\b/i,
  },
  {
    name: 'local-daemon-status',
    means: 'docker clients: the status of the local daemon, which is always 500, not of the registry',
    pattern:
      /HTTP code (?:is )?500(?: which indicates error: server error| server error)?|API error \(500\)|500 Server Error(?: for http\+docker:\/\/[^ ]{1,400})?(?:: Internal Server Error)?|status ?code[=:] ?"?(?:InternalServerError|500)"?,? (?=response|reason|body|message|\()|\(HTTP code 500\)|internal error occurred:/i,
  },
];

const pullReasons = new Set([
  'imagepullunauthorized',
  'imagepullunauthorizedfailure',
  'imagepullfailure',
  'imagepullfailed',
  'errimagepull',
  'imagepullbackoff',
]);

/** Reasons of the platform that are never about a pull that failed, whatever the text says. */
const otherReasons =
  /^(?:KEDA\w{0,40}|ScaledObject\w{0,40}|FailedGet\w{0,40}|FailedComputeMetrics\w{0,40}|Probe\w{0,20}|PulledImage|ImagePulled|Pulled|Pulling|PullingImage|Container(?:Created|Started|AppUpdate|AppReady)|Created|Started|Scheduled|AssigningReplica|Revision(?:Creation|Update|Ready|Deactivating)|RollingRevisionCompleted|Pending:PortMismatch|ProcessExited|SyncingSecret\w{0,60}|SuccessfulCreate|Completed|BackoffLimitExceeded|PodDeletion|StartingGettingEvents|ConnectedToEventsServer|FailedMount|FailedAttachVolume|Unhealthy|FailedScheduling)$/i;

/** What the `Reason` column says by itself. Most reasons say nothing: a crash and a pull share them. */
export function reasonSays(reason: string): 'pull' | 'unauthorized' | 'other' | 'nothing' {
  const lower = reason.toLowerCase();
  if (lower.startsWith('imagepullunauthorized')) return 'unauthorized';
  if (pullReasons.has(lower)) return 'pull';
  return otherReasons.test(reason) ? 'other' : 'nothing';
}

/** Clues that only the platform writes, about its own pull: beside one of them nothing else was refused. */
const ofThePlatform = new Set(['kubelet-events', 'platform-pull-failure', 'registry-secret', 'template-image-field']);

const refusal = /\bdenied\b|\bunauthorized\b|\bforbidden\b|is not allowed|\b40[13]\b/i;

interface Work extends Row {
  readonly work: 'push' | 'build';
}

/** Clients that speak with a registry and pull no image for an app. The first that matches wins. */
const works: readonly Work[] = [
  {
    name: 'acr-build',
    means: 'az acr build and the run log of ACR Tasks: a build inside the registry',
    work: 'build',
    pattern:
      /\baz acr (?:build|run|pack build|task run)\b|failed to login, ran out of retries|\bfailed during run, err\b|failed to run step ID: ?build/i,
  },
  {
    name: 'push',
    means: 'docker, podman, buildah, kaniko, oras, crane, helm: a push, or a token or an upload for one',
    work: 'push',
    pattern:
      /\b(?:docker|podman|buildah|nerdctl|oras|crane|helm)(?: image| compose)? push\b|\bpush refers to (?:a )?repository\b|\b(?:failed to push|error pushing|unable to push)\b|\bchecking push permission|\/blobs\/uploads\/|scope=repository(?::|%3a)[^ "&]{1,300}(?::|%3a|,|%2c)push\b/i,
  },
  {
    name: 'build',
    means: 'docker build, BuildKit, kaniko: a build in a container, which reads its base image by itself',
    work: 'build',
    pattern: /\bdocker (?:buildx )?build\b|\bfailed to solve\b|\bload metadata for\b|\berror building image\b/i,
  },
];

/** What a registry refused, where the text says that it was a push or a build; `undefined` where the platform says that it pulls. */
export function refusedWork(text: string, reason: string): Work['work'] | undefined {
  const said = reasonSays(reason);
  if (said === 'pull' || said === 'unauthorized' || !refusal.test(text)) return undefined;
  if (clues.some((clue) => ofThePlatform.has(clue.name) && clue.pattern.test(text))) return undefined;
  return works.find((one) => one.pattern.test(text))?.work;
}
