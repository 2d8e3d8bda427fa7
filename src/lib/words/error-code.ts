// What an error is called in a log and in a letter: its class and a number. Nothing of its message is quoted.

/** The class of an error, and the status of an answer where it has one; `unknown` for what is not an error. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? ` ${error.statusCode}` : '';
  return `${errorName(error)}${status}`;
}

/** The class of an error; `Error` where its name could be a text. */
export function errorName(error: unknown): string {
  return error instanceof Error && /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : 'Error';
}
