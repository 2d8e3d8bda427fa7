// The command `doctor`: runs the checks of the first day that a program can run, and prints what is missing.
import { isGuid } from '../lib/words/arm-id.ts';
import type { Arguments } from './arguments.ts';
import { codeOf, lineOf } from './check.ts';
import { checkDeployment } from './check-deployment.ts';
import { checkSubscription } from './check-subscription.ts';
import { Declined } from './declined.ts';
import { addressOf, deployedAt } from './deployed.ts';
import { type RunAz, runAz } from './own-token.ts';
import { printJson, say } from './printed.ts';
import { UsageError } from './usage-error.ts';

/** Runs the checks; the answer is the exit code. Throws {@link UsageError}. */
export async function doctorCommand(
  { values }: Arguments<'doctor'>,
  env: NodeJS.ProcessEnv = process.env,
  az: RunAz = runAz,
): Promise<number> {
  if (values.subscription !== undefined && !isGuid(values.subscription))
    throw new UsageError('--subscription takes the id of a subscription.');
  try {
    const base = values.url === undefined ? undefined : addressOf(values.url);
    const checks =
      base === undefined
        ? await checkSubscription(az, values.subscription)
        : await checkDeployment(base, deployedAt(base, env));
    if (values.json === true) printJson(checks);
    else for (const check of checks) say(lineOf(check));
    return codeOf(checks);
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    process.stderr.write(`pullmedic: ${error.message}\n`);
    return 1;
  }
}
