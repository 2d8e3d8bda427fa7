// The command `show`: one remediation as a timeline, and what fixes it; or one incident, with its commands.
import * as z from 'zod';
import { sayRepeats } from '../lib/words/say-repeats.ts';
import { withoutUserinfo } from '../lib/words/userinfo.ts';
import { answerLines, approvalShown } from './answer-line.ts';
import { readAs } from './answer-read.ts';
import type { Arguments } from './arguments.ts';
import type { Deployed } from './deployed.ts';
import { withApp } from './deployed-commands.ts';
import { fixLines, incidentAnswer, incidentLines } from './fix-commands.ts';
import { type Named, namedThing } from './named-thing.ts';
import { clock, linesOf, print, printJson } from './printed.ts';
import { timelineEntry, timelineLines } from './timeline.ts';
import { UsageError } from './usage-error.ts';
import { type Seen, watch } from './watch.ts';

export function showCommand(given: Arguments<'show'>): Promise<number> {
  const { json, all, watch: isWatched } = given.values;
  if (json === true && isWatched === true) throw new UsageError('--json and --watch exclude each other.');
  return withApp(given, async (deployed) => {
    const named = await namedThing(deployed, given.words[0]);
    if (json === true) return showJson(deployed, named);
    const read = () =>
      named.kind === 'remediation' ? story(deployed, named.id, all === true) : told(deployed, named.id);
    if (isWatched === true) return watch(read, print);
    print((await read()).lines);
    return 0;
  });
}

async function showJson(deployed: Deployed, { kind, id }: Named): Promise<number> {
  printJson(await deployed.get(kind === 'remediation' ? `remediations/${id}` : `incidents/${id}?as=json`));
  return 0;
}

/** The timeline of the remediation with this id; of one that is live, the commands of its incident too. */
async function story(deployed: Deployed, id: string, all: boolean): Promise<Seen> {
  const answered = await deployed.get(`remediations/${id}`);
  const { remediation: one, entries } = readAs(shown, answered, 'a remediation');
  const isLive = one.closed === undefined;
  const state = linesOf(lineOf(one), { state: one.closed?.how ?? one.state });
  const kept = one.archived === true ? ['Its history is in the archive of old histories.'] : [];
  const answer = one.state === 'needs-approval' ? answerLines(one.target.appName, one.approval) : [];
  const fix =
    isLive && one.incident !== undefined ? await fixLines(deployed, one.incident, one.sentences?.granted) : [];
  return {
    lines: [
      ...linesOf(withoutUserinfo(one.target.image)),
      ...state,
      ...kept,
      ...timelineLines(entries, all),
      ...answer,
      ...fix,
    ],
    state,
    goesOn: isLive,
  };
}

/** The incident with this id. */
async function told(deployed: Deployed, id: string): Promise<Seen> {
  const incident = readAs(incidentAnswer, await deployed.get(`incidents/${id}?as=json`), 'an incident').incident;
  const lines = incidentLines(incident);
  return { lines, state: lines.slice(0, 1), goesOn: incident.state === 'open' };
}

const remediation = z.object({
  id: z.string(),
  target: z.object({ appName: z.string(), image: z.string() }),
  state: z.string(),
  openedAtMs: z.number(),
  causes: z.array(z.string()),
  incident: z.string().optional(),
  actions: z.array(z.object({ action: z.string(), outcome: z.string() })),
  approval: approvalShown,
  undo: z.object({ state: z.string(), endedAtMs: z.number().optional() }).optional(),
  closed: z.object({ how: z.string(), because: z.string().optional() }).optional(),
  archived: z.boolean().optional(),
  // An older version of the app sends none.
  sentences: z.object({ granted: z.string().optional() }).optional(),
});
const shown = z.object({ remediation, entries: z.array(timelineEntry) });

/** One line: when, id, state, app, causes, actions. */
function lineOf(one: z.infer<typeof remediation>): string {
  const causes =
    one.causes.join(' and ') || (one.closed?.because === 'nothing-failing' ? 'nothing was failing' : 'no cause named');
  const actions =
    sayRepeats(one.actions.map(({ action, outcome }) => `${action}: ${outcome}`)).join(', ') ||
    'pullmedic changed nothing';
  const undone = one.undo?.state === 'removed' ? `; the grant was taken back${atOf(one.undo)}` : '';
  return `${clock(one.openedAtMs)}  ${one.id}  ${one.closed?.how ?? one.state}  ${one.target.appName}  ${causes}; ${actions}${undone}`;
}

function atOf({ endedAtMs }: { readonly endedAtMs?: number | undefined }): string {
  return endedAtMs === undefined ? '' : ` at ${clock(endedAtMs)} UTC`;
}
