// The command `status`: the line of the page Now, and what needs a person.
import * as z from 'zod';
import { answerLines, approvalShown } from './answer-line.ts';
import { readAs } from './answer-read.ts';
import type { Arguments } from './arguments.ts';
import { withApp } from './deployed-commands.ts';
import { linesOf, print, printJson } from './printed.ts';
import { UsageError } from './usage-error.ts';
import { type Seen, watch } from './watch.ts';

export function statusCommand(given: Arguments<'status'>): Promise<number> {
  const { json, watch: isWatched } = given.values;
  if (json === true && isWatched === true) throw new UsageError('--json and --watch exclude each other.');
  return withApp(given, async (deployed) => {
    const read = async () => deployed.get('now?as=json');
    if (isWatched === true) return watch(async () => seenIn(await read()), print);
    const answered = await read();
    const { lines } = seenIn(answered);
    if (json === true) printJson(answered);
    else print(lines);
    return 0;
  });
}

/** The state of the world in lines. Throws {@link Declined} where the app answers something else. */
function seenIn(answered: unknown): Seen {
  const seen = readAs(board, answered, 'its state');
  const state = [...linesOf(stateLine(seen)), ...troubleLines(seen)];
  const notes = notesOf(seen).flatMap((note) => linesOf(note));
  return {
    lines: [...state, ...seen.problems.flatMap(problemLines), ...notes],
    state: [...state, ...notes],
    goesOn: seen.problems.length + seen.underWay.length + seen.notShown.all > 0,
  };
}

const count = z.number().int().nonnegative();
const member = z.object({
  id: z.string(),
  state: z.string(),
  target: z.object({ appName: z.string() }),
  causes: z.array(z.string()),
  approval: approvalShown,
});
const problem = z.object({
  incident: z.object({ id: z.string(), title: z.string(), owner: z.string() }).optional(),
  members: z.array(member),
});
const board = z.object({
  standing: z.object({
    mode: z.string(),
    killSwitch: z.union([
      z.object({ read: z.literal(true), value: z.boolean() }),
      z.object({ read: z.literal(false), why: z.string() }),
    ]),
  }),
  problems: z.array(problem),
  underWay: z.array(z.unknown()),
  notShown: z.object({ all: count, needPerson: count, ask: count }),
  /** What is wrong with pullmedic itself, in sentences; apps of older versions only count. */
  troubles: z.array(z.string()).optional(),
  ended: z.object({ recovered: count, leftAlone: count, healthy: count.default(0), more: z.boolean() }),
  upkeep: z.object({ overdue: count, deadLetters: count, unreadable: count, unreadableRows: count }),
});
type Board = z.infer<typeof board>;
type Member = z.infer<typeof member>;

/** Problems are counted as the page counts them: all apps of an incident are one. */
function stateLine({ standing, problems, underWay, notShown, ended }: Board): string {
  const { mode, killSwitch } = standing;
  const members = problems.flatMap((one) => one.members);
  const questions = members.filter(asks).length + notShown.ask;
  const atLeast = ended.more ? 'at least ' : '';
  const moreProblems = notShown.needPerson > 0 ? ' or more' : '';
  return `Mode ${mode}; kill switch ${killSwitch.read ? (killSwitch.value ? 'on' : 'off') : 'could not be read, which counts as on'}. Problems for a person: ${problems.length}${moreProblems}; questions: ${questions}; under way: ${underWay.length + notShown.all - notShown.needPerson}; in the last 24 hours ${atLeast}${ended.recovered} recovered, ${atLeast}${ended.leftAlone} left alone${ended.healthy === 0 ? '' : `, ${ended.healthy} of them healthy`}.`;
}

/** Right below the state: while pullmedic does not run, the rest says little. */
function troubleLines(seen: Board): readonly string[] {
  const troubles = troublesIn(seen);
  if (troubles.length === 0) return [];
  return [
    ...linesOf('pullmedic itself is not well. What to do: pullmedic health'),
    ...troubles.flatMap((trouble) => linesOf(trouble, { indent: 2 })),
  ];
}

function troublesIn({
  troubles,
  upkeep: { overdue, deadLetters, unreadable, unreadableRows },
}: Board): readonly string[] {
  if (troubles !== undefined) return troubles;
  const unread = unreadable + unreadableRows;
  return [
    ...(unread === 0 ? [] : [`Live remediations that cannot be read, and may need a person: ${unread}.`]),
    ...(overdue === 0 ? [] : [`Remediations whose next step is late: ${overdue}.`]),
    ...(deadLetters === 0 ? [] : [`Messages that could not be handled and wait for a person: ${deadLetters}.`]),
  ];
}

function asks({ state }: Member): boolean {
  return state === 'needs-approval';
}

/** How many apps of one problem are named. `--json` and the page of the incident have all. */
const mostNamed = 12;

function problemLines({ incident, members }: z.infer<typeof problem>): readonly string[] {
  const indent = incident === undefined ? 0 : 2;
  const more = members.length - mostNamed;
  return [
    ...(incident === undefined ? [] : linesOf(`${incident.id}  ${incident.title}  (for the ${incident.owner})`)),
    ...members.slice(0, mostNamed).flatMap((one) => {
      const causes = one.causes.join(' and ') || 'no cause named';
      return [
        ...linesOf(`${one.id}  ${one.state}  ${one.target.appName}  ${causes}`, { indent, state: one.state }),
        ...(asks(one) ? answerLines(one.target.appName, one.approval, { indent: indent + 2 }) : []),
      ];
    }),
    ...(more > 0 ? linesOf(`and ${more} more`, { indent }) : []),
  ];
}

/** What a reader has to know before "no problem" is believed. */
function notesOf(seen: Board): readonly string[] {
  const { problems, notShown } = seen;
  const isWell = troublesIn(seen).length === 0;
  const isEmpty = problems.length === 0 && notShown.needPerson === 0;
  return [
    ...(isEmpty ? [isWell ? 'Nothing needs a person.' : 'Nothing that can be read needs a person.'] : []),
    ...(notShown.needPerson === 0
      ? []
      : [
          `Remediations that need a person and are not listed here: ${notShown.needPerson}. pullmedic history needs:person`,
        ]),
  ];
}
