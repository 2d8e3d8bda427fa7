// Rules about an image that a policy refuses: its signature, its vulnerabilities, or where it comes from. No role mends that.

import { ofImages } from './azure-policy.ts';
import type { Rule } from './rule.ts';

export const policies: readonly Rule[] = [
  {
    name: 'policy-of-azure',
    means: 'Azure Policy: a rule about images or their registries refuses the write of an app',
    label: 'refused-by-policy',
    needs: 'nothing',
    pattern: ofImages,
  },
  {
    name: 'policy-of-registry',
    means: 'Harbor, Artifactory with Xray, Nexus, ACR: a rule about scanned or quarantined images holds this one back',
    label: 'refused-by-policy',
    needs: 'nothing',
    pattern:
      /cannot be pulled due to configured policy|image is not signed (?:in|by) (?:notary|cosign)|download(?:ing)? block(?:ed|ing) (?:due to|by|policy)[^.]{0,80}\bxray\b|\bxray\b[^.]{0,80}(?:blocked|block(?:ing)? (?:the )?download)|(?:image|manifest|artifact) (?:[^ ]{1,300} )?(?:is|was|has been) quarantined|requested item is quarantined/i,
  },
  {
    name: 'disallowed-operation',
    means: 'ACR: the image or its repository is locked or quarantined, or the registry is over its storage limit',
    label: 'refused-by-policy',
    needs: 'nothing',
    pattern:
      /operation is disallowed on this registry, repository or image|aka\.ms\/acr\/faq\/#why-does-my-pull-or-push-request-fail-with-disallowed/i,
  },
  {
    name: 'policy-of-runtime',
    means: 'kubelet, podman, CRI-O, Docker Content Trust: the signature that a policy asks for is missing or wrong',
    label: 'refused-by-policy',
    needs: 'nothing',
    pattern:
      /\bSignatureValidationFailed\b|image signature validation failed|source image rejected:|image [^ ]{1,300} (?:is|was) (?:rejected|blocked|denied) by (?:a |the )?policy|running image [^ ]{1,300} is rejected by policy|signature was required, but no signature exists|no signature is associated with|remote trust data does not exist|no (?:valid )?trust data for|could not validate the path to a trusted root|image policy webhook backend denied/i,
  },
  {
    name: 'policy-of-admission',
    means:
      'Gatekeeper, Azure Policy, Kyverno, sigstore, Ratify, Defender: the admission of a workload refuses its image',
    label: 'refused-by-policy',
    needs: 'nothing',
    pattern:
      /admission webhook "[^"]{1,200}" denied the request:?.{0,400}\b(?:images?\b|image repo|signature|unsigned|vulnerabilit|attestation|registr)|(?:failed to verify|verification of|verifying) image .{0,300}(?:no (?:matching )?signatures?|signature|attestation)|denied by (?:binary authorization|attestor)|subject failed verification|failed image assurance/i,
  },
];
