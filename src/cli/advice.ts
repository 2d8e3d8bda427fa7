// Advice about a text, for a reader who has only the text.
import type { Suspicion } from '../lib/classify/classify.ts';
import { isAzureRegistry } from '../lib/words/registry-host.ts';

type Advise = (suspicion: Suspicion) => string;

const registryOf = (suspicion: Suspicion): string => suspicion.registry ?? 'the registry';

const advice: Readonly<Record<Suspicion['label'], Advise>> = {
  unauthorized: (s) => {
    if (s.registry === undefined)
      return 'The text does not name the registry: read it in the image of the app. For an Azure registry, check that the identity of the app’s entry may pull from it. For another registry, check the user name and the token of the entry; a managed identity works with Azure registries only.';
    return isAzureRegistry(s.registry)
      ? `Check that the identity the app declares for ${s.registry} has AcrPull (Container Registry Repository Reader where the registry uses repository permissions); where the app signs in with a token of the registry, check its passwords and its scope map. Where all is right, check the private DNS zone link: a missing one is logged as "unauthorized" too.`
      : `Check the entry of the app for ${s.registry}: that it is there, that its user name and token are good, and that this account may read the repository. Check the spelling of the image as well: such a registry may say the same of an image that it does not have. Managed identities work with Azure registries only.`;
  },
  'identity-token': (s) =>
    `Check that ${s.identity === undefined ? 'the identity' : `the identity ${s.identity}`} exists and is assigned to the app, and that the app's registry entry for ${registryOf(s)} names it (or a secret that exists). Where all of that is right, check AcrPull: Container Apps hides the cause behind this sentence.`,
  'manifest-unknown': (s) =>
    `Check the spelling and list the tags of the repository in ${registryOf(s)}${s.tag === undefined ? '' : ` (wanted: ${s.tag})`}: the tag was never pushed, or a retention policy removed it.`,
  dns: (s) =>
    `Resolve ${registryOf(s)} from the environment's network: check the DNS servers of its VNet, and for a private endpoint the zone privatelink.azurecr.io, its link and its records.`,
  network: (s) =>
    `Check the way from the environment's subnet to ${registryOf(s)}: NSG, route table, firewall, proxy. The name resolved; the connection failed.`,
  firewall: (s) =>
    `Allow ${s.refusedIp ?? 'the address of the caller'} in the network rules of ${registryOf(s)}, or use a private endpoint. Roles have nothing to do with it.`,
  'rate-limited': (s) =>
    `Wait and retry. If the app pulls from ${registryOf(s)} without an account, sign in; if it has one, its own limit is used up. A copy in your own registry, or a cache rule there, asks ${registryOf(s)} less often; the app then has to name the image there, and needs a registry entry for it.`,
  'registry-unavailable': (s) =>
    `Wait and retry; check the status page of ${registryOf(s)}. Your app and its roles are not the cause.`,
  tls: (s) =>
    `Check which certificate ${registryOf(s)} shows from the environment's network: a proxy or firewall that opens TLS, an expired or private certificate, or plain HTTP.`,
  'platform-mismatch': () =>
    'Build the image for linux/amd64, which Container Apps runs (docker buildx build --platform linux/amd64).',
  'invalid-reference': () => 'Correct the image reference: lower case, host/repository:tag, no scheme in front.',
  'image-invalid': () =>
    'Push the image again with a current builder: a layer is broken or the manifest has a format that the runtime does not take.',
  'refused-by-policy': () =>
    'Read which policy refuses the image: a missing signature, a vulnerability, or a registry that is not on its list. Sign or rebuild the image, or ask the owner of the policy for an exemption; roles have nothing to do with it.',
  'no-space': () =>
    'Make the image smaller, or give the replica more ephemeral storage: the disk of the node was full.',
  'unknown-pull-failure': () =>
    'The text names no cause. Read the rows around it (reasons ImagePullUnauthorized, ContainerTerminated), or let pullmedic read the control plane.',
  'not-a-pull-failure': () => 'Nothing here says that an image could not be pulled.',
};

/** A push or a build is not a pull by an app: the person or pipeline that pushes or builds has to act. */
const adviceOnWork: Readonly<Record<'push' | 'build', Advise>> = {
  push: (s) =>
    s.refusedIp === undefined
      ? `This is a push, not a pull by an app. The pushing identity needs AcrPush on ${registryOf(s)} (Container Registry Repository Writer where the registry uses repository permissions).`
      : `This is a push, not a pull by an app. Allow ${s.refusedIp} in the network rules of ${registryOf(s)}, or push from an address that the registry allows.`,
  build: (s) =>
    s.refusedIp === undefined
      ? `This is a build, not a pull by an app. Sign in to ${registryOf(s)} on the machine that builds, with an identity that may pull the base image and push the result.`
      : `This is a build, not a pull by an app. ${registryOf(s)} refused ${s.refusedIp}: a build in the registry (az acr build) comes from an address of Azure. Run it on an agent pool in your network, or build on a machine that the registry allows and push from there.`,
};

/** One or two sentences. They name only the images, registries and addresses that the text names. */
export function adviceFor(suspicion: Suspicion): string {
  return suspicion.refused === undefined
    ? advice[suspicion.label](suspicion)
    : adviceOnWork[suspicion.refused](suspicion);
}
