// What public projects look for in order to notice that an image could not be pulled, written down as data: their words are facts, their
// code is not here. Each of them compares the reason of a waiting container with its list; here the words count wherever a row has them,
// which is kinder to them. Robusta has a table of patterns too (pod_utils/imagepull_utils.py); its wording could not be checked, so it is not
// here.

export interface Peer {
  readonly name: string;
  /** The reasons that it knows of an image, as it spells them. */
  readonly reasons: readonly string[];
  /** Where they stand. */
  readonly source: string;
}

export const peers: readonly Peer[] = [
  {
    name: 'kubelet',
    reasons: [
      'ErrImagePull',
      'ImagePullBackOff',
      'ErrImageNeverPull',
      'ImageInspectError',
      'InvalidImageName',
      'RegistryUnavailable',
      'SignatureValidationFailed',
    ],
    source: 'Kubernetes, pkg/kubelet/images/types.go',
  },
  {
    name: 'k8sgpt',
    reasons: ['ErrImagePull', 'ImagePullBackOff', 'ErrImageNeverPull', 'ImageInspectError', 'InvalidImageName'],
    source: 'k8sgpt, pkg/analyzer/pod.go: those of isErrorReason that are about an image',
  },
  {
    name: 'Backstage',
    reasons: ['ImagePullBackOff', 'InvalidImageName'],
    source: '@backstage/plugin-kubernetes-common 0.9.15, error-detection/pods',
  },
];

/** Whether the peer would notice a row. */
export function noticedBy({ reasons }: Peer): (text: string, reason: string) => boolean {
  const words = new RegExp(`\\b(?:${reasons.join('|')})\\b`);
  return (text, reason) => words.test(reason) || words.test(text);
}
