// `pullmedic diagnose`: one look at an app with the caller's own sign-in. It only reads: it writes, grants and restarts nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { connectAsCaller } from '../lib/azure/clients/callers-sign-in.ts';
import type { Clients } from '../lib/azure/clients/clients.ts';
import { graphApps } from '../lib/azure/facts/apps.ts';
import { probesOf } from '../lib/azure/facts/evidence.ts';
import { everywhere } from '../lib/azure/facts/graph.ts';
import { diagnose } from '../lib/diagnosis/diagnose.ts';
import { subjectOf } from '../lib/diagnosis/named-registry.ts';
import { claimOfRow } from '../lib/diagnosis/read-row.ts';
import { pulledBefore, readRows, rowsOfOthers, textOf } from '../lib/diagnosis/recovery.ts';
import type { Evidence, Probe } from '../lib/evidence/evidence.ts';
import { factTable } from '../lib/evidence/facts.ts';
import { gather } from '../lib/look/gather.ts';
import type { Ports } from '../lib/ports/ports.ts';
import { subscriptionOf } from '../lib/words/arm-id.ts';
import { type Cloud, clouds } from '../lib/words/cloud.ts';
import { known, sayUnreadable, unreadable } from '../lib/words/fact.ts';
import { type Target, targetOf } from '../lib/words/target.ts';
import { withoutUserinfo } from '../lib/words/userinfo.ts';
import { sayFor } from '../lib/workloads/sentences.ts';
import type { Arguments } from './arguments.ts';
import { appWritten, type CallersAzure, findApp, NotReached } from './diagnosed-app.ts';
import { diagnosisObject, diagnosisText, type Seen } from './diagnosis-text.ts';
import { type Paint, paintFor, plain, safeJson } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { exitCodeOf, exitCodes, isFailing, verdictOf } from './verdict.ts';

interface Options {
  readonly app: ReturnType<typeof appWritten>;
  readonly image: string | undefined;
  readonly subscriptions: readonly string[];
  readonly sinceMinutes: number;
  readonly cloud: Cloud;
  readonly json: boolean;
  readonly simulation: string | undefined;
}

/** Runs the command and returns its exit code. Throws {@link UsageError}. */
export async function diagnoseCommand(given: Arguments<'diagnose'>): Promise<number> {
  const options = optionsOf(given);
  try {
    return options.simulation === undefined
      ? await inAzure(options)
      : await inSimulation(options.simulation, given.raw);
  } catch (error) {
    if (!(error instanceof NotReached)) throw error;
    process.stderr.write(`pullmedic: ${plain(error.message)}\n`);
    return exitCodes.unreadable;
  }
}

function optionsOf({ values, words }: Arguments<'diagnose'>): Options {
  const [word] = words;
  if (word !== undefined && values.app !== undefined) throw new UsageError('diagnose takes one app.');
  const app = appWritten(word ?? values.app);
  const sinceMinutes = Number(values.since ?? 60);
  if (!(sinceMinutes > 0 && sinceMinutes <= 43_200)) throw new UsageError('--since takes minutes, from 1 to 43200.');
  const cloud = z.enum(clouds).safeParse(values.cloud ?? 'public');
  if (!cloud.success) throw new UsageError(`--cloud takes one of ${clouds.join(', ')}.`);
  return {
    app,
    image: values.image,
    subscriptions: values.subscription ?? [],
    sinceMinutes,
    cloud: cloud.data,
    json: values.json === true,
    simulation: values.simulation,
  };
}

async function inAzure(options: Options): Promise<number> {
  const clients = connectAsCaller(options.cloud);
  const { id, facts } = await findApp(callersAzure(clients, options), options.app);
  const subscriptions = [...new Set([subscriptionOf(id), ...options.subscriptions])];
  const ask = probesOf({ clients, subscriptions });
  const all: Seen[] = [];
  for (const image of options.image === undefined ? new Set(facts.images) : [options.image]) {
    process.stderr.write(`${plain(withoutUserinfo(image))}\n`);
    all.push(await lookAt(ask, targetOf(id, image), options, (line) => process.stderr.write(`  ${line}\n`)));
  }
  const paint = paintFor(process.stdout);
  if (options.json) process.stdout.write(`${safeJson({ app: id, images: all.map(diagnosisObject) }, 2)}\n`);
  else for (const seen of all) process.stdout.write(`\n${diagnosisText(seen, paint)}`);
  return worst(all.map((seen) => exitCodeOf(seen.verdict)));
}

