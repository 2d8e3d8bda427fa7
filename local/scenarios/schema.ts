// A scenario file: its schema, and how it is read so that every mistake names its line.

import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { durationOr } from '../azure/world/duration.ts';
import { eventSchema } from '../azure/world/events.ts';
import { roleNames } from '../azure/world/identities.ts';
import { unknownNames } from '../azure/world/unknown-names.ts';
import { worldSchema } from '../azure/world/world.ts';
import { kinds } from '../incidents/kinds.ts';
import { withCopies } from './copies.ts';

const name = z.string().min(1).max(63);

const copies = z.int().min(1).max(100).optional();

const changes = ['grant', 'restart', 'new-revision', 'start'] as const;

const outcomes = ['done', 'already-there', 'failed', 'unknown', 'withheld'] as const;

const alertStates = ['Acknowledged', 'Closed'] as const;

const expectedRemediation = z.strictObject({
  app: name,
  /** The same is expected for each copy of the app. */
  copies,
  causes: z.array(z.string()),
  sure: z.enum(['confirmed', 'suspected', 'unexplained']).optional(),
  /** How it ended, `open` while a person has to act, or `waiting` where pullmedic goes on by itself after the end of the scenario. */
  ended: z.enum(['recovered', 'withdrawn', 'unproven', 'open', 'waiting']),
  because: z.string().optional(),
  /** Every change that was decided, in order, e.g. `grant: done`. */
  actions: z.array(z.partialRecord(z.enum(changes), z.enum(outcomes)).or(z.enum(changes))).default([]),
  incident: z.enum(['none', 'open', 'resolved', 'withdrawn']).default('none'),
  /** How often the incident was opened in all: 2 where it came back. */
  occurrences: z.int().min(1).optional(),
  /** What that incident is about, where it is not the cause itself, e.g. `write-rejected`: what is left to do. */
  incidentCause: z.string().optional(),
  /** What became of a question to a person. */
  approval: z.enum(['none', 'pending', 'approved', 'rejected', 'expired']).default('none'),
  /** Whether what it granted can be taken back, or what became of that. */
  undo: z.enum(['none', 'possible', 'refused', 'removed', 'already-gone', 'failed', 'withheld']).optional(),
  /** What it made of its alerts, one line for each state that it wanted, in order, e.g. `Acknowledged: done`. */
  alerts: z.array(z.partialRecord(z.enum(alertStates), z.enum([...outcomes, 'refused']))).default([]),
  /** Which signal opened it. */
  startedBy: z
    .enum(['log-alert', 'activity-alert', 'resource-event', 'registry-event', 'operator', 'schedule'])
    .optional(),
  /** Words that the incident must say, e.g. the address that was refused. */
  says: z.array(z.string()).default([]),
  /** Findings that must speak for the causes, e.g. `role-elsewhere`. */
  finds: z.array(z.string()).default([]),
  /** Findings that must speak against a cause, or for none: what was looked at and is right. */
  against: z.array(z.string()).default([]),
  /** Guards that refused a change, e.g. `mode`. */
  refused: z.array(z.string()).optional(),
  /** Whether its history was read from the archive of old histories at the end. */
  archived: z.boolean().optional(),
});

const assignments = z
  .array(z.strictObject({ role: z.enum(roleNames), principal: z.string(), on: z.string() }))
  .default([]);

const expectedAzure = z.strictObject({
  /** Role assignments that pullmedic made and that are there, all of them. */
  assigned: assignments,
  /** Role assignments that pullmedic removed, all of them. */
  removed: assignments,
  restarts: z.union([z.int().min(0), z.literal('any')]).default(0),
  /** Starts of a job that pullmedic asked for. */
  starts: z.int().min(0).default(0),
  /** New revisions of the same template that pullmedic asked for. */
  newRevisions: z.int().min(0).default(0),
  /** Alerts whose state pullmedic set, all of them, and the state that they have in the end. */
  alerts: z.array(z.strictObject({ app: name, state: z.enum(alertStates) })).default([]),
  /** Apps with a ready replica. */
  ready: z.array(name).default([]),
});

const pullmedic = z.strictObject({
  mode: z.enum(['observe', 'approve', 'act']),
  /** For each opted-in registry its consumers: `group:<name>`, `environment:<name>` or an identity's name. */
  registries: z.record(z.string(), z.array(z.string())).default({}),
  grantWhenNetworkUnknown: z.boolean().default(false),
  settings: z.record(z.string(), z.unknown()).default({}),
  /** Incident systems that pullmedic tells, each by its name and its kind. They are played, and need no address and no secret. */
  incidentSystems: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/), z.enum(kinds)).default({}),
});

export const scenarioSchema = z.strictObject({
  summary: z.string().min(1).max(200),
  world: worldSchema,
  events: z.array(eventSchema).default([]),
  pullmedic,
  /** The scenario ends here at the latest, in simulated time. */
  until: durationOr('60m'),
  expect: z.strictObject({
    remediations: z.array(expectedRemediation),
    azure: expectedAzure.prefault({}),
    /** For an incident system everything that people see there at the end, the oldest first. */
    told: z.record(z.string(), z.array(z.enum(['open', 'resolved']))).default({}),
    /** For a system that hears of remediations, what it heard of each: `opened asks closed`, in this order. */
    heard: z.record(z.string(), z.array(z.string())).default({}),
  }),
});

export type ScenarioFile = z.infer<typeof scenarioSchema>;

export type ExpectedRemediation = z.infer<typeof expectedRemediation>;

