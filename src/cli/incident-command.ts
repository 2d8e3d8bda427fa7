// Commands about incident systems: try one, have what it refused sent again, and say where an incident would be told.
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { UsageError } from './classify-command.ts';
import { Declined } from './declined.ts';
import { addressOf, type Deployed, deployedAt } from './deployed.ts';
import { plain } from './report.ts';

export const incidentUsage = `pullmedic incident test --to NAME --url URL
pullmedic incident again --to NAME --url URL
pullmedic route --cause CAUSE --registry HOST --url URL [--severity S] [--owner TEAM]
                [--subscription ID] [--environment NAME] [--at INSTANT]

  incident test     opens a marked test in the incident system NAME of the settings and resolves it
  incident again    sends again what that system refused for good
  route             says which systems would be told of such an incident, and by which routes

  --at INSTANT      as 2026-06-01T02:00:00Z; without it, now
  --severity S      low, medium, high or critical; without it, high
  --owner TEAM      without it, the team that the cause names

PULLMEDIC_URL says the address of the app where --url is not given. You are signed in as "az login"
has it. Tests and repetitions take the app role Operator; for route the role Reader will do.

  pullmedic incident test --to pager
  pullmedic route --cause private-dns-unlinked --registry shop.azurecr.io

Exit codes: 0 done; 1 the system or the app declined; 2 the command is wrong.
`;

/** Runs `incident` or `route`; the answer is its exit code. Throws {@link UsageError}. */
export async function incidentCommand(command: 'incident' | 'route', args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (options.help === true) {
    process.stdout.write(incidentUsage);
    return 0;
  }
  const deployed = deployedAt(addressOf(options.url), process.env);
  try {
    return command === 'route' ? await showRoute(deployed, options) : await askSystem(deployed, options);
  } catch (error) {
    if (!(error instanceof Declined)) throw error;
    process.stderr.write(`pullmedic: ${error.message}\n`);
    return 1;
  }
}

type Options = ReturnType<typeof optionsOf>;

/** What the arguments say. Throws where one is not known. */
export function optionsOf(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      url: text,
      to: text,
      cause: text,
      registry: text,
      severity: text,
      owner: text,
      subscription: text,
      environment: text,
      at: text,
      help: { type: 'boolean', short: 'h' },
    },
  });
  return { ...values, verb: positionals[0], more: positionals.length > 1 };
}

const call = z.object({ kind: z.string(), why: z.string().optional(), detail: z.string().optional() });
const tried = z.object({ opened: call, resolved: call.optional(), url: z.string().optional(), again: z.number() });

/** Tries a system, or has what it refused sent again. The answer is the exit code. */
export async function askSystem(deployed: Deployed, { verb, more, to }: Options): Promise<number> {
  if (more || (verb !== 'test' && verb !== 'again')) throw new UsageError('incident takes test or again.');
  if (to === undefined || !/^[a-z][a-z0-9-]{0,31}$/.test(to))
    throw new UsageError('--to takes the name of a system, as the settings have it.');
  const answered = await deployed.post(`incident-systems/${to}/${verb}`, {});
  if (verb === 'again') return say(0, `Sent again: ${z.object({ again: z.number() }).parse(answered).again}.`);
  const { opened, resolved, url, again } = tried.parse(answered);
  say(0, `opened    ${sayCall(opened)}${url === undefined ? '' : `: ${url}`}`);
  if (resolved !== undefined) say(0, `resolved  ${sayCall(resolved)}`);
  if (again > 0) say(0, `Sent again, because the system takes our messages: ${again}.`);
  return opened.kind === 'failed' || resolved?.kind === 'failed' ? 1 : 0;
}

function sayCall({ kind, why, detail }: z.infer<typeof call>): string {
  return why === undefined ? kind : `${kind}: ${why} (${detail ?? 'no detail'})`;
}

const routed = z.object({
  to: z.array(z.string()),
  matched: z.array(z.number()),
  because: z.string(),
  undecided: z.array(z.number()).default([]),
  atMs: z.number(),
  mode: z.string(),
});

/** Prints where an incident would be told. */
export async function showRoute(deployed: Deployed, options: Options): Promise<number> {
  const { cause, registry, severity, owner, subscription, environment, at, verb } = options;
  if (verb !== undefined || cause === undefined || registry === undefined)
    throw new UsageError('route takes --cause and --registry.');
  const asked = Object.entries({ cause, registry, severity, owner, subscription, environment, at }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]),
  );
  const { to, matched, undecided, because, atMs, mode } = routed.parse(
    await deployed.get(`incident-route?${asked.join('&')}`),
  );
  say(
    0,
    `At ${new Date(atMs).toISOString()}, in the mode ${mode}: ${to.length === 0 ? 'nobody is told' : to.join(', ')}.`,
  );
  return say(0, sayWhy(because, because === 'not-known' ? undecided : matched));
}

/** `routes`: those that match, or those that would match if more were known of the incident; from 0. */
function sayWhy(because: string, routes: readonly number[]): string {
  const places = routes.map((at) => at + 1).join(', ');
  switch (because) {
    case 'no-systems':
      return 'The settings have no incident systems.';
    case 'observe':
      return 'The mode observe sends nothing; the setting incidents.inObserve changes that.';
    case 'no-route':
      return 'No route matches, so every system is told.';
    case 'not-known':
      return `No route matches for certain. Routes that ask for a subscription or an environment that was not given, counted from 1: ${places}.`;
    default:
      return `Routes that match, counted from 1: ${places}.`;
  }
}

function say(code: number, line: string): number {
  process.stdout.write(`${plain(line)}\n`);
  return code;
}
