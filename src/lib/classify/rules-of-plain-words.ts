// Causes in plain words. Any program may write them, so they count only where the text shows that a pull failed. The few rows that stand above
// the statuses 401, 403, 404 and 5xx (`plainFirst`) say why a registry answered with one; the rest are asked where nothing precise was found.

import type { Rule } from './rule.ts';

export const plainFirst: readonly Rule[] = [
  {
    name: 'refused-by-place-in-words',
    means: 'registries, proxies and firewalls: where the client is, by address or by country, is not allowed',
    label: 'firewall',
    needs: 'statement',
    pattern:
      /blocked by (?:[\w'-]{1,20} ){0,4}(?:firewall|proxy|web filter|network (?:policy|rules?)|network security group)\b|network rules? (?:set )?(?:den|refuse|block)|\bip(?: address)? (?:allow|white|deny|block|access)[- ]?list|\b(?:ip|address|network|client|location|country|region)\b(?:[^.;]|\.(?=\d)){0,60} not (?:in|on|part of) (?:the |an? |your )?(?:list of )?(?:allow|white|permitted)|(?:restricted to|only (?:through|over|via|from)) (?:a )?private endpoints?|private endpoints? only|\bgeo[- ]?(?:block|restrict|location)|not (?:allowed|available|permitted|accessible) (?:from|in) (?:this|your) (?:location|network|country|region|ip)\b|access from (?:this|your) (?:network|location|ip|country)\b[^.;]{0,40}(?:not allowed|denied|blocked|forbidden)|error(?: code)?:? 1020\b|status(?: code)? 470\b|blocked (?:this|the) (?:site|page|url|request)\b|\b(?:zscaler|fortiguard)\b[^.;]{0,30} block|\bselected networks\b|\bfrom (?:your )?(?:country|region)\b[^.;]{0,40}(?:blocked|refused|denied|not allowed)/i,
  },
  {
    name: 'policy-in-words',
    means:
      'registries, scanners and admission controllers: a policy about images refuses this one, whatever the status',
    label: 'refused-by-policy',
    needs: 'statement',
    pattern:
      /(?:blocked|denied|rejected|refused|disallowed|prohibited|forbidden|not allowed|not permitted) (?:by|due to|because of) (?!conditional)(?:[\w'-]{1,20} ){0,4}polic(?:y|ies)\b|policy violation|PROJECTPOLICYVIOLATION|\bviolates? (?:[\w'-]{1,20} ){0,4}polic(?:y|ies)\b|image (?:is |was )?(?:not signed|unsigned|untrusted|not trusted)|\b(?:unsigned|untrusted|prohibited|banned) image|image signature (?:is )?(?:missing|required|invalid|not)|\bsignature (?:is )?required|(?<!token |jwt )\bsignature (?:verification failed|could not be verified)|\bno (?:matching |valid |trusted )?signatures?\b|\b(?:cosign|notation|sigstore|ratify)\b[^;]{0,80}(?:fail|invalid|missing|denied|error)|\battestations? (?:is |are |was )?(?:not found|missing|required|invalid)|\bno (?:matching )?attestations?\b|\bvulnerabilit(?:y|ies)\b[^.;]{0,60}(?:found|exceed|threshold|block|severity|detected)|(?:critical|high|has|with|contains) (?:\d{1,6} )?(?:critical |high )?vulnerabilit|(?:image|registry|repository)\b(?! address)[^.;]{0,60} not (?:in|on|from|part of) (?:the |an? )?(?:list of )?(?:allowed|approved|trusted|permitted)\b(?! ip)|\b(?:image|registry|repository) (?:[^ ]{1,300} )?(?:is|are) (?:not (?:allowed|approved|trusted|permitted)|prohibited|untrusted|banned)\b(?! to)|\btrust data\b|content trust\b|binary authorization|(?:image|registry) access management|blocked by (?:[\w-]{1,20} ){0,3}(?:xray|curation|administrators?|aqua|prisma|twistlock|defender)\b|for legal reasons|\bquarantined\b|\bnot (?:been )?signed\b|\bCVEs?\b|\b(?:security|vulnerability) scan\b|\bverified publishers?\b|pulls? (?:is|are) held back/i,
  },
  {
    name: 'throttled-in-words',
    means: 'registries, object stores and kubelet: too much was asked for',
    label: 'rate-limited',
    needs: 'statement',
    pattern:
      /\b(?:throttled|rate[- ]limited)\b|\b(?:api|request|requests|data|download|pull|bandwidth|rate) (?:limit|quota) (?:was |has been |is )?(?:exceeded|reached|hit)|exceeded (?:the |your |its |a )?(?:[\w-]{1,20} ){0,2}(?:request|download|pull|bandwidth|rate) (?:limit|quota)|(?<!disk |storage )quota exceeded(?! for storage)|registry pull QPS|\btoo many (?:times|pulls)\b|\bSlowDown\b|reduce your request rate|(?:limit|quota) (?:of|for) [^.;]{0,60}(?:reached|exceeded|used up)\b/i,
  },
  {
    name: 'pull-secret-absent',
    means: 'platforms: the secret that the pull should sign in with is not there',
    label: 'identity-token',
    needs: 'statement',
    pattern:
      /(?:image ?pull ?|\bpull |registry |dockercfg )secrets?\b[^.;]{0,80}(?:not found|does ?n[o']t exist|missing)|\bsecrets?(?: ?ref)? ["']?[\w.-]{1,253}["']? (?:was |is )?(?:not found|missing)|\bsecrets? (?:["'][\w.-]{1,253}["'] )?is forbidden\b|\bMSI (?:endpoint|token)\b/i,
  },
];

/** Asked last. What a role could repair stands at the end. */
export const plainLast: readonly Rule[] = [
  {
    name: 'reference-in-words',
    means: 'platforms: the name of the image is no valid reference',
    label: 'invalid-reference',
    needs: 'statement',
    pattern:
      /\b(?:image|repository|tag) (?:names?|references?|is)\b[^.;"]{0,20} ?(?:invalid|not valid|malformed|empty|required|unparsable|too long)\b(?! with details)|(?:invalid|malformed|bad|illegal|unparsable|empty) (?:container |docker )?(?:image |repository )(?:names?|references?|uri|url|tags?)\b|\b(?:invalid|malformed) (?:tag|reference|repository)\b|(?:cannot|could ?n[o']t|unable to|failed to) parse (?:the )?(?:container |docker )?image\b(?! (?:config|manifest|index|layer))|must be (?:in )?lower ?case|illegal characters?\b|invalid character "." in host name|\bempty image\b|\b(?:invalid|malformed|illegal) name\b|\btoo many colons\b|\b(?:name|reference|tag) contains? (?:a |an )?(?:space|blank|invalid)|\breferences? (?:have|has|with) (?:no|a) scheme/i,
  },
  {
    name: 'space-in-words',
    means: 'platforms and runtimes: the disk has no room for the image',
    label: 'no-space',
    needs: 'statement',
    pattern:
      /\bdisk (?:is |was )?(?:full|pressure)|\bout of (?:disk|space)\b|disk space (?:is |was )?(?:exhausted|exceeded|insufficient)|(?<!507 )(?:insufficient|not enough|low) (?:ephemeral |local |disk )?storage\b|(?:ephemeral|local)[- ]storage (?:limit |quota )?(?:is |was )?(?:exceeded|full|exhausted)|\bstorage (?:is |was )?full|no (?:free )?inodes?\b|exceed(?:s|ed)? (?:the |its )?(?:[\w-]{1,20} ){0,3}(?:storage|disk)\b|\bnot enough room\b|\d ?[GMT]i?B (?:is |are )?(?:needed|required)\b/i,
  },
  {
    name: 'platform-in-words',
    means: 'platforms: the image is for another processor or operating system',
    label: 'platform-mismatch',
    needs: 'statement',
    pattern:
      /\b(?:platform|architecture|arch|os) mismatch|(?:wrong|incompatible|mismatched) (?:platform|architecture|cpu|operating system)\b|image (?:is|was) (?:only )?(?:built )?for (?:the )?(?:linux|windows|darwin|arm|amd)|\bbuilt for (?:(?:linux|windows|darwin)\/)?(?:arm|amd|aarch|x86)|(?:does not support|not available for|no|only) (?:the platform )?(?:linux|windows)\/\w{3,8}\b|(?:linux|windows)\/[\w/]{3,12} is not (?:available|supported)|(?:linux|windows) (?:images|containers) are (?:not )?|\bincompatible with (?:a \d|the (?:host|node))|not compatible with (?:the )?(?:host|node)|cannot run on this (?:platform|host|node)|no matching manifest\b|no descriptor (?:found )?for platform|operating system of the image [^ ]{1,300} does not|\bOS must be\b|(?:linux|windows)\/\w{3,8} only\b|found (?:linux|windows)\/\w{3,8},? (?:want|expected)|\b(?:is|has|for|supports?|runs?) (?:only )?(?:linux|windows)\/(?:arm|amd|386)\w{0,4}\b|\b(?:aarch64|armv[678]|x86_64)\b|\bwindows (?:image|container)s? on|\blinux (?:image|container)s? on|\barchitecture of the image\b/i,
  },
  {
    name: 'broken-in-words',
    means: 'platforms and runtimes: what arrived is damaged, or no image',
    label: 'image-invalid',
    needs: 'statement',
    pattern:
      /\b(?:checksum|sha256|hash|size|crc(?:32)?) mismatch|\bschema v?1\b|\bmedia ?types?\b|\bcorrupt(?:ed|ion)?\b|\b(?:layer|image|tar|archive|blob|manifest|config) (?:is |was |seems )?(?:broken|damaged|truncated|incomplete)|(?:unknown|unrecogni[sz]ed|unexpected|invalid) media ?type|(?:failed|cannot|could not|unable) (?:to )?(?:parse|unmarshal|decode) (?:the )?(?:image )?(?:manifest|config|index)\b|\bcannot unmarshal\b|unexpected end of JSON|\binvalid (?:image )?(?:config|layer|tar|zip|archive|manifest|index)\b|\bno layers\b|image (?:is empty|config is missing|has no )|too many layers|(?:unpack|untar|decompression|extraction|decompress) (?:failed|error)|(?:failed|unable) to (?:unpack|untar|decompress|extract)\b|\blchown\b|\bencrypted (?:layer|image)|decryption key|\bnot an? (?:valid )?(?:container |docker |oci )?image\b|\bis a helm chart|unsupported (?:artifact|compression|layer)|failed to mount (?:layer|\/)|\bbad layer\b|\bsnapshot \S{0,80} ?does not exist|\b(?:hash|check) ?sums?\b|\b(?:gzip|zstd|tar) (?:stream|archive|data)\b|(?:error|failed) (?:decoding|parsing|unpacking|reading) (?:the )?(?:manifest|config|layer|index)|\bapplication\/vnd\.[\w+.-]{1,80} (?:cannot|is not|can not)/i,
  },
  {
    name: 'certificate-in-words',
    means: 'clients in any language: the certificate or the handshake is not accepted',
    label: 'tls',
    needs: 'statement',
    pattern:
      /\bcertificates?\b|\b(?:certificate|host ?name) (?:name )?(?:mismatch|verification failed)|\bssl(?: connection)? (?:error|could not|failure)|WRONG_VERSION_NUMBER|\btls: (?!use of closed)\w|UntrustedRoot|ERR_CERT|CERT_HAS_EXPIRED|SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY|GET_ISSUER)|unknown (?:certificate )?(?:authority|issuer|ca)\b|UnknownIssuer|curl: \(60\)|remote certificate is invalid|insecure registry|HTTP response to (?:an )?HTTPS|\bnot yet valid\b|\b(?:TLS|SSL) (?:v?\d|version|protocol|alert)|\bplain HTTP\b/i,
  },
  {
    name: 'name-in-words',
    means: 'resolvers in any language: the name of the registry has no address here',
    label: 'dns',
    needs: 'statement',
    pattern:
      /\bdns\b|\bhost not found|\bunknown host\b|\blookup (?:timed out|failed|error)|lookup address information|no address associated|(?:(?:unable|failed) to|cannot|could ?n[o']t|error) (?:resolve|look(?:ing)? ?up) (?:the )?(?:registry\b|host|dns|[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}(?![\w/:.-]))|\bbad address\b|\bresolver error|\bresolve: |no (?:A |AAAA )?records? for/i,
  },
  {
    name: 'way-in-words',
    means: 'clients in any language: the registry could not be reached, or the connection broke',
    label: 'network',
    needs: 'statement',
    pattern:
      /(?<!deployment |rollout |revision |job )(?<!deployment has |rollout has )\btimed out\b(?! waiting for (?:the |a )?(?:condition|rollout|deployment|revision|pod))|(?<!gateway )\btime-?out\b(?![=:]? ?["'\d])|\bconnection (?:was |has been |is )?(?:closed|dropped|interrupted|failed|terminated)|closed (?:the )?(?:[\w-]{1,20} )?(?:connection|stream|socket)\b|(?:can ?not|can't|could ?n[o']t|unable to|failed to) (?:connect|reach|contact|dial)\b|\b(?:registry|host|server|network) (?:is |was )?(?:unreachable|not reachable)|\bunreachable (?:host|network)|\bsocket (?:hang up|closed|error)|\bshort read\b|premature end of|incomplete (?:read|download|message)|\bno progress\b|SSL_ERROR_SYSCALL|ERR_CONNECTION|ERR_TIMED_OUT|use of closed connection|deadline has elapsed|gave up after \d|slow network|gave up (?:waiting|after)\b|\bno (?:answer|response|reply)\b|\bbroke off\b/i,
  },
  {
    name: 'failing-in-words',
    means: 'registries and what stands in front of them: the server itself failed',
    label: 'registry-unavailable',
    needs: 'statement',
    pattern:
      /\binternal server error\b(?! occurred)|\bbad gateway\b|gateway time-?out|\bserver error\b|\bserver (?:is )?busy\b|\bServerBusy\b|maintenance\b|\b(?:registry|service|server|database) (?:is )?(?:currently |temporarily )?(?:unavailable|overloaded|not available|misconfigured)\b|\b(?:registry|service|server|database) is (?:currently |temporarily )?down\b|backend fetch failed|no healthy upstream|upstream (?:connect|server) error|\boverloaded\b|(?:returned|status|error)(?: code)?:? 5[0-3]\d\b|: 5[0-3]\d\b|\b5(?:07 insufficient|2\d <none>)|\borigin error\b|\b(?:registry|server|service|backend|storage)(?: of the registry)? is (?:offline|not ready|out of service|starting)\b|\bpool exhausted\b/i,
  },
  {
    name: 'absent-in-words',
    means: 'registries and platforms: the tag, the digest or the repository is not there',
    label: 'manifest-unknown',
    needs: 'statement',
    pattern:
      /\b(?:tag|repository|repo|image|manifest|digest|artifact|reference|project|resource|package|object)s? (?:name )?(?:["']?[^ "']{1,300}["']?,? )?(?:(?:was|is|has been|could|were) )?(?:not (?:be )?(?:found|known)|deleted|removed|does not exist)\b(?! in registry)|\b(?:unknown|no such|missing|non-?existent) (?:tag|repository|repo|image|manifest|digest|reference)\b|\bno (?:manifest|tag|image|version|digest)s? (?:found|matching|with|named|for)\b|(?:can ?not|could ?n[o']t|unable to|failed to) (?:find|locate) (?:the )?(?:container |docker )?(?:image|tag|manifest|repository)\b|\b(?:is|has) no (?:such )?tag\b|\b(?:tag|image|repository|manifest) (?:\S{1,300} )?doesn't exist|\b404\b|not known to the registry|(?<!code = |code=)\bNotFound\b|\bNOT_FOUND\b|(?:Image|Repository)NotFound|\b410 gone\b|\b(?:registry|repository) has no \S|\b(?:deleted|removed|purged) from the (?:registry|repository)|\bremoved by its owner|\bno (?:component|artifact|package) \S{1,200} (?:with|in)\b/i,
  },
  {
    name: 'sign-in-in-words',
    means: 'platforms and credential providers: there is no identity or no token to ask the registry with',
    label: 'identity-token',
    needs: 'statement',
    pattern:
      /\b(?:identity|service principal|client secret)\b[^.;]{0,40} (?:deleted|expired|disabled|missing)\b|\bno identity (?:is |was )?configured|\bfederated (?:token|identity)\b|(?:can ?not|could ?n[o']t|unable to|failed to) (?:fetch|get|obtain|refresh|acquire|load|retrieve|read) (?:an? |the )?(?:(?!oauth|anonymous)[\w-]{1,20} ){0,3}(?:tokens?|credentials?)\b|docker ?config(?: ?json)?\b|\bcredential helper\b|\bidentity\b[^.;]{0,60}(?:does not belong to|not attached)\b/i,
  },
  {
    name: 'refused-in-words',
    means: 'registries: the user, the password, the token or its rights do not suffice',
    label: 'unauthorized',
    needs: 'statement',
    pattern:
      /\bauth(?:entication|orization)? (?:token |header )?(?:failed|failure|error|rejected|missing|header)|\b(?:invalid|wrong|incorrect|expired|bad|missing|rejected|revoked) (?:user ?names?(?: or password)?|password|credentials?|(?:access |auth |bearer )?token|scope|api key|authorization header)\b|\b(?:user ?name|password|credentials?|token|jwt|api key|account|service account key)s?\b[^.;]{0,40}\b(?:invalid|not valid|incorrect|wrong|expired|revoked|rejected|locked|disabled|suspended)\b|(?:does ?n[o']t|do ?n[o']t|do not|does not|no|lacks?|without|not granted|been granted) (?:have |match |the |required |expected ){0,3}(?:[\w:-]{1,20} ){0,2}(?:permissions?|rights|scopes?|privileges)\b|not (?:authenticated|permitted to pull)\b|(?:unable|failed) to authenticate|\blog ?in (?:is )?required|please (?:log|sign) in\b|(?:requires?|needs) (?:an? )?(?:authentication|authorization|subscription|login)\b|\b(?:project|repository|image) is private\b|\bunauthenticated\b|payment required|(?:(?:http\/\d(?:\.\d)?|with|got|error:?|returned|:) |\()40[13]\b|access is denied|(?:lacks?|missing|without|not have|no)\b[^.;]{0,40}\bacrpull\b|\binvalid_grant\b|subscription has expired|(?:rejected|refused) the (?:token|credentials?|password)\b|\bnot granted the\b|\baccount\b[^.;]{0,40}\bdeactivated\b/i,
  },
];
