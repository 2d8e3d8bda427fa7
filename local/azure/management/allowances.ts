// How many requests Azure says that a caller has left: every answer of a service tells it, in headers that depend on the service.
// Not here: answers to a caller who has none left; scenarios let services throttle by themselves (`happenings/faults.ts`).
import type { Sim } from '../model/sim.ts';
import { type Answer, failureCause } from '../wire/answers.ts';
import type { ArmRequest } from '../wire/request.ts';

/** What a caller may send at once, and how many more in a second. */
interface Limit {
  readonly most: number;
  readonly perSecond: number;
}

/** ARM's limits of a subscription and caller, as documented ("Understand how Azure Resource Manager throttles requests"). */
const reads: Limit = { most: 250, perSecond: 25 };
const writes: Limit = { most: 200, perSecond: 10 };
/** The limits of a subscription over all callers are 15 times as high. */
const overAll = 15;
/** Resource Graph lets a caller send 15 queries in 5 seconds, as documented. */
const queries: Limit = { most: 15, perSecond: 3 };
/** Private DNS: 500 reads in 5 minutes, as documented. */
const zones: Limit = { most: 500, perSecond: 500 / 300 };

/** The answer with the headers that tell what is left. ARM's gateway tells nothing where it answers without asking the service. */
export function withAllowance(sim: Sim, request: Pick<ArmRequest, 'method' | 'path'>, answer: Answer): Answer {
  if (answer.headers?.[failureCause] !== undefined || answer.refused !== undefined) return answer;
  return { ...answer, headers: { ...leftOf(sim, request), ...answer.headers } };
}

const remaining = 'x-ms-ratelimit-remaining';

/** Which headers a service sends is as recorded: those with limits of their own do not tell ARM's. */
function leftOf(sim: Sim, { method, path }: Pick<ArmRequest, 'method' | 'path'>): Readonly<Record<string, string>> {
  const one = (name: string, limit: Limit, factor = 1): string => String(left(sim, name, limit, factor));
  if (/\/microsoft\.resourcegraph\//i.test(path)) {
    const queriesLeft = one('queries', queries);
    return {
      'x-ms-user-quota-remaining': queriesLeft,
      'x-ms-user-quota-resets-after': '00:00:05',
      [`${remaining}-tenant-resource-requests`]: queriesLeft,
      [`${remaining}-tenant-reads`]: one('tenant-reads', reads, overAll),
    };
  }
  if (/\/microsoft\.network\/privatednszones\//i.test(path))
    return {
      [`${remaining}-subscription-resource-requests`]: one('zones', zones),
      [`${remaining}-subscription-resource-entities-read`]: '60000',
    };
  switch (method) {
    case 'GET':
      return {
        [`${remaining}-subscription-reads`]: one('reads', reads),
        [`${remaining}-subscription-global-reads`]: one('global-reads', reads, overAll),
      };
    case 'PUT':
      return {
        [`${remaining}-subscription-writes`]: one('writes', writes),
        [`${remaining}-subscription-global-writes`]: one('global-writes', writes, overAll),
      };
    case 'DELETE':
      return {
        [`${remaining}-subscription-deletes`]: one('deletes', writes),
        [`${remaining}-subscription-global-deletes`]: one('global-deletes', writes, overAll),
      };
    case 'PATCH':
      return { [`${remaining}-subscription-resource-requests`]: '199' };
    default:
      return { [`${remaining}-subscription-writes`]: one('writes', writes) };
  }
}

/** Takes one from a bucket that fills while time passes, and tells how many are in it then. */
function left(sim: Sim, name: string, { most, perSecond }: Limit, factor: number): number {
  const nowMs = sim.scheduler.now();
  const before = sim.allowances.get(name) ?? { left: most * factor, atMs: nowMs };
  const filled = before.left + ((nowMs - before.atMs) / 1000) * perSecond * factor;
  const after = Math.max(0, Math.min(most * factor, filled) - 1);
  sim.allowances.set(name, { left: after, atMs: nowMs });
  return Math.floor(after);
}
