// Commands about a deployed pullmedic as a whole: ask for its health, set the kill switch, ask for a look at an app.
import * as z from 'zod';
import { idsInWords, kindsInWords, parseWorkloadId } from '../lib/workloads/workloads.ts';
import { readAs } from './answer-read.ts';
import type { Arguments } from './arguments.ts';
import { Declined } from './declined.ts';
import type { Deployed } from './deployed.ts';
import { withApp } from './deployed-commands.ts';
import { appNamed } from './named-remediation.ts';
import { linesOf, print, printAnswer, printJson, say } from './printed.ts';
import { saysYes } from './says-yes.ts';
import { UsageError } from './usage-error.ts';

/** Prints the health of the app. The exit code is 0 if the app is well, 3 if it is not. */
export function healthCommand(given: Arguments<'health'>): Promise<number> {
  return withApp(given, (deployed) => askHealth(deployed, given.values.json === true));
}

/** Asks for a look at an app now. */
export function lookCommand(given: Arguments<'look'>): Promise<number> {
  const [what] = given.words;
  const id = parseWorkloadId(what ?? '');
  if (id === undefined && (what === undefined || what.includes('/')))
    throw new UsageError(
      `look takes the resource id of ${kindsInWords} (${idsInWords}), or the name of one that has a remediation.`,
    );
  return withApp(given, async (deployed) => {
    // A name is looked for among the apps that have a remediation: pullmedic knows no other one by its name.
    const app = id ?? (await appNamed(deployed, what ?? ''));
    const answered = await deployed.post('signals', { app });
    const says =
      'Asked: pullmedic looks at the workload now. If it finds a failing pull, its history shows a remediation.';
    printAnswer(given.values.json, answered, says);
    return 0;
  });
}

export function killSwitchCommand(given: Arguments<'kill-switch'>): Promise<number> {
  const [what] = given.words;
  if (what !== 'on' && what !== 'off') throw new UsageError('kill-switch takes on or off.');
  return withApp(given, (deployed) => setKillSwitch(deployed, what, given.values));
}

async function askHealth(deployed: Deployed, json: boolean): Promise<number> {
  const answered = await deployed.get(deployed.healthPath);
  const seen = readAs(health, answered, 'its health');
  if (json) printJson(answered);
  else print([seen.well ? 'Well.' : 'Not well.', ...healthLines(seen).flatMap((line) => linesOf(line))]);
  return seen.well ? 0 : 3;
}

