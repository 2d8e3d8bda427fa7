// Finds the app that a diagnosis is about, by its resource id or its name, and says what stands in the way: no sign-in, no such app, several of
// the name, no right, no answer.
import type { AppFacts } from '../lib/evidence/app-facts.ts';
import type { ArmId } from '../lib/words/arm-id.ts';
import { type Fact, sayUnreadable, type Unreadable } from '../lib/words/fact.ts';
import { idsInWords, kindOf, kindsInWords, parseWorkloadId } from '../lib/workloads/workloads.ts';
import { UsageError } from './usage-error.ts';

/** What is asked of Azure before the diagnosis, with the caller's own sign-in. */
export interface CallersAzure {
  /** Rejects where there is no sign-in. */
  readonly signIn: () => Promise<void>;
  /** The apps and jobs of this name. */
  readonly appsNamed: (name: string) => Promise<Fact<FoundApps>>;
  readonly app: (id: ArmId) => Promise<Fact<AppFacts | 'gone'>>;
}

interface FoundApps {
  readonly ids: readonly ArmId[];
  /** There is one more of the name, whose id cannot be read. */
  readonly hasUnreadable: boolean;
}

/** The app cannot be diagnosed. The message begins with which of the reasons it is; the exit code is 1. */
export class NotReached extends Error {
  override readonly name = 'NotReached';
}

/** The id or the name that a person wrote. Throws {@link UsageError} where it can be neither. */
export function appWritten(text: string | undefined): { readonly id: ArmId } | { readonly name: string } {
  const id = parseWorkloadId(text ?? '');
  if (id !== undefined) return { id };
  // Names of apps and jobs are of letters, digits and hyphens, and have at most 63 characters.
  if (text === undefined || !/^[a-z0-9][a-z0-9-]{0,62}$/i.test(text))
    throw new UsageError(`diagnose takes the name or the resource id of ${kindsInWords} (${idsInWords}).`);
  return { name: text.toLowerCase() };
}

/** The app and what is known of it. Throws {@link NotReached}, and {@link UsageError} where several have the name, with their ids. */
export async function findApp(
  azure: CallersAzure,
  written: ReturnType<typeof appWritten>,
): Promise<{ readonly id: ArmId; readonly facts: AppFacts }> {
  await azure.signIn().catch(() => {
    throw new NotReached('not signed in: run "az login", or give the environment a service principal or an identity.');
  });
  const id = 'id' in written ? written.id : await theOneNamed(azure, written.name);
  const fact = await azure.app(id);
  if (!fact.read) throw unread(fact.why, `The ${kindOf(id).words.short}`, `Reader on the ${kindOf(id).words.short}`);
  if (fact.value === 'gone') throw new NotReached(`not found: no ${kindOf(id).words.full} has this id.`);
  return { id, facts: fact.value };
}

async function theOneNamed(azure: CallersAzure, name: string): Promise<ArmId> {
  const found = await azure.appsNamed(name);
  if (!found.read) throw unread(found.why, 'The list of workloads', 'Reader on a subscription');
  const { ids, hasUnreadable } = found.value;
  const [only, ...others] = ids;
  if (others.length > 0)
    throw new UsageError(`${ids.length} workloads have the name ${name}; give the id: ${ids.join(' ')}.`);
  if (hasUnreadable) throw new NotReached(`not found: a workload of the name ${name} has an id that cannot be read.`);
  if (only === undefined)
    throw new NotReached(
      `not found: nothing that you may read has the name ${name} and is ${kindsInWords}. "az account list" shows which subscriptions you may read; without the right to read a workload, it is not listed.`,
    );
  return only;
}

function unread(why: Unreadable, what: string, role: string): NotReached {
  if (why === 'forbidden')
    return new NotReached(
      `no right: ${what.toLowerCase()} may not be read with this sign-in. It takes the role ${role}, in the tenant that you are signed in to ("az account show").`,
    );
  if (why === 'timed-out' || why === 'unavailable')
    return new NotReached(
      `unreachable: no answer of Azure came, or only errors (${why}). Check the network and the proxy.`,
    );
  return new NotReached(`${what} could not be read (${sayUnreadable(why)}).`);
}