/** How an app is found, without the subscriptions that its registry may be in: they follow from the app. */
function callersAzure(clients: Clients, { subscriptions }: Options): CallersAzure {
  return {
    signIn: () => clients.signIn(AbortSignal.timeout(signInMs)),
    appsNamed: async (name) => {
      const found = await graphApps(clients, subscriptions.length > 0 ? subscriptions : everywhere, [name]);
      if (!found.read) return found;
      const { apps, unreadable } = found.value;
      return known({ ids: apps.map(({ id }) => id), hasUnreadable: unreadable.length > 0 });
    },
    app: async (id) => {
      const nowMs = Date.now();
      const readProbe = probesOf({ clients, subscriptions: [subscriptionOf(id)] });
      const { facts } = await readProbe('app', targetOf(id, ''), { atMs: nowMs }, nowMs);
      return facts.app ?? unreadable('not-asked');
    },
  };
}

/** A sign-in may ask a command line or a service of the machine. Milliseconds. */
const signInMs = 60_000;

type Ask = Ports['azure']['probe'];

async function lookAt(ask: Ask, asked: Target, options: Options, each: (line: string) => void): Promise<Seen> {
  const paint = paintFor(process.stderr);
  const sinceMs = Date.now() - options.sinceMinutes * 60_000;
  const { evidence, calls } = await gather({ now: () => Date.now(), azure: { probe: ask } }, asked, sinceMs, {
    each: (probe, facts) => each(tick(probe, facts, asked, paint)),
  });
  const target = subjectOf(asked, evidence);
  const rows = readRows(target, evidence, claimOfRow);
  const said = textOf(target, rows, rowsOfOthers(target, evidence, claimOfRow));
  const before = pulledBefore(
    target,
    evidence,
    rows.map(({ row }) => row),
    0,
  );
  const diagnosis = diagnose({ target, evidence, ...said, pulledBefore: before });
  const failing = isFailing(target, evidence, diagnosis, said.suspicions);
  return { target, evidence, diagnosis, verdict: verdictOf(target, evidence, diagnosis, failing), calls };
}

/** A line of the checklist. It says "read" or "could not read" and never guesses. */
function tick(probe: Probe, facts: Partial<Evidence>, { appId }: Target, paint: Paint): string {
  const fact = facts[probe];
  const words = sayFor(appId, factTable[probe].words);
  if (fact === undefined || !fact.read)
    return `${paint('red', '–')} could not read ${words}${fact === undefined ? '' : ` (${sayUnreadable(fact.why)})`}`;
  return `${paint('green', '✓')} read ${words}`;
}

/** The exit code of the worst verdict. A gate must not pass because another image is fine. */
function worst(codes: readonly number[]): number {
  const order = [exitCodes.unexplained, 10, 11, 12, 13, 14, exitCodes['cannot-tell'], exitCodes.pulls];
  return order.find((code) => codes.includes(code)) ?? exitCodes.pulls;
}

const simulated = z.object({ env: z.record(z.string(), z.string()), preload: z.string() });

/** Runs the command again in a new process whose environment sends the SDKs to the simulation: some variables count only at start. */
async function inSimulation(address: string, args: readonly string[]): Promise<number> {
  const response = await fetch(address, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
  const read = response?.ok === true ? simulated.safeParse(await response.json()) : undefined;
  if (read?.success !== true) throw new UsageError('--simulation: there is no simulation at this address.');
  const at = args.indexOf('--simulation');
  const rest = args.filter((arg, index) => index !== at && index !== at + 1 && !arg.startsWith('--simulation='));
  const child = spawn(
    process.execPath,
    ['--import', read.data.preload, fileURLToPath(new URL('./main.ts', import.meta.url)), 'diagnose', ...rest],
    { stdio: 'inherit', env: { ...process.env, ...read.data.env } },
  );
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? exitCodes.unreadable;
}
