// The checks of a deployed pullmedic: what a caller who is not signed in gets, what a forged sign-in gets, and what health says.
import * as z from 'zod';
import { type Answer, asking, type Check, good, missing, unread } from './check.ts';
import { Declined } from './declined.ts';
import { type Deployed, isLoopback } from './deployed.ts';

const timeoutMs = 60_000;

/** A sign-in as the platform would write it, made by the caller. No app may believe it. */
const forged = Buffer.from(
  JSON.stringify({ role_typ: 'roles', claims: [{ typ: 'roles', val: 'Reader' }] }),
  'utf8',
).toString('base64');

const health = z.object({
  well: z.boolean(),
  callerSignIn: z.enum(['on', 'on-by-setting', 'off']).optional(),
  settings: z.array(z.string()).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  heartbeat: z.object({ state: z.string() }).optional(),
  sweep: z.object({ state: z.string(), why: z.string().optional() }).optional(),
});
type Health = z.infer<typeof health>;

/** Runs the checks in their order. Throws {@link Declined} if nothing answers at the address. */
export async function checkDeployment(base: string, deployed: Deployed): Promise<readonly Check[]> {
  const open = await answerTo(base, {});
  const first = [
    { name: 'the app', ...appIn(open.status) },
    isLoopback(base)
      ? { name: 'a forged sign-in', ...good('not tried: on this machine the local host signs every caller in') }
      : { name: 'a forged sign-in', ...forgedIn((await answerTo(base, { 'x-ms-client-principal': forged })).status) },
  ];
  let seen: Health | undefined;
  const own = await asking('your sign-in', async () => {
    seen = health.parse(await deployed.get('health/signed'));
    return good('the app takes it, with the role Reader or Operator');
  });
  const signIn = own.found === 'unreadable' ? { ...own, found: 'missing' as const } : own;
  return [...first, signIn, ...ofHealth(seen)];
}

async function answerTo(base: string, headers: Record<string, string>): Promise<Response> {
  const asked = fetch(`${base}/api/health/signed`, {
    headers,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const response = await asked.catch(() => undefined);
  if (response === undefined) throw new Declined('The app does not answer at this address.');
  return response;
}

function appIn(status: number): Answer {
  if (status === 401) return good('answers, and shows nothing to a caller who is not signed in');
  if (status === 404) return missing('there is no function: deploy the code, and read "bad-setting" in its log');
  if (status === 200 || status === 503) return good('answers');
  return missing(`answers ${status}`);
}

function forgedIn(status: number): Answer {
  if (status === 401 || status === 403) return good('is refused');
  if (status === 200 || status === 503)
    return missing('IS BELIEVED: empty PULLMEDIC_SIGN_IN, or switch authentication on, at once');
  return unread(`the app answers ${status}`);
}

function ofHealth(seen: Health | undefined): Check[] {
  const named: readonly (readonly [string, (one: Health) => Answer])[] = [
    ['the settings', ({ settings }) => (settings === undefined ? good('are read') : missing(settings.join('; ')))],
    ['sign-in of callers', ({ callerSignIn }) => signInOf(callerSignIn)],
    ['storage, Azure, logs', ({ dependencies }) => dependenciesOf(dependencies)],
    ['the timer', ({ heartbeat }) => heartbeatOf(heartbeat?.state)],
    ['the right to see workloads', ({ sweep }) => sweepOf(sweep)],
  ];
  return named.map(([name, of]) => ({ name, ...(seen === undefined ? unread('health was not read') : of(seen)) }));
}

function signInOf(state: Health['callerSignIn']): Answer {
  switch (state) {
    case 'on':
      return good('on, as the platform says');
    case 'on-by-setting':
      return good('on, as the template says; the platform says nothing');
    case 'off':
      return missing('off: every signed alert is refused. Deploy infra/modules/sign-in.bicep');
    case undefined:
      return unread('the app does not say');
  }
}

function dependenciesOf(states: Health['dependencies']): Answer {
  if (states === undefined) return unread('the app does not say');
  const of = (state: string): string[] => Object.keys(states).filter((name) => states[name] === state);
  if (of('down').length > 0) return missing(`no answer: ${of('down').join(', ')}`);
  return of('not-asked').length > 0 ? good(`answer; not asked yet: ${of('not-asked').join(', ')}`) : good('answer');
}

function heartbeatOf(state: string | undefined): Answer {
  if (state === 'beats') return good('beats');
  return state === undefined ? unread('the app does not say') : missing(`${state}: ask again a minute after the start`);
}

function sweepOf(sweep: Health['sweep']): Answer {
  if (sweep === undefined) return unread('the app does not say');
  if (sweep.state === 'complete') return good('the last sweep saw all workloads of the scopes');
  return missing(
    `${sweep.state}${sweep.why === undefined ? '' : ` (${sweep.why})`}: the first sweep takes some minutes`,
  );
}
