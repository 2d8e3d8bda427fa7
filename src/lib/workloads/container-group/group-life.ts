// What becomes of a container group by itself.

/**
 * `lives`: it runs or is on its way, and the platform tries a pull that failed again. `given-up`: the platform ended its tries, and the group is
 * there without its images. `ended`: its containers are over, or it was stopped. `never-created`: Azure refused the write, and there is no group.
 * `unknown`: a state that is new to pullmedic.
 */
export type GroupLife = 'lives' | 'given-up' | 'ended' | 'never-created' | 'unknown';

/**
 * Reads `instanceView.state` and `provisioningState` of a group, with the values of the REST specification and of recorded answers. A group whose
 * provisioning failed is not tried any more (documentation "Troubleshoot common issues in Azure Container Instances", and docs/unverified.md).
 */
export function lifeOf(
  state: string | undefined,
  provisioning: string | undefined,
): Exclude<GroupLife, 'never-created'> {
  switch (state?.toLowerCase() ?? '') {
    // It runs as soon as one of its containers does.
    case 'running':
    case 'pending':
      return /^failed$/i.test(provisioning ?? '') ? 'given-up' : 'lives';
    case 'stopped':
    case 'succeeded':
    case 'failed':
      return 'ended';
    default:
      return 'unknown';
  }
}
