// The error of a command that was written wrongly.

/** The person has to write the command in another way. The message says how, in a sentence; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
