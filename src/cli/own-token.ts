// Gets the caller's own token for a deployed app from the Azure CLI, so that `az login` is all that a person needs.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as z from 'zod';
import { Declined } from './declined.ts';

/** Runs the Azure CLI and returns what it prints. Rejects if it is missing, or if it fails. */
export type RunAz = (args: readonly string[]) => Promise<string>;

const timeoutMs = 60_000;

const instead = 'Or set PULLMEDIC_TOKEN to a token for the app.';

/**
 * A token of the caller for the app at `base`; `undefined` if the app names no registration. The app names its registration, and the
 * registration has to name the address of the app. Without that, a false address could get a token that is meant for another app. Throws
 * {@link Declined}.
 */
export async function ownToken(base: string, az: RunAz = runAz): Promise<string | undefined> {
  const clientId = await clientIdAt(base);
  if (clientId === undefined) return undefined;
  const back = `${base}/.auth/login/aad/callback`;
  const redirects = await ofAz(
    az,
    ['ad', 'app', 'show', '--id', clientId, '--query', 'web.redirectUris[]'],
    'The Azure CLI cannot read the app registration. Sign in with "az login".',
  );
  if (!redirects.split(/\s+/).includes(back))
    throw new Declined(
      `The app registration ${clientId} does not name this address, so no token is sent to it. Run "infra/sign-in.sh connect" if the app is yours. ${instead}`,
    );
  return ofAz(
    az,
    ['account', 'get-access-token', '--resource', `api://${clientId}`, '--query', 'accessToken'],
    'The Azure CLI gets no token for the app. Sign in with "az login", and have the role Reader or Operator.',
  );
}

/** What the app says to a caller who is not signed in: the registration with which the platform signs callers in. */
const signInFirst = z.object({ clientId: z.guid() });

async function clientIdAt(base: string): Promise<string | undefined> {
  const answer = await fetch(`${base}/api/health/signed`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  })
    .then((response) => response.json())
    .catch(() => undefined);
  const said = signInFirst.safeParse(answer);
  return said.success ? said.data.clientId : undefined;
}

async function ofAz(az: RunAz, args: readonly string[], otherwise: string): Promise<string> {
  try {
    return (await az([...args, '--output', 'tsv'])).trim();
  } catch (error) {
    const missing = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
    throw new Declined(
      missing
        ? `The Azure CLI (az) is not installed, so there is no sign-in to use. ${instead}`
        : `${otherwise} ${instead}`,
    );
  }
}

/** On Windows `az` is a batch file, which only a shell starts. No argument comes from outside unchecked. */
export const runAz: RunAz = async (args) => {
  const shell = process.platform === 'win32';
  return (await promisify(execFile)('az', [...args], { timeout: timeoutMs, shell, encoding: 'utf8' })).stdout;
};
