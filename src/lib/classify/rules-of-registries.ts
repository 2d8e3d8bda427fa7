// Rules about what a registry answers: a firewall that refuses, throttling, a failing service, an image that is not there.

import type { Rule } from './rule.ts';

export const refused: readonly Rule[] = [
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
      /public (?:network )?access(?:[^.]|\.(?=\w)){0,80}(?:disabled|not allowed|not permitted|denied)|not accessible (?:from|over) (?:the )?public|disabled public (?:network )?access/i,
  },
  {
    name: 'address-not-allowed',
    means: 'GitHub, Artifact Registry, Azure Firewall and proxies: a rule about where the client is refused it',
    label: 'firewall',
    needs: 'registry',
    pattern:
      /has an ip allow ?list enabled|your ip(?: address)?[^.]{0,60}(?:not (?:permitted|allowed|white-?listed)|(?:is|was|(?:has|have) been) (?:blocked|banned))|allowed ip (?:address )?ranges?|vpcServiceControls|prohibited by organization's policy|\b470 status code 470|Action: Deny\.|export control regulations|\bip (?:address )?[0-9a-f.:]{3,45} (?:is )?(?:not allowed|blocked|denied|not whitelisted)/i,
  },
  {
    name: 'block-page',
    means:
      'web filters, firewalls for web applications, content networks: their page in place of the answer of the registry, mostly with a 403',
    label: 'firewall',
    needs: 'registry',
    pattern:
      /\b(?:web ?(?:page|site|filter|blocker)s?\b[^<>.]{0,60}\bblock(?:ed|ing)?\b|web application firewall\b|(?:site|url|domain|category) (?:is |was |has been )?(?:blocked|filtered)\b|(?:this|the) (?:page|request) (?:is|was|has been) blocked(?=[.<"]|$)|request blocked[.<]|you have been blocked\b|has (?:banned|blocked) (?:you\b|your\b|the (?:country|region|autonomous))|error code:? 10(?:0[5-9]|1[02]|20)\b|(?:internet|web|acceptable|browsing) (?:usage|use|access|browsing) policy\b|content (?:categori[sz]ation|filter(?:ing)?)\b|not allowed to browse\b|internet security by\b|access control configuration prevents\b|requested url was rejected\b|incapsula incident\b|attention required! \| cloudflare|configured to block access from\b|403 forbidden[^a-z].{0,80}\bmicrosoft-azure-application-gateway)|\((?:policy|content_filter)_denied\)/i,
  },
];

export const throttled: readonly Rule[] = [
  {
    name: 'toomanyrequests',
    means:
      'registries: the code of the distribution API for throttling, in its spelling; frameworks write TooManyRequests',
    label: 'rate-limited',
    needs: 'nothing',
    pattern:
      /toomanyrequests|TOOMANYREQUESTS|ull rate limit|registry rate limiting|HAP429|oo many requests to source registry|registry pull qps|pull QPS exceeded/,
  },
  {
    name: 'status-429',
    means: 'the registry answered 429, whatever the body of its answer says (HTML, `Ref A:`)',
    label: 'rate-limited',
    needs: 'registry',
    pattern:
      /\b429\b[ :-]{0,3}too many|too many requests|toomanyrequests|(?:status|code|http|error|http\/[12](?:\.[01])?)[ :=("']{1,4}429\b|: 429\b|rate(?: |_)?limit(?:ed|ing)?(?: was)? exceeded|\brate exceeded\b|exceeded (?:a |the |your )?(?:secondary )?(?:download |request )?rate|quota exceeded for quota metric|RESOURCE_EXHAUSTED|ThrottlingException|request was throttled/i,
  },
];

export const failing: readonly Rule[] = [
  {
    name: 'registry-5xx',
    means: 'the registry, or a proxy in front of it, answered with a server error',
    label: 'registry-unavailable',
    needs: 'registry',
    pattern:
      /(?:status|code|http|server error|returned|registry)(?: code| response)?(?: from (?:\w{3,6} )?request to [^ ]{1,300})?(?: [^ :]{0,20}https?:\/\/[^ ]{1,300})?[ :=("'\]]{1,5}(?:error )?5[0-3]\d\b|\b5(?:0[0-4]|2\d|30) ?[:-]? ?(?:internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out|server error|web server|origin)|\bunknown["': ,]{1,4}(?:message["': ]{1,6})?internal server error|\]: 5\d\d |fetching blob(?: from [^ ]{1,300})?:? 5\d\d\b/i,
  },
  {
    name: 'registry-unavailable',
    means: 'kubelet and registries: they say in words that the registry is not available',
    label: 'registry-unavailable',
    needs: 'registry',
    pattern:
      /\bRegistryUnavailable\b|for cache rule .{1,120} has failed|image pull failed .{0,100}because the registry is unavailable|registry (?:['"]?[\w.:-]{1,255}['"]? )?is (?:temporarily )?(?:unavailable|under maintenance|read-only)|code":? ?"?UNAVAILABLE|: UNAVAILABLE: |service (?:is )?(?:temporarily )?unavailable|core service is not available/i,
  },
];

export const absent: readonly Rule[] = [
  {
    name: 'manifest-unknown',
    means: 'registries: the codes of the distribution API for a tag, digest or repository that does not exist',
    label: 'manifest-unknown',
    needs: 'nothing',
    pattern:
      /\bMANIFEST_UNKNOWN\b|\bNAME_UNKNOWN\b|\bBLOB_UNKNOWN\b|\bmanifest unknown\b(?! (?!(?:when|while|for|in|from|on|at|error|map)\b)[a-z])|\bname unknown: (?:the )?repository\b|manifest tagged by|repository name not known to registry/i,
  },
  {
    name: 'manifest-not-found',
    means: 'Docker, ECR, quay, Docker Hub: sentences for a tag or repository that does not exist',
    label: 'manifest-unknown',
    needs: 'nothing',
    pattern:
      /manifest for [^ ]{1,300}[:@][^ ]{1,140} not found|manifest for "?<image>"? not found|does not exist or no pull access|requested image not found|repository with name .{1,260} does not exist in the registry|unknown: (?:artifact|repository|resource|project) [^ ]{1,300} not found|\bimage [a-z0-9][\w./-]{0,250}(?::\w[\w.-]{0,127}|@sha256:\w{8,64}) (?:was )?not found(?! in registry)|\bimage "?<image>"? (?:(?:was )?not found(?! in registry)|does not exist)|<image>"?: not found\b/i,
  },
  {
    name: 'not-found-beside-registry',
    means:
      'registries (also the codes of quay for a tag): the same in words that other programs use of files, sessions and Git',
    label: 'manifest-unknown',
    needs: 'registry',
    pattern:
      /\bTAG_(?:UNKNOWN|EXPIRED)\b|\b(?:name|blob) unknown\b|\bmanifest unknown\b(?! (?:key|field|property|member|option)\b)|manifest for .{1,300} not found|was deleted or has expired|could not find (?:the )?manifest|tag .{1,140} not found in repository|\bmanifest [^ ]{1,200} not found\b/i,
  },
];

export const absentToo: readonly Rule[] = [
  {
    name: 'status-404',
    means: 'the registry answered 404: it has nothing at this URL',
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
    pattern:
      /(?:[:>"'\]] ?|no available registry endpoint: [^ ]{1,300} )(?<!secret(?: ?ref)? ["'][\w.-]{1,253}["'] )not found\b(?! in (?:\$PATH|registry))/i,
  },
  {
    name: 'aca-not-found-or-denied',
    means: 'Container Apps: one sentence for a missing tag and for a refused address; the body, read above, says which',
    label: 'manifest-unknown',
    needs: 'nothing',
    pattern:
      /\bimage (?:[^ ]{1,300}[/:][^ ]{1,300}|"?<image>"?) not found in registry|image not found or access denied/i,
  },
];

export const causeless: readonly Rule[] = [
  {
    name: 'aci-no-access',
    means: 'ACI: it could not read the image, or its registry answered with an error, and it does not say which',
    label: 'unknown-pull-failure',
    needs: 'nothing',
    pattern:
      /\bInaccessibleImage\b|\bRegistryErrorResponse\b|image .{1,300} in container group (?:(?! in container group ).){1,200} is not accessible|error response is received from the docker registry/i,
  },
  {
    name: 'no-such-image',
    means: 'Docker: what it says when a container is made after a pull that failed',
    label: 'unknown-pull-failure',
    needs: 'nothing',
    pattern:
      /no such image: ?[^ ]{0,300}[\w>][:/@]\w|no such image: ?"?<image>|(?:daemon|(?<![a-z])error|\)): ?(?:\{"message":")?no such image: ?\S/i,
  },
];