export interface Scenario extends ScenarioFile {
  readonly name: string;
  readonly file: string;
}

/** A scenario file that cannot be used: one line for each mistake, `file:line: what`. */
export class BadScenario extends Error {
  override readonly name = 'BadScenario';
}

type Path = readonly PropertyKey[];

function lineOf(document: ReturnType<typeof parseDocument>, counter: LineCounter, path: Path): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const range: unknown = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined;
    if (Array.isArray(range) && typeof range[0] === 'number') return counter.linePos(range[0]).line;
  }
  return 1;
}

interface Problem {
  readonly path: Path;
  readonly message: string;
}

function nearest(word: string, known: readonly string[]): string | undefined {
  const distance = (a: string, b: string): number => {
    let row = Array.from({ length: b.length + 1 }, (_, index) => index);
    for (let i = 1; i <= a.length; i += 1) {
      const next = [i];
      for (let j = 1; j <= b.length; j += 1)
        next.push(
          Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)),
        );
      row = next;
    }
    return row[b.length] ?? 99;
  };
  const [best] = [...known].sort((a, b) => distance(word, a) - distance(word, b));
  return best !== undefined && distance(word, best) <= 3 ? best : undefined;
}

/** Members that a strict object at this place would know; found by asking the schema about an empty one. */
const members = [
  ...Object.keys(scenarioSchema.shape),
  ...Object.keys(worldSchema.shape),
  ...Object.keys(pullmedic.shape),
  ...Object.keys(expectedRemediation.shape),
  ...Object.keys(expectedAzure.shape),
  'containers',
  'image',
  'pullIdentity',
  'restartPolicy',
  'runsFor',
  'failedBefore',
  'environment',
  'group',
  'minReplicas',
  'deployed',
  'validated',
  'silent',
  'notScheduled',
  'restartable',
  'when',
  'kind',
  'rule',
  'again',
  'revisionMode',
  'repositories',
  'publicNetworkAccess',
  'privateEndpoint',
  'roleMode',
  'propagation',
  'principal',
  'links',
  'records',
  'vnet',
  'logs',
];

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code !== 'unrecognized_keys')
    return [{ path: issue.path, message: `${issue.path.join('.') || 'the file'}: ${issue.message}` }];
  return issue.keys.map((key) => {
    const meant = nearest(
      key,
      members.filter((member) => member !== key),
    );
    return {
      path: [...issue.path, key],
      message: `${[...issue.path, key].join('.')} is not known${meant === undefined ? '' : `; did you mean "${meant}"?`}`,
    };
  });
}

/** A world that a person wrote is a few kilobytes. Characters. */
const longestFile = 1_000_000;

/** A scenario nests nine levels. */
const mostLevels = 40;

/** Bounds the cost of parsing: brackets and dashes that nest, before the parser follows them. */
function nestsTooDeep(text: string): boolean {
  let open = 0;
  for (const mark of text) {
    if (mark === '[' || mark === '{') open += 1;
    else if (mark === ']' || mark === '}') open = Math.max(0, open - 1);
    if (open > mostLevels) return true;
  }
  return text.split('\n').some((line) => (/^[\s?:-]*/.exec(line)?.[0].replaceAll(/\s/g, '').length ?? 0) > mostLevels);
}

/** The document as plain values; a name that stands for more than it should is refused. */
function plainOf(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new BadScenario(`${file}:1: ${error instanceof Error ? error.message : 'this cannot be read'}`);
  }
}

/** Reads the text of a scenario file. Throws {@link BadScenario}. */
export function parseScenario(text: string, file: string): Scenario {
  if (text.length > longestFile) throw new BadScenario(`${file}:1: this file is longer than a million characters.`);
  if (nestsTooDeep(text)) throw new BadScenario(`${file}:1: this file nests deeper than ${mostLevels} levels.`);
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const fail = (problems: readonly Problem[]): never => {
    throw new BadScenario(
      problems.map(({ path, message }) => `${file}:${lineOf(document, counter, path)}: ${message}`).join('\n'),
    );
  };
  const [syntax] = document.errors;
  if (syntax !== undefined) throw new BadScenario(`${file}:${counter.linePos(syntax.pos[0]).line}: ${syntax.message}`);
  const parsed = scenarioSchema.safeParse(plainOf(document, file));
  if (!parsed.success) return fail(parsed.error.issues.flatMap(problemsOf));
  const scenario = withCopies(parsed.data);
  const unknown = [...unknownNames(scenario.world, scenario.events), ...unknownSystems(scenario)];
  if (unknown.length > 0) return fail(unknown);
  return { ...scenario, file, name: basename(file).replace(/\.ya?ml$/, '') };
}

/** Incident systems that the file names and does not have. */
function unknownSystems({ pullmedic: { incidentSystems }, events, expect }: ScenarioFile): Problem[] {
  const problemAt = (path: Path, system: string): Problem[] =>
    system in incidentSystems ? [] : [{ path, message: `${system} is not among the incidentSystems` }];
  return [
    ...(['told', 'heard'] as const).flatMap((what) =>
      Object.keys(expect[what]).flatMap((system) => problemAt(['expect', what, system], system)),
    ),
    ...events.flatMap((event, at) =>
      'from' in event && event.from !== undefined ? problemAt(['events', at, 'from'], event.from) : [],
    ),
  ];
}

/** Reads a scenario file. Throws {@link BadScenario}, also where there is no such file. */
export async function readScenario(file: string): Promise<Scenario> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    throw new BadScenario(`${file}: this file cannot be read.`);
  }
  return parseScenario(text, file);
}
