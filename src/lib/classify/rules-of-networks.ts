// Rules about the way to a registry: names that do not resolve, connections that do not open, certificates.

import type { Rule } from './rule.ts';

export const names: readonly Rule[] = [
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

export const path: readonly Rule[] = [
  {
    name: 'connection-failed',
    means: 'Go, curl, Python, Windows: an address was dialled and no connection came about, or it broke',
    label: 'network',
    needs: 'registry',
    pattern:
      /i\/o timeout|connection refused|connection (?:was )?reset|no route to host|network is (?:unreachable|down)|host is (?:down|unreachable|not reachable)|connection timed out|operation timed out|broken pipe|use of closed network connection|connectex|wsarecv|wsasend|forcibly closed|actively refused|connection aborted|connection lost|ECONNRE(?:FUSED|SET)|ETIMEDOUT|EHOSTUNREACH|connect: (?:permission denied|operation not permitted|cannot assign)|dial tcp:? missing address|failed to (?:establish a new connection|connect to)|unable to connect to|bad record MAC|socket is not connected|curl: \((?:7|28|35|52|56)\)|destination host unreachable|transport connection broken|(?<!listen )\btcp[46]? (?:\d{1,3}(?:\.\d{1,3}){3}|\[[\w:.%]{2,60}\]):\d{1,5}(?:->[^ ]{3,60})?:/i,
  },
  {
    name: 'answer-timed-out',
    means: 'Go: the connection stood and the answer did not come in time, or ended early',
    label: 'network',
    needs: 'registry',
    pattern:
      /TLS:? handshake (?:timeout|timed out)|context deadline exceeded|Client\.Timeout|request canceled|timeout awaiting response|awaiting headers|(?:[:"'] ?|unexpected |\()EOF\b|GOAWAY|stream error: stream ID|server closed idle|http2: |transport is closing|timeout exceeded|(?:request|read|connect|connection|pull(?:ing)?(?: of)?(?: image)?(?: ["']?<image>["']?)?) (?:timed out|time-?out)|short read: expected|(?<!progress )deadline exceeded|context cancell?ed|download stalled/i,
  },
  {
    name: 'proxy-failed',
    means:
      'Go: the proxy on the way to the registry failed or refused; its refusal of a tunnel is the bare status in place of an answer',
    label: 'network',
    needs: 'registry',
    pattern:
      /proxyconnect|proxy authentication required|proxy error|\bproxy (?:[\w.:-]{1,80} )?(?:returned|answered|responded|refused|denied)\b|tunnel connection failed|\b407 proxy|\bdo request: (?:Head|Get) \\?"https?:[^" ]{1,400}": Forbidden\b/i,
  },
];

export const encrypted: readonly Rule[] = [
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
