// What the text of a log claims: a label, the rule that matched and what the text names. A suspicion, never a diagnosis.
import { parseImageRef } from './image-ref.ts';

export const labels = [
  'unauthorized',
  'identity-token',
  'manifest-unknown',
  'dns',
  'network',
  'firewall',
  'rate-limited',
  'registry-unavailable',
  'tls',
  'platform-mismatch',
  'invalid-reference',
  'image-invalid',
  'no-space',
  'unknown-pull-failure',
  'not-a-pull-failure',
] as const;
export type Label = (typeof labels)[number];

export interface Suspicion {
  readonly label: Label;
  readonly rule: string;
  /** The matched words, capped and without control characters. */
  readonly words: string;
  readonly image?: string;
  readonly registry?: string;
  readonly tag?: string;
  readonly refusedIp?: string;
  readonly httpStatus?: number;
  readonly identity?: string;
}

export interface LogColumns {
  readonly reason?: string;
  readonly type?: string;
  readonly eventSource?: string;
}

interface Rule {
  readonly name: string;
  readonly label: Label;
  readonly pattern: RegExp;
}

/** Texts above this are cut: what matters stands at the start. */
const longest = 16_384;

/** The text speaks of pulling an image at all. */
const aboutPull =
  /ImagePull|ErrImagePull|pull(?:ing)? image|image pull|pull access denied|failed to pull|registry secret|not found in registry|access image|toomanyrequests|MANIFEST_UNKNOWN|NAME_UNKNOWN|aka\.ms\/acr|unable to pull image|containers\.[\w-]{1,60}\.image'|Field 'template\.containers|InvalidImageName|failed to resolve reference/i;

/** In the order in which they win: the most specific cause first. */
const rules: readonly Rule[] = [
  {
    name: 'acr-firewall',
    label: 'firewall',
    pattern: /client with IP '[^']{1,60}' is not allowed access|aka\.ms\/acr\/firewall/i,
  },
  {
    name: 'too-many-requests',
    label: 'rate-limited',
    pattern: /toomanyrequests|too many requests|HTTP 429|rate limit/i,
  },
  {
    name: 'no-such-host',
    label: 'dns',
    pattern: /no such host|server misbehaving|lookup [^\s:]{1,255}(?: on [^\s]{1,60})?: i\/o timeout/i,
  },
  { name: 'certificate', label: 'tls', pattern: /x509:|certificate signed by|HTTP response to HTTPS client/i },
  {
    name: 'platform',
    label: 'platform-mismatch',
    pattern: /no match for platform|no child with platform|image OS\/Arc/i,
  },
  {
    name: 'reference',
    label: 'invalid-reference',
    pattern: /InvalidImageName|could(?: not|n't) parse (?:image )?reference|invalid reference format/i,
  },
  { name: 'space', label: 'no-space', pattern: /no space left on device/i },
  {
    name: 'identity',
    label: 'identity-token',
    pattern: /unable to pull image using Managed identity|AADSTS\d{3,8}|identity not found/i,
  },
  {
    name: 'manifest-unknown',
    label: 'manifest-unknown',
    pattern: /MANIFEST_UNKNOWN|NAME_UNKNOWN|manifest unknown|manifest tagged by/i,
  },
  {
    name: 'unauthorized',
    label: 'unauthorized',
    pattern:
      /unauthorized|authentication required|insufficient_scope|pull access denied|error status: 40[13]\b|40[13] (?:Unauthorized|Forbidden)/i,
  },
  { name: 'not-found', label: 'manifest-unknown', pattern: /not found in registry|: not found\b/i },
  {
    name: 'unreachable',
    label: 'network',
    pattern:
      /i\/o timeout|connection refused|connection reset|no route to host|TLS handshake timeout|deadline exceeded|\bEOF\b/i,
  },
  { name: 'server-error', label: 'registry-unavailable', pattern: /50[0234] (?:Internal|Bad|Service|Gateway)/i },
  {
    name: 'pull-without-cause',
    label: 'unknown-pull-failure',
    pattern: /ImagePull(?:Failure|BackOff)|ErrImagePull|Persistent Image Pull Errors|Back-off pulling image/i,
  },
];

const pullReasons = new Set([
  'imagepullunauthorized',
  'imagepullfailure',
  'imagepullfailed',
  'errimagepull',
  'imagepullbackoff',
]);
/** The platform's words for what succeeded or is under way. */
const harmless =
  /^(?:Successfully pulled image|Pulling image|Created container|Started container|Successfully provisioned)/;

function clean(words: string): string {
  return words.replace(/\p{Cc}/gu, ' ').slice(0, 200);
}

const imagePattern =
  /\b((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,20}(?::\d{2,5})?\/[a-z0-9._/-]{1,200}(?::[\w.-]{1,128})?(?:@sha256:[0-9a-f]{64})?)/i;

function named(text: string): Partial<Suspicion> {
  const image = imagePattern.exec(text)?.[1]?.replace(/[.,]$/, '');
  const parsed = image === undefined ? undefined : parseImageRef(image);
  const refusedIp = /client with IP '([0-9a-f.:]{3,45})'/i.exec(text)?.[1];
  const status = /\b(?:status|HTTP)(?: code)?:? ([45]\d\d)\b/i.exec(text)?.[1];
  const identity = /managed identity '?([^\s']{1,300})/i.exec(text)?.[1];
  return {
    ...(parsed === undefined || image === undefined ? {} : { image, registry: parsed.registry }),
    ...(parsed?.tag === undefined ? {} : { tag: parsed.tag }),
    ...(refusedIp === undefined ? {} : { refusedIp }),
    ...(status === undefined ? {} : { httpStatus: Number(status) }),
    ...(identity === undefined ? {} : { identity }),
  };
}

/** Labels one text. Total: every input has an answer. */
export function classify(text: string, columns: LogColumns = {}): Suspicion {
  const read = text.slice(0, longest).replaceAll('\\u0027', "'").replaceAll('\\u0022', '"').replaceAll('\\"', '"');
  const reason = (columns.reason ?? '').toLowerCase();
  const about = pullReasons.has(reason) || aboutPull.test(read);
  if (about && !harmless.test(read)) {
    for (const rule of rules) {
      const match = rule.pattern.exec(read);
      if (match !== null) return { label: rule.label, rule: rule.name, words: clean(match[0]), ...named(read) };
    }
    if (pullReasons.has(reason))
      return { label: 'unknown-pull-failure', rule: 'reason', words: clean(columns.reason ?? ''), ...named(read) };
  }
  return { label: 'not-a-pull-failure', rule: 'none', words: clean(read.slice(0, 80)) };
}

/** Whether the label says that a pull failed. */
export function isPullFailure(label: Label): boolean {
  return label !== 'not-a-pull-failure';
}
