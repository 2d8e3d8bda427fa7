// Rules about the image itself: its name, its platform, its layers, and the disk that they are unpacked to.

import type { Rule } from './rule.ts';

export const reference: readonly Rule[] = [
  {
    name: 'kubelet-invalid-name',
    means: 'kubelet: the image field does not hold a valid reference; kubelet never asked a registry',
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
      /ContainerAppInvalidImageFormat|invalid (?:image )?reference format(?! (?:in|for|of)\b)|repository name must (?:be lowercase|have at least|not be)|repository name (?:\([^)]{1,200}\) )?must be lowercase|cannot specify 64-byte hex|repository can only contain the (?:runes|characters)|registries must be valid RFC ?3986|a digest must contain exactly one|(?:tag|digest) can only contain the|invalid checksum digest (?:length|format)|is not a valid repository\/tag|not a valid image reference/i,
  },
  {
    name: 'reference-format-beside-registry',
    means:
      'many tools: their words for a reference that does not parse; other programs use the same for names of their own',
    label: 'invalid-reference',
    needs: 'registry',
    pattern:
      /could not parse (?:image )?reference|strict validation requires|invalid repository name|invalid image name\b|invalid tag format/i,
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

export const space: readonly Rule[] = [
  {
    name: 'disk-full',
    means: 'runtimes: the disk of the node is full while a layer is written',
    label: 'no-space',
    needs: 'registry',
    pattern: /no space left on device|not enough (?:disk )?space|disk quota exceeded|insufficient disk space|enospc/i,
  },
  {
    name: 'disk-full-of-containerd',
    means:
      'containerd: the suffix of an error that came over its API, so a program inside a container did not write it',
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
      /image(?: size)?(?: is)? too (?:large|big)|image\b.{0,120}\bexceeds? (?:the |its )?(?:maximum|limit|allowed|size|(?:available |ephemeral |local )?(?:disk|storage)\b)|\bimage\b.{0,60}\b(?:larger than (?:the )?(?:maximum|max|limit|allowed)|above the (?:size )?limit of \d{1,5} ?[GMT]i?B)|(?:maximum|max) image size/i,
  },
  {
    name: 'named-image-too-large',
    means: 'serverless platforms: the image that the text names is above their limit',
    label: 'no-space',
    needs: 'nothing',
    pattern:
      /\bimage "?<image>"?,?(?: of [\d.]{1,8} ?[KMG]i?B)? (?:is too (?:large|big)\b|exceeds\b)|\bimage size\b[^.<]{0,40}(?:\.\d[^.<]{0,20})?\bof "?<image>"? exceeds\b/i,
  },
];

export const platform: readonly Rule[] = [
  {
    name: 'no-platform-in-index',
    means: 'containerd, Docker, go-containerregistry, podman, ECS, Cloud Run: the index has no image for this platform',
    label: 'platform-mismatch',
    needs: 'nothing',
    pattern:
      /no match for platform|no matching manifest for (?:linux|windows|darwin|unknown|<)|no child with platform|no image found in (?:manifest list|image index) for|image OS\/Arch?(?:itecture)? must be|no manifest (?:found )?for platform|does not provide the specified platform|image with reference .{1,300} does not match the (?:specified|expected|detected host) platform|found no matching entries for platform|does not contain descriptor matching platform|manifest type .{1,120} must support (?:amd64\/linux|linux\/amd64)/i,
  },
  {
    name: 'other-operating-system',
    means: 'Docker on Windows, ACI: the operating system of the image is not that of the host',
    label: 'platform-mismatch',
    needs: 'nothing',
    pattern:
      /image operating system .{1,40} cannot be used on this platform|\bOS (?:type )?of (?:the )?(?:container )?image .{1,320} (?:does not|doesn't) match|OsVersionNotSupported|ImageOsTypeNotMatchContainerGroup|UnsupportedWindowsVersion|container operating system does not match the host|windows version .{1,60}based image is incompatible/i,
  },
  {
    name: 'architecture-unsupported',
    means: 'platforms: they refuse the architecture or operating system of an image',
    label: 'platform-mismatch',
    needs: 'registry',
    pattern:
      /(?:architecture|operating system|platform) (?:['"]?[\w/.-]{1,40}['"]? )?(?:of the image )?(?:is )?(?:not supported|unsupported|not compatible)|unsupported (?:os|platform|architecture|operating system)\b|does not match the (?:specified|expected|detected host) platform|cannot be used on this platform|no matching manifest for|OS type .{1,80} (?:of image|does not match)|exec format error/i,
  },
];

export const broken: readonly Rule[] = [
  {
    name: 'schema-1',
    means: 'containerd 2, Docker, podman: the image is in the removed manifest format',
    label: 'image-invalid',
    needs: 'nothing',
    pattern:
      /distribution\.manifest\.v1\+(?:prettyjws|json)|\bunsupported manifest schema version|schema ?1 (?:image )?manifests? (?:is|are)|manifest (?:version )?v?2,? schema ?v?1\b.{0,80}(?:deprecated|removed|disabled|no longer supported|not supported)/i,
  },
  {
    name: 'schema-1-beside-registry',
    means:
      'a registry or a pull refuses the old manifest format, in words that browsers and bundlers use of their own manifests',
    label: 'image-invalid',
    needs: 'registry',
    pattern:
      /manifest(?: version)?(?: v?2,? schema)? ?v?1\b.{0,80}(?:deprecated|removed|disabled|no longer supported|not supported)|\bunsupported schema version/i,
  },
  {
    name: 'media-type',
    means:
      'the registry has something by this name, and it is not an image that can run; ACR says so under the code MANIFEST_UNKNOWN',
    label: 'image-invalid',
    needs: 'nothing',
    pattern:
      /unsupported (?:manifest )?media ?type(?: and no default available)?:? ["']?application\/vnd\.(?:docker|oci|cncf|in-toto|dev\.)[\w+.-]{0,80}|unsupported image manifest\b|but (?:client|accept header) (?:accepts|does not support)|media ?type ["']?application\/vnd\..{0,120}(?:is )?(?:not supported|no longer supported|unsupported)|unsupported image-specific operation|encountered (?:remote|unknown type) "?(?:application|unknown)|no processor for media-type|mediaType in manifest should be|OCI index found, but/i,
  },
  {
    name: 'digest-mismatch',
    means: 'the bytes that arrived are not those that the digest or the size names',
    label: 'image-invalid',
    needs: 'nothing',
    pattern:
      /failed size validation|unexpected commit digest|(?:layer|image|manifest|config) verification failed for digest|error verifying (?:sha256|size)|wrong diff id|image config verification|mismatched image rootfs|layers from manifest don't match|number of layers and diffIDs don't match|reports content size of zero|invalid rootfs in image configuration|\bMANIFEST_INVALID\b|digest (?:did not|does not) match[^.]{0,60}sha256:/i,
  },
  {
    name: 'manifest-invalid',
    means:
      'the manifest or its digest is wrong; other programs have manifests and digests too, so a registry must be named',
    label: 'image-invalid',
    needs: 'registry',
    pattern:
      /digest (?:did not|does not) match|digest mismatch|manifest verification failed|manifest invalid\b|\bmanifest is (?:invalid|corrupt)|invalid manifest\b/i,
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
      /failed to (?:extract|register|apply) layer:? (?:sha256|"?<|\(|error processing|archive\/tar|applylayer|exit status|unexpected|unlinkat|lchown|link |symlink|mkdir|open \/|rename|operation not|container id|devmapper|re-exec|failed to|hcsshim|max depth)|ApplyLayer exit status|error processing tar file|cannot be mapped to a host id|untar re-exec error|failed to convert whiteout|potentially insufficient uids or gids|failed to unpack image on snapshotter|failed to prepare extraction snapshot|apply layer error/i,
  },
  {
    name: 'archive-broken',
    means: 'unpackers: the compressed data is not what they expect',
    label: 'image-invalid',
    needs: 'registry',
    pattern:
      /invalid tar header|gzip: invalid|(?:zstd|flate|gzip|bzip2).{0,40}(?:corrupt|invalid|mismatch)|invalid checksum|unknown compression|magic number mismatch|unsupported (?:image )?manifest\b|unsupported (?:manifest |config |layer )?media ?type\b|media ?type .{0,120}(?:is )?(?:not supported|no longer supported|unsupported)|unexpected media ?type|target is (?:a )?plugin|failed to (?:extract|register|apply) layer|max depth exceeded/i,
  },
];
