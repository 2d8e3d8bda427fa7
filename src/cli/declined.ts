// The error of a request that came to nothing.

/** The app refused the request or did not answer. The message is for the person at the terminal. */
export class Declined extends Error {
  override readonly name = 'Declined';
}
