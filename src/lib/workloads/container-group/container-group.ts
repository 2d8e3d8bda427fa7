// The container group of Azure Container Instances: its containers run where they were created, and each pulls its own image. Its registry entries
// and identities stand in the group itself, so that what has to be changed is deployed again.

import type { CodeOfKind, CommandOfKind, PhraseOfKind, Workload } from '../workload.ts';

const events = '--query "containers[].instanceView.events[]" --output table';
const containers =
  '--query "containers[].{container:name, image:image, state:instanceView.currentState.state, details:instanceView.currentState.detailStatus}" --output table';

/**
 * Source: the reference of `az container` (create, show, restart). A command `create` with the name of a group that exists deploys that group again,
 * with what the command names and nothing else.
 */
const commands: readonly CommandOfKind[] = [
  [/^az containerapp registry set (.*)$/gm, 'az container create $1 --image THIS_IMAGE'],
  [/^(az container create .*)--server (\S+)/gm, '$1--registry-login-server $2'],
  [/^(az container create .*)--username (\S+)/gm, '$1--registry-username $2'],
  [/^(az container create .*)--password (\S+)/gm, '$1--registry-password $2'],
  [/^(az container create .*)--identity system\b/gm, '$1--identity IDENTITY_ID'],
  [/^(az container create .*)--identity (\S+)/gm, '$1--assign-identity $2 --acr-identity $2'],
  [
    /^az containerapp identity assign (?:(.*) )?--system-assigned\b(?: --query principalId --output tsv)?(.*)$/gm,
    'az container create $1$2 --image THIS_IMAGE --assign-identity IDENTITY_ID --acr-identity IDENTITY_ID',
  ],
  [
    /^az containerapp identity assign (?:(.*) )?--user-assigned (\S+)(.*)$/gm,
    'az container create $1$3 --image THIS_IMAGE --assign-identity $2 --acr-identity $2',
  ],
  [
    /^az containerapp secret set (.*) --secrets .*$/gm,
    'az container create $1 --image THIS_IMAGE --registry-password "$$NEW"',
  ],
  [/^az containerapp registry remove (.*?) --server .*$/gm, 'az container create $1 --image THIS_IMAGE'],
  [/^az containerapp update (.*) --revision-suffix \S+$/gm, 'az container create $1 --image THIS_IMAGE'],
  [/^az containerapp update (.*)$/gm, 'az container create $1'],
  [/^az containerapp revision restart (.*?) ?--revision \S+(.*)$/gm, 'az container restart $1$2'],
  [
    /^az containerapp (?:revision|replica) list (.*?) (?:--revision|--query) .*$/gm,
    `az container show $1 ${containers}`,
  ],
  [
    /^# Proof: a row PulledImage .*$/gm,
    '# Proof: a container that started since the fix, and an event Pulled of its image.',
  ],
  [/^az containerapp logs show (.*?) --type system.*$/gm, `az container show $1 ${events}`],
  [
    /^az containerapp show (.*) --query properties\.configuration\.registries$/gm,
    `az container show $1 --query imageRegistryCredentials`,
  ],
  [/^az containerapp secret list (.*)$/gm, 'az container show $1 --query imageRegistryCredentials'],
  [/^az containerapp identity show (.*)$/gm, 'az container show $1 --query identity'],
  [/^az container create  +/gm, 'az container create '],
  // An error of Azure may name no image.
  [/--image '\(not named\)'/g, '--image IMAGE'],
  [
    /^\/\/ For properties\.configuration\.registries in the template of the app\.\nvar registries/gm,
    '// For properties.imageRegistryCredentials in the template of the container group.\nvar imageRegistryCredentials',
  ],
  [/^\/\/ For identity in the template of the app;/gm, '// For identity in the template of the container group;'],
];

const phrases: readonly PhraseOfKind[] = [
  // What is restarted is the whole group, whichever container of it the sentence names.
  [/\bRestarts $/g, 'Restarts the whole container group for '],
  [/\b([Rr])estart the revision\b/g, '$1estart the container group'],
  [/\bThe revision was restarted\b/g, 'The container group was restarted'],
  [/\bThe revisions with this image were deactivated\b/g, 'The container group was stopped'],
  [/\bthe revision has replicas that serve\b/g, 'a container of the group runs, and a restart would stop it'],
  [/ The revision before the new one can be activated again\./g, ''],
  [/; if that does not help, make a new one\. If that does not help either,/g, '. If that does not help,'],
  [/\bThe revision wants replicas, and Azure has made none\b/g, 'The container waits, and Azure has not started it'],
];

/**
 * Source: Microsoft's pages "Image pull failures of Container Instances with a managed identity" and "RegistryErrorResponse", which give these
 * codes, one of them with this spelling.
 */
const codes: readonly CodeOfKind[] = [
  // The entry names an identity that the group does not have, one of a kind that cannot pull, or a user name beside it.
  [
    /InvalidImageRegistry(?:Identity|CredentialType)|AmbiguousImageRe[a-z]{3,8}ryCredentialType/i,
    'identity-not-assigned',
  ],
  // The registry answered with an error: it limits pulls, or it is in trouble.
  [/RegistryErrorResponse|error response is received from the docker registry/i, 'registry-unavailable'],
];

export const containerGroup = {
  kind: 'container-group',
  type: 'microsoft.containerinstance/containergroups',
  words: {
    full: 'container group',
    short: 'container group',
    run: 'container',
    instance: 'container',
    phrases,
    id: '/subscriptions/…/containerGroups/NAME',
  },
  dimensions: {
    // Columns of ContainerEvent_CL and of the typed table ContainerEvent (docs/unverified.md).
    name: ['containergroup', 'containergroup_s'],
    run: ['containername', 'containername_s'],
    prefix: 'group/',
  },
  write: 'microsoft.containerinstance/containergroups/write',
  operations: [
    'microsoft.containerinstance/containergroups/write',
    'microsoft.containerinstance/containergroups/delete',
    'microsoft.containerinstance/containergroups/restart/action',
    'microsoft.containerinstance/containergroups/start/action',
    'microsoft.containerinstance/containergroups/stop/action',
  ],
  refusedLeavesNothing: true,
  runs: 'go-on',
  failureShows: 'in-events',
  pullProof: 'container',
  pullsAgain: 'restart-of-all',
  runsIn: 'own-place',
  pullsFrom: 'platform',
  pullIdentities: 'user-assigned',
  changedBy: 'deployment',
  codes,
  commands,
} as const satisfies Workload;
