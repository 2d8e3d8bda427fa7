// Whether the platform signs callers in. Only then may the app believe the header that names the caller.
import { isGuid } from '../words/arm-id.ts';

/**
 * `on`: the platform says so. `on-by-setting`: the template has switched it on and says so in a setting, and the platform says nothing.
 * `off`: every signed alert and every operator is refused.
 */
export type CallerSignInState = 'on' | 'on-by-setting' | 'off';

export interface CallerSignIn {
  readonly state: CallerSignInState;
  /** Client id of the app registration with which the platform signs callers in, if the template named it. */
  readonly clientId?: string;
}

const setting = 'PULLMEDIC_SIGN_IN';

/**
 * Reads it from the app settings. The platform's own word (`WEBSITE_AUTH_ENABLED`) comes first: where it says that its authentication is
 * off, the setting changes nothing. Source: Microsoft Learn, App Service, "Environment variables and app settings"; whether Flex
 * Consumption sets it is open (docs/unverified.md), which is why the template says it too. Returns `undefined` for a setting that is not
 * a client id.
 */
export function callerSignIn(env: Readonly<Record<string, string | undefined>>): CallerSignIn | undefined {
  const clientId = env[setting]?.trim().toLowerCase() ?? '';
  if (clientId !== '' && !isGuid(clientId)) return undefined;
  const platform = env['WEBSITE_AUTH_ENABLED']?.trim().toLowerCase() ?? '';
  const state = platform === 'true' ? 'on' : platform === '' && clientId !== '' ? 'on-by-setting' : 'off';
  return clientId === '' ? { state } : { state, clientId };
}
