// What a container group does by itself: what becomes of it, and when the platform starts its containers again.

/** When the platform starts a container again (REST specification of `ContainerGroupRestartPolicy`). `unknown`: a value that is new to pullmedic. */
export type RestartPolicy = 'always' | 'on-failure' | 'never' | 'unknown';

/**
 * What becomes of a group by itself. `lives`: it runs, or is on its way. `ended`: it was stopped, or its containers are over, so that nothing of
 * it pulls any more. `never-created`: Azure refused the write, and there is no group. `unknown`: a state that is new to pullmedic.
 */
export type GroupLife = 'lives' | 'ended' | 'never-created' | 'unknown';

/** Reads the policy as ARM spells it. */
export function restartPolicyOf(text: string | undefined): RestartPolicy {
  switch (text?.toLowerCase() ?? '') {
    case 'always':
      return 'always';
    case 'onfailure':
      return 'on-failure';
    case 'never':
      return 'never';
    default:
      return 'unknown';
  }
}

/** Reads `instanceView.state` of a group, with the values of the REST specification and of recorded answers. */
export function lifeOf(text: string | undefined): Exclude<GroupLife, 'never-created'> {
  switch (text?.toLowerCase() ?? '') {
    case 'running':
    case 'pending':
      return 'lives';
    case 'stopped':
    case 'succeeded':
    case 'failed':
      return 'ended';
    default:
      return 'unknown';
  }
}

/** Whether the platform pulls again by itself for a container of a group that lives. One with another policy is tried once. */
export function isTriedAgain(policy: RestartPolicy): boolean {
  return policy === 'always' || policy === 'on-failure';
}
