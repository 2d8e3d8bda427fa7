// The command `doctor`: runs the checks of the first day that a program can run, and prints what is missing.
import { parseArgs } from 'node:util';
import { codeOf, lineOf } from './check.ts';
import { checkDeployment } from './check-deployment.ts';
import { checkSubscription } from './check-subscription.ts';
import { UsageError } from './classify-command.ts';
import { Declined } from './declined.ts';
import { addressOf, deployedAt } from './deployed.ts';
import { type RunAz, runAz } from './own-token.ts';
import { plain } from './report.ts';

export const doctorUsage = `pullmedic doctor [--subscription ID]
pullmedic doctor --url URL

Runs those of the seven checks of the first day (docs/first-day.md) that a program can run, and prints
what is missing. It changes nothing.

  without --url      before a deployment, with the sign-in of "az login": az, providers, the operations
                     of the roles, system topics, logs
  --subscription ID  the subscription to check, if not the one of az
  --url URL          a deployed pullmedic: the app, its sign-in, a forged sign-in, and what health says
                     of the rest; PULLMEDIC_URL does not stand for it here, because without --url
                     the subscription is checked

Exit codes: 0 nothing is missing; 1 the app does not answer; 2 the command is wrong; 3 something is
missing or could not be read.
`;

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Runs the checks; the answer is the exit code. Throws {@link UsageError}. */
export async function doctorCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  az: RunAz = runAz,
): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { url: { type: 'string' }, subscription: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) {
    process.stdout.write(doctorUsage);
    return 0;
  }
  if (values.subscription !== undefined && !guid.test(values.subscription))
    throw new UsageError('--subscription takes the id of a subscription.');
  try {
    const base = values.url === undefined ? undefined : addressOf(values.url);
    const checks =
      base === undefined
        ? await checkSubscription(az, values.subscription)
        : await checkDeployment(base, deployedAt(base, env));
    for (const check of checks) process.stdout.write(`${plain(lineOf(check))}\n`);
    return codeOf(checks);
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    process.stderr.write(`pullmedic: ${error.message}\n`);
    return 1;
  }
}
