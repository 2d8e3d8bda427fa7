// Reads what a message names: image, registry, refused address, status, identity. Names are data: rules never read them.

import { parseImageRef } from '../words/image-ref.ts';
import { isSameRegistry } from '../words/registry-host.ts';
import type { Suspicion } from './labels.ts';
import { withoutMirror } from './mirror.ts';

export type Named = Pick<Suspicion, 'image' | 'registry' | 'tag' | 'refusedIp' | 'httpStatus' | 'identity'>;

/** A reference with a host and a tag or a digest, wherever it stands. A line of a source file is none: `k8s.io/client-go/cache/reflector.go:147`. */
export const bareReference =
  /(?<![\w./-])((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,20}(?::\d{2,5})?\/[\w./-]{1,200}(?!(?<=\.(?:go|rs|py|java|rb)):\d{1,6}(?![\w.-]))(?::\w[\w.-]{0,127}(?:@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64}))/i;

/** Where software puts the reference of the image, the surest place first. */
export const imagePlaces: readonly RegExp[] = [
  // Container Apps writes "Invalid value" of every field of a template: a secret, a suffix, a volume.
  /\.image' is invalid with details: ["']?Invalid value: ["']([^"' ]{1,400})["']/i,
  /\bInvalid value: ["']([^"' ]{1,400})["']: (?:GET|HEAD)\b/i,
  /\bfailed to (?:pull and unpack|pull|resolve) (?:the )?(?:container |base )?(?:image|reference) ["']([^"' ]{1,400})["']/i,
  /\b(?:pulling|pull|pulled|access|inspect|initializing) (?:the )?(?:container |docker )?image:? ["']([^"' ,;]{2,400})["']/i,
  /\b(?:pulling|pull|pulled|access|inspect|initializing) (?:the )?(?:container |docker )?image:? ([^"' ,;]{1,400}[/:@][^"' ,;]{1,400})/i,
  /\b(?:image|reference)(?: for| with reference)?:? ["']([^"' ]{1,400})["']/i,
  /\bimage ([^"' ,;]{1,400}[/:@][^"' ,;]{1,400}) (?:not found|was not found|is not accessible|could not be)/i,
  /\bImage pull for ([^"' ,;]{2,400}) failed/i,
  /\bto access image ([^"' ,;]{2,400}?)\.? /i,
  /\bmanifest for ([^"' ,;]{2,400}) not found/i,
  /\bpull access denied for ([^"' ,;]{2,400}),/i,
  /\brepository ([^"' ,;]{2,400}) not found/i,
  /\bdocker:\/\/((?:(?!docker:\/\/)[^"' ,;]){2,400}?)["':]? /i,
  /\breading manifest [^ ]{1,140} in ([^"' ,;]{2,400}?):? /i,
  /\bUnable to find image '([^']{1,400})' locally/i,
  /\bgot back-off pulling image ([^"' ,;]{2,400})/i,
  bareReference,
];

/** Where only the host of the registry stands. */
export const hostPlaces: readonly RegExp[] = [
  /\b(?:for|to|resolve) registry ['"]?([\w.-]{3,255}(?::\d{1,5})?)['"]?/i,
  /https?:\/\/ ?([\w.-]{3,255}(?::\d{1,5})?)\/(?:v2|oauth2|v1)\b/i,
  /\bservice=([\w.-]{3,255}\.azurecr\.[a-z]{2})\b/i,
  /\blookup ([\w.-]{3,255}\.[a-z]{2,20})\b/i,
  // A domain label follows the name behind a hyphen; regional, data and private hosts have labels of their own behind it.
  /(?<![\w.-])((?!privatelink\.)[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){0,4}\.azurecr\.[a-z]{2})\b/i,
  /\b((?:[\w-]{1,63}\.){0,6}(?:docker\.io|ghcr\.io|quay\.io|gcr\.io|pkg\.dev|ecr\.aws|mcr\.microsoft\.com|registry\.k8s\.io))\b/i,
];

/**
 * Where a text that names an image says which registry was asked. Azure signs in to the registry of every entry of an app before it pulls, and
 * tells of a failed sign-in beside the image. A host that only takes part in a pull (a proxy, a store of layers) stands in none of these places.
 */
const askedPlaces: readonly RegExp[] = [
  /\b(?:for|to) (?:the )?registry:? ['"]?((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,20}(?::\d{1,5})?)\b/i,
  /\baccess to registry:? ['"]?((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,20}(?::\d{1,5})?)\b/i,
  /https?:\/\/ ?((?!login\.|auth\.)(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,20}(?::\d{1,5})?)\/(?:v2\/?(?=["'\s:?]|$)|oauth2\/(?:token|exchange)\b)/i,
  // A request with `ns` goes to a mirror, which asks the image's own registry (containerd, docs/hosts.md).
  /https?:\/\/ ?([a-z0-9][\w.-]{2,253}\.azurecr\.[a-z]{2})\/v2\/[^\s"'?]{1,300}(?=["'\s]|$|\?(?!ns=))/i,
  /\bservice=([\w.-]{3,255}\.azurecr\.[a-z]{2})\b/i,
  /\blookup ((?:[a-z0-9-]{1,63}\.){1,4}azurecr\.[a-z]{2})\b/i,
];

/** Docker Hub answers under several names, and a registry of Azure under its name in the private zone too; references know one. */
const hubHosts = new Set(['registry-1.docker.io', 'index.docker.io', 'auth.docker.io', 'registry.docker.io']);

function registryName(host: string): string {
  const lower = host.toLowerCase();
  return hubHosts.has(lower) ? 'docker.io' : lower.replace(/\.privatelink(?=\.azurecr\.[a-z]{2}(?::\d{1,5})?$)/, '');
}

function firstCapture(places: readonly RegExp[], text: string): string | undefined {
  for (const place of places) {
    const found = place.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The registry that a text is about: the one that was asked where the text names it, else that of the image, else any host that it names. */
function registryIn(text: string, ofImage: string | undefined): string | undefined {
  const host = ofImage ?? firstCapture(hostPlaces, text);
  const named = host === undefined ? undefined : registryName(withoutTail(host));
  const asked = ofImage === undefined ? undefined : firstCapture(askedPlaces, text);
  if (named === undefined || asked === undefined) return named;
  return isSameRegistry(registryName(asked), named) ? named : registryName(asked);
}

/** Words of a sentence that stand where a reference would: "image pull failed", "the image was not found". */
const wordsNotImages =
  /^(?:an?|the|was|is|are|be|been|has|had|have|not|no|does|did|could|can|cannot|may|from|for|in|of|on|to|at|as|by|with|and|or|but|that|this|pull|pulls|pulling|pulled|failed|fails|failure|failures|failing|error|errors|with|reason|because|due|name|names|registry|repository|tag|tags|digest|config|configuration|layer|layers|manifest|image|images|container|docker|succeeded|complete|completed|unsuccessful|access|is|denied|timeout|timed|secret|secrets|policy|status|id|ids|size|platform|reference|operation|attempt|request|response|using|via|after|before|while|when|it|its|your|our|unknown)$/i;

/**
 * A bare version, such as `v1-0`, is a tag or a revision that the sentence speaks of. Only where a runtime says what it pulls is it a name: an
 * image field that holds nothing but a tag is asked for under that name.
 */
function isOnlyVersion(written: string, text: string): boolean {
  if (!/^v?\d{1,8}(?:[._-]\d{1,8}){0,4}$/i.test(written)) return false;
  const asked = /\b(?:pull and unpack|pull|pulling|resolve) (?:image|reference) ["']([^"' ]{1,400})["']/i.exec(
    text,
  )?.[1];
  return asked === undefined || withoutTail(asked) !== written;
}

function withoutTail(reference: string): string {
  return reference.replace(/[.,:;)\]]{1,8}$/, '');
}

/** The reference as the text writes it, valid or not: an invalid one is masked too, and not handed over. */
function writtenImage(text: string): string | undefined {
  for (const place of imagePlaces) {
    const found = place.exec(text)?.[1];
    const written = found === undefined ? undefined : withoutTail(found);
    if (written === undefined || wordsNotImages.test(written) || isOnlyVersion(written, text)) continue;
    if (parseImageRef(written) !== undefined) return written;
  }
  return imageOfUrl(text);
}

/** A manifest URL names the image in pieces: host, repository, tag or digest. */
function imageOfUrl(text: string): string | undefined {
  const url = /https?:\/\/ ?([\w.:-]{1,255})\/v2\/([\w./-]{1,255})\/manifests\/([\w.:-]{1,140})/i.exec(text);
  if (url === null) return undefined;
  const [, host = '', repository = '', last = ''] = url;
  const mark = last.startsWith('sha256:') ? '@' : ':';
  const image = `${registryName(host)}/${repository}${mark}${withoutTail(last)}`;
  return parseImageRef(image) === undefined ? undefined : image;
}

/** Statuses of the local daemon and of Azure's control plane, which wrap the registry's own. */
function withoutOtherStatuses(text: string): string {
  return text.replace(
    /\(HTTP code \d{3}\)|HTTP code (?:is )?\d{3} which indicates|API error \(\d{3}\)|docker api responded with status ?code ?[=:] ?["']?\w{1,40}|\d{3} Server Error for http\+docker:|unexpected status \d{3} \([^)]{1,60}\) with (?:error|response)|service returned an error\. status=\d{3}|status: \d{3} \([^)]{1,60}\) ?errorcode|httpstatuscode[=:] ?\w{1,40}/gi,
    ' ',
  );
}

function statusWithin(text: string): number | undefined {
  const status =
    /\b(?:status|HTTP|response)(?: code)?(?: from (?:\w{3,6} )?request to [^ ]{1,300})?(?: https?:\/\/[^ ]{1,300})?[ :=(]{1,3}([45]\d\d)\b/i.exec(
      text,
    )?.[1] ??
    /\b(40[0-9]|429|50[0-4]) (?:unauthorized|forbidden|not found|bad request|too many|internal|bad gateway|service|gateway)/i.exec(
      text,
    )?.[1];
  return status === undefined ? undefined : Number(status);
}

/** A name in quotes, a resource id, a GUID, or one of the platform's own names. Other words after "managed identity" are the sentence. */
function identityWithin(text: string): string | undefined {
  const written =
    /managed identity:? (?:["']([^\s'"]{1,300})["']|(system(?:-environment)?\b|\/subscriptions\/[^\s'",;)]{1,300}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))/i.exec(
      text,
    );
  return written?.[1] ?? written?.[2]?.replace(/[.:]$/, '');
}

/**
 * The names in the text. Each value may be a lie of the program that wrote the text. `mayNameImages`: the text has a word without which it
 * names no image and no registry.
 */
export function namedIn(written: string, mayNameImages = true): Named {
  const text = mayNameImages ? withoutMirror(written) : written;
  const image = mayNameImages ? writtenImage(text) : undefined;
  const parsed = image === undefined ? undefined : parseImageRef(image);
  const registry = mayNameImages ? registryIn(text, parsed?.registry) : undefined;
  const refusedIp = /client with ip ['"]?([0-9a-f.:]{3,45})['"]?/i.exec(text)?.[1];
  const httpStatus = statusWithin(text) === undefined ? undefined : statusWithin(withoutOtherStatuses(text));
  const identity = identityWithin(text);
  return {
    ...(image === undefined ? {} : { image }),
    ...(registry === undefined ? {} : { registry }),
    ...(parsed?.tag === undefined ? {} : { tag: parsed.tag }),
    ...(refusedIp === undefined ? {} : { refusedIp }),
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(identity === undefined ? {} : { identity }),
  };
}

/** The image that the text names, of all names the only one that changes what rules read. */
export function imageIn(written: string, mayNameImages = true): string | undefined {
  return mayNameImages ? writtenImage(withoutMirror(written)) : undefined;
}

/** Takes the names out, so that an image called `toomanyrequests` or `external-dns` cannot decide. */
export function withoutNames(text: string, image: string | undefined): string {
  // Without a quote or such a path nothing but the image is left to take out.
  const quoted = /["']|\/v2\//i.test(text) ? withoutQuoted(text) : text;
  return image !== undefined && /[/:]/.test(image) && image.length > 4 ? quoted.replaceAll(image, '<image>') : quoted;
}

function withoutQuoted(text: string): string {
  // What begins like such a path is passed over as a whole where it is none: a text of nothing else would be read from each of its beginnings.
  const urls = text.replace(
    /(\/v2\/)(?:(?!\/(?:manifests|blobs)\/)[^\s"':?]){1,300}(?:\/((?:manifests|blobs)\/)[^\s"'?,)]{1,200}?(?=[\s"'?,)]|: |:?$))?/gi,
    (path, start: string, kind: string | undefined) => (kind === undefined ? path : `${start}${kind}<ref>`),
  );
  return urls
    .replace(/\b(image|value:|for) (["'])(?![#$])[^"'\s]{1,400}\2/gi, '$1 "<image>"')
    .replace(/\b(reference) (["'])(?![#$])(?=[^"'\s]{0,400}[/:@])[^"'\s]{1,400}\2/gi, '$1 "<image>"')
    .replace(/\b(container|revision|replica|app|pod) (["'])[^"'\s]{1,400}\2/gi, '$1 "<name>"');
}