interface Setting {
  /** The version of the setting that the person saw. */
  readonly seen?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Who turns the switch off says which setting they saw: by `seen`, or by a yes to the one that is shown here. */
async function setKillSwitch(deployed: Deployed, what: 'on' | 'off', { seen, json }: Setting): Promise<number> {
  if (json === true && what === 'off' && seen === undefined)
    throw new UsageError('With --json, --seen says which setting is turned off.');
  const wish = what === 'on' ? { on: true } : { on: false, seen: seen ?? (await seenSetting(deployed)) };
  const answered = await deployed.post('kill-switch', wish);
  const { on, by } = readAs(set, answered, 'the setting of the kill switch');
  printAnswer(json, answered, `The kill switch is ${on ? 'on: nothing is changed' : 'off'}. Set by ${by}.`);
  return 0;
}

const set = z.object({ on: z.boolean(), by: z.string() });

async function seenSetting(deployed: Deployed): Promise<string | undefined> {
  const seen = readAs(health, await deployed.get(deployed.healthPath), 'its health');
  if (!('killSwitch' in seen) || seen.killSwitchSet?.version === undefined) return undefined;
  const { by, atMs, version } = seen.killSwitchSet;
  say(`The kill switch is ${seen.killSwitch}, set by ${by} at ${new Date(atMs).toISOString()}.`);
  if (await saysYes('Turn it off?')) return version;
  throw new Declined(`Nothing was changed. To turn off this setting and no later one: --seen ${version}`);
}

const countOrUnreadable = z.union([z.number(), z.literal('unreadable')]);
const health = z.union([
  z.object({ well: z.boolean(), settings: z.array(z.string()) }),
  z.object({
    well: z.boolean(),
    dependencies: z.record(z.string(), z.string()),
    storage: z.string().optional(),
    killSwitch: z.string(),
    killSwitchSet: z.object({ by: z.string(), atMs: z.number(), version: z.string().optional() }).optional(),
    heartbeat: z.object({ state: z.string() }),
    live: z.number(),
    overdue: z.number(),
    // An older version of the app sends neither of these.
    sweep: z.object({ state: z.string(), skipped: z.number().default(0) }).default({ state: 'never', skipped: 0 }),
    unreadable: z
      .object({ histories: z.array(z.string()), rows: countOrUnreadable })
      .default({ histories: [], rows: 0 }),
    incidentSystems: z
      .union([
        z.array(
          z.object({
            system: z.string(),
            state: z.string(),
            waiting: z.number(),
            dead: z.number(),
            // An older version of the app does not send it.
            unreadable: z.number().default(0),
            detail: z.string().optional(),
          }),
        ),
        z.literal('unreadable'),
      ])
      .optional(),
    archive: z.union([z.object({ untilMs: z.number(), left: z.number() }), z.literal('unreadable')]).optional(),
    poison: countOrUnreadable,
    deadLetters: z.union([z.array(z.string()), z.literal('unreadable')]),
  }),
]);
type Health = z.infer<typeof health>;

function systemLines(systems: Extract<Health, { live: number }>['incidentSystems']): string[] {
  if (systems === undefined) return [];
  if (systems === 'unreadable') return ['told          whether incident systems can be told could not be read'];
  return systems.map(
    ({ system, state, waiting, dead, unreadable, detail }) =>
      `told          ${system}: ${state}${detail === undefined ? '' : ` (${detail})`}; ${waiting} waiting, ${dead} refused for good${unreadable === 0 ? '' : `, ${unreadable} in rows of the outbox that cannot be read`}`,
  );
}

function archiveLines(archive: Extract<Health, { live: number }>['archive']): string[] {
  if (archive === undefined) return [];
  if (archive === 'unreadable') return ['archive       how far it has come could not be read'];
  const left =
    archive.left === 0
      ? ''
      : `; ${archive.left} left in the table for now, because they cannot be read or moved: they are tried again every hour`;
  if (archive.untilMs === 0)
    return [`archive       its first pass is not over; if it does not end, the failures of on-schedule say why${left}`];
  return [`archive       holds what ended before ${new Date(archive.untilMs).toISOString()}${left}`];
}

function sayUnread({ histories, rows }: Extract<Health, { live: number }>['unreadable']): string {
  if (histories.length === 0 && rows === 0) return 'all can be read';
  return `cannot be read: ${histories.join(', ') || 'none'}; rows of the index that cannot be read: ${rows}`;
}

function healthLines(seen: Health): string[] {
  if ('settings' in seen)
    return [
      'Its settings are invalid, and it does nothing until they are corrected:',
      ...seen.settings.map((one) => `- ${one}`),
    ];
  const set = seen.killSwitchSet;
  const dead = seen.deadLetters;
  return [
    `dependencies  ${Object.entries(seen.dependencies)
      .map(([name, state]) => `${name} ${state}`)
      .join(', ')}`,
    ...(seen.storage === undefined
      ? []
      : [`storage       cannot be used: ${seen.storage}; it is tried again every minute`]),
    `kill switch   ${seen.killSwitch}${set === undefined ? '' : `, set by ${set.by} at ${new Date(set.atMs).toISOString()}${set.version === undefined ? '' : ` (version ${set.version})`}`}`,
    `heartbeat     ${seen.heartbeat.state}`,
    `sweep         ${seen.sweep.state}${seen.sweep.skipped === 0 ? '' : `: ${seen.sweep.skipped} workloads have an id that cannot be read`}`,
    `remediations  ${seen.live} under way, ${seen.overdue} overdue`,
    `histories     ${sayUnread(seen.unreadable)}`,
    ...archiveLines(seen.archive),
    ...systemLines(seen.incidentSystems),
    `messages      ${seen.poison} failed and not looked at yet; dead letters: ${typeof dead === 'string' ? dead : dead.join(', ') || 'none'}`,
  ];
}
