// Runs a command against a deployed pullmedic: finds the app, sends the reason along, and turns a refusal into a sentence and exit code 1.
import { Declined } from './declined.ts';
import { addressOf, type Deployed, deployedAt } from './deployed.ts';
import { withReason } from './with-reason.ts';

/** What every command against a deployed pullmedic takes. `why` is the reason that is recorded. */
interface Reaching {
  readonly values: { readonly url?: string | undefined; readonly why?: string | undefined };
}

/** The answer is the exit code of `run`, or 1 where the app declined. Throws {@link UsageError}, without an address too. */
export async function withApp(
  { values }: Reaching,
  run: (deployed: Deployed, base: string) => Promise<number>,
): Promise<number> {
  const base = addressOf(values.url);
  try {
    return await run(withReason(deployedAt(base, process.env), values.why), base);
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    process.stderr.write(`pullmedic: ${error.message}\n`);
    return 1;
  }
}
