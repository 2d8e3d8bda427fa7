// Whether messages wait on a queue, or only pass through it.

/** How many messages one look at a queue shows at most (Azure Storage, "Peek Messages": 32). */
export const mostPeeked = 32;
/** A message that has been visible for this long waits; before that, no host may have asked for messages yet. Milliseconds. */
export const passesWithinMs = 5000;

export interface Backlog {
  /**
   * Notes the ids of the messages that are visible on one queue now, at most {@link mostPeeked} of them. True if none of them waits: all that is
   * visible was seen, and it has been visible for less than {@link passesWithinMs}.
   */
  isPassing(visible: readonly string[], nowMs: number): boolean;
}

/** The backlog of one queue. A message that is delivered again counts from when it was seen again. */
export function backlog(): Backlog {
  let since = new Map<string, number>();
  return {
    isPassing(visible, nowMs) {
      since = new Map(visible.map((id) => [id, since.get(id) ?? nowMs]));
      return visible.length < mostPeeked && [...since.values()].every((firstMs) => nowMs - firstMs < passesWithinMs);
    },
  };
}
