// The gate of every route that only an operator may use: answers, undo, the kill switch, kept messages. Such a route takes the person whom
// the platform has signed in, with the app role Operator, and records that person. A function key opens none of them.
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { sayUnreadableHistory } from '../lib/console/words.ts';
import { UnreadableHistory } from '../lib/history/ledger.ts';
import { Busy } from '../lib/ports/steering.ts';
import { errorCode } from '../lib/words/error-code.ts';
import type { App } from './app.ts';
import { problem } from './body.ts';
import { asRecorded, isSignedIn, operatorRole, personOf, rolesOf } from './sign-in.ts';

/** What an operator route does. `by` is how histories name the person: name and object id. */
export type OperatorHandler = (request: HttpRequest, by: string) => Promise<HttpResponseInit>;

/** Registers a route for operators. The platform asks for no key, because the sign-in is what counts. */
export function operatorRoute(
  pullmedic: Pick<App, 'callers' | 'ports' | 'http'>,
  { name, route }: { readonly name: string; readonly route: string },
  handler: OperatorHandler,
): void {
  pullmedic.http(name, {
    methods: ['POST'],
    authLevel: 'anonymous',
    route,
    handler: async (request) => {
      const who = operatorOf(pullmedic, request);
      return who.ok ? orFailed(pullmedic, name, () => handler(request, who.by)) : who.answer;
    },
  });
}

/** The answer of `act`. Where that throws, the answer says what is known of what was done, and the log says why. */
async function orFailed(
  { ports }: Pick<App, 'ports'>,
  name: string,
  act: () => Promise<HttpResponseInit>,
): Promise<HttpResponseInit> {
  try {
    return await act();
  } catch (error) {
    ports.log('answer-failed', { route: name, why: errorCode(error) });
    if (error instanceof Busy) return problem(503, busy);
    if (error instanceof UnreadableHistory)
      return problem(409, `The ${sayUnreadableHistory(error.why)}. Nothing was done.`);
    return problem(503, `It is not certain whether this was recorded (${errorCode(error)}). ${lookFirst}`);
  }
}

const busy = 'Others write here at this very moment. Try again.';
const lookFirst = 'Look at the page or the history first; if it is not there in a minute, send it again.';

/** The operator who calls, or the answer that refuses the caller and says what is missing. */
export type Operator =
  | { readonly ok: true; readonly by: string }
  | { readonly ok: false; readonly answer: HttpResponseInit };

/** Finds out whether an operator calls, and who it is. */
export function operatorOf(pullmedic: Pick<App, 'callers'>, request: Pick<HttpRequest, 'headers'>): Operator {
  if (pullmedic.callers.state === 'off') return refused(403, withoutSignIn);
  if (!isSignedIn(pullmedic, request)) return refused(401, notSignedIn);
  if (!rolesOf(pullmedic, request).includes(operatorRole)) return refused(403, withoutRole);
  const person = personOf(pullmedic, request);
  if (person === undefined) return refused(403, withoutId);
  if (!isDeliberate(request)) return refused(415, notDeliberate);
  return { ok: true, by: asRecorded(person) };
}

const withoutSignIn =
  'This app does not sign callers in, so it cannot tell an operator from another caller. Switch on the authentication of the function app (infra/modules/sign-in.bicep does) and sign in with the app role Operator.';
const notSignedIn =
  'Sign in with the app role Operator: a function key does not open this. The command line takes a token from PULLMEDIC_TOKEN.';
const withoutRole =
  'You are signed in without the app role Operator. A person who manages the enterprise application in Entra can give it to you (docs/operations.md); then sign in again.';
const withoutId = 'The sign-in names no object id, so the history could not say who did this. Nothing was done.';
const notDeliberate =
  'Send the header "content-type: application/json". Without it a page of another site could send this for you.';

function refused(status: number, message: string): Operator {
  return { ok: false, answer: problem(status, message) };
}

/**
 * True if no page of another site can have made the browser of a signed-in person send this request. A browser sends this content type to
 * another site only after it was allowed to (CORS, which the app does not allow), and names the site in `sec-fetch-site` where it knows it.
 * Source: Fetch standard, CORS-safelisted request-header; Fetch Metadata Request Headers.
 */
function isDeliberate({ headers }: Pick<HttpRequest, 'headers'>): boolean {
  const site = headers.get('sec-fetch-site');
  const json = /^application\/json(?:\s*;|$)/i.test(headers.get('content-type') ?? '');
  return json && (site === null || site === 'same-origin' || site === 'none');
}
