// Makes the tables and queues where they are missing, and tries again until storage answers. An app whose storage does not answer at
// start still registers every function: its health says what is wrong, and it heals by itself.
import type { StorageTrouble } from '../../ports/upkeep.ts';
import { isRestError } from '../clients/rest-error.ts';

export interface Preparation {
  /** Makes what is missing, unless that was done before. Never throws; answers why storage cannot be used, if it cannot. */
  readonly prepare: () => Promise<StorageTrouble | undefined>;
  /** Why storage could not be used at the last try; `undefined` once everything is there. */
  readonly trouble: () => StorageTrouble | undefined;
}

/** `create` makes what is missing and may be repeated. `say` is told of each change, once. */
export function preparation(
  create: () => Promise<void>,
  say: (now: 'ready' | StorageTrouble) => void = () => undefined,
): Preparation {
  let state: 'not-tried' | 'ready' | StorageTrouble = 'not-tried';
  let running: Promise<StorageTrouble | undefined> | undefined;
  const change = (next: 'ready' | StorageTrouble): void => {
    const told = state === next || (state === 'not-tried' && next === 'ready');
    state = next;
    if (!told) say(next);
  };
  const attempt = async (): Promise<StorageTrouble | undefined> => {
    try {
      await create();
      change('ready');
      return undefined;
    } catch (error) {
      const why = troubleOf(error);
      change(why);
      return why;
    } finally {
      running = undefined;
    }
  };
  return {
    prepare: async () => (state === 'ready' ? undefined : (running ??= attempt())),
    trouble: () => (state === 'ready' || state === 'not-tried' ? undefined : state),
  };
}

/** Codes of Node's sockets and of its name look-up. Source: Node.js documentation, "Common system errors" and `dns` error codes. */
const socketTrouble: Readonly<Record<string, StorageTrouble>> = {
  ECONNREFUSED: 'connection-refused',
  ENOTFOUND: 'name-not-found',
  EAI_AGAIN: 'name-not-found',
  ETIMEDOUT: 'timed-out',
  ECONNRESET: 'no-answer',
};

/**
 * Why storage refused, in one of our words: the SDK's own message may quote an address with a key. A shared key that does not fit
 * answers 403 `AuthenticationFailed`; an identity without the role 403 `AuthorizationPermissionMismatch`, and a network rule 403
 * `AuthorizationFailure` (Azure Storage REST documentation, "Common REST API error codes").
 */
export function troubleOf(error: unknown): StorageTrouble {
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')) return 'timed-out';
  const { code, statusCode } = isRestError(error) ? error : { code: undefined, statusCode: undefined };
  const socket = socketTrouble[code ?? ''];
  if (socket !== undefined) return socket;
  if (statusCode === 401 || `${code}` === 'AuthenticationFailed') return 'wrong-key';
  if (statusCode === 403) return 'no-right';
  return 'no-answer';
}
