// Words without which no pattern of a table can match. One search for all of them comes first: of a hundred lines of a healthy log it lets
// few through, and costs less than a single pattern of the table. A test proves the words from the syntax of the patterns.

/** Clues that a text speaks of a pull, and rules that need no clue. */
export const pullWords: readonly string[] = listed(
  'image|pull|registr|repository|manifest|docker|layer|blob|digest|snapshot|ctr:|azurecr|ghcr.io|quay.io',
  'gcr.io|ecr.aws|amazonaws|mcr.microsoft|r8.im|nvcr.io|/v2/|/v1/|oauth2|jwt/auth|token|credential|secret',
  'authoriz|aad|az acr |aka.ms/acr|denied|client with ip|connectivity_|from daemon|failed to resolve',
  'failed to copy|failed to do request|failed commit|httpreadseeker|trying next|unexpected http status',
  'parsing http|toomanyrequests|hap429|ull rate limit|https::|unknown: |name_unknown|signature|trust|xray',
  'quarantined|verification|reference format|tag can only|short-name|cannot specify 64-byte|for platform',
  'with platform|matching platform|specified platform|operating system|osversionnotsupported',
  'unsupportedwindowsversion|media type|mediatype|media-type|but client|but accept|oci index',
  'encountered remote|encountered unknown|error verifying s|failed size validation|content size of|diff id|config sha256',
  'processing tar|mapped to a host id|untar|whiteout|uids or gids|no space left on device: unknown|/var/lib/',
  'unpacking|download|load metadata|cache key|default tag',
);

/** Texts that borrow the words of a pull failure. */
export const lookAlikeWords: readonly string[] = listed(
  'exit code|probe|.vault.|syncing secret|managed identity|key vault|mountvolume|attachvolume|failedmount',
  'failedattach|keda|scaledobject|failedget|failedcompute|scale_handler|scalehandler|scaling decision',
  '✓|✕|✖|×|--- pass: |--- fail: |--- skip: |::|ok ',
  'scale decision|dapr|err_|did not complete|non-zero code|client with ip|http/1|http/2|http.request',
  '/api/v1/n|/api/v1/secrets|/apis/|is forbidden: user',
);

/** Words of progress, which are taken out. */
export const asideWords: readonly string[] = listed(
  'container image|status: |pull|500|internalservererror|internal error',
);

/** Places where the reference of an image or the host of a registry stands. */
export const nameWords: readonly string[] = listed(
  'invalid value|image|reference|manifest|denied for|repository |docker://|registry|/v2|/v1|/oauth2',
  'service=|lookup |azurecr.|docker.io|ghcr.io|quay.io|gcr.io|pkg.dev|ecr.aws',
  'mcr.microsoft|k8s.io',
);

const words = { pull: pullWords, lookAlike: lookAlikeWords, aside: asideWords, name: nameWords };

/** A group of patterns with one gate in front. */
export type Gated = keyof typeof words;

const gates: Readonly<Record<Gated, RegExp>> = {
  pull: anyOf(words.pull),
  lookAlike: anyOf(words.lookAlike),
  aside: anyOf(words.aside),
  name: anyOf(words.name),
};

/** A reference without any such word: a host, a path behind it. */
const hostBeforePath = /\.[a-z]{2,20}(?::\d{2,5})?\//;

/** False if no pattern of the group can match the text, which must be in lower case. */
export function mayMatch(group: Gated, lower: string): boolean {
  return gates[group].test(lower) || (group === 'name' && hostBeforePath.test(lower));
}

function listed(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split('|'));
}

function anyOf(literals: readonly string[]): RegExp {
  return new RegExp(literals.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)).join('|'));
}
