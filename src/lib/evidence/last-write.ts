// Who wrote an app last, as Azure names the writer.

/** One write of an app: most often the deployment. The writer is an account name, an object id or an application id, as ARM writes it. */
export interface LastWrite {
  readonly by: string;
  /** `User`, `Application`, `ManagedIdentity` or `Key` (REST specification of `systemData`); absent where ARM does not say. */
  readonly kind?: string;
  readonly atMs: number;
}

/** What a look learned of it. `not-said`: the app was read, and ARM names no writer or no time. */
export type SeenWrite = LastWrite | 'not-said';

/** True if both are the same write. */
export function isSameWrite(a: SeenWrite | undefined, b: SeenWrite | undefined): boolean {
  if (a === undefined || b === undefined || a === 'not-said' || b === 'not-said') return a === b;
  return a.by === b.by && a.atMs === b.atMs;
}
