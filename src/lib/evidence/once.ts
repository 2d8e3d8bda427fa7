// What one look reads once, though several of its facts come from it.

/**
 * Answers a read of a look. The first read of a name is sent, and its answer is that of each later read of this name, also where it failed: the
 * facts of a look then agree with each other. A name stands for one kind of answer, and says which resource it is of.
 */
export type ReadsOnce = <T>(name: string, read: () => Promise<T>) => Promise<T>;

/** The reads of one look. Every look has its own, so that a later look reads anew, and so does the last look before a change. */
export function readsOnce(): ReadsOnce {
  const answers = new Map<string, Promise<unknown>>();
  return <T>(name: string, read: () => Promise<T>): Promise<T> => {
    const answer = answers.get(name) ?? read();
    answers.set(name, answer);
    return answer as Promise<T>;
  };
}
