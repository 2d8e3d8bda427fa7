// The story of a scenario: one line for each change of what pullmedic knows or did, in plain words and in order of simulated time.
import { workloadsOf } from '../azure/world/workloads.ts';
import type { Scenario } from '../scenarios/schema.ts';
import type { Histories, Incident, Remediation } from './answers.ts';
import { duration, type Tone } from './paint.ts';

/** One line of a story. */
export interface Line {
  /** Simulated, milliseconds since 1970. */
  readonly atMs: number;
  readonly app: string;
  readonly text: string;
  readonly tone: Tone;
}

/** Follows one scenario. Answers what changed since the last call, the earliest first; nothing where nothing changed. */
export type Follow = (histories: Histories) => Line[];

/**
 * The follower of a scenario's story. `speed` is that of a clock that goes on while the machine works, in simulated seconds a second;
 * on virtual time there is none.
 */
export function follower(speed?: number): Follow {
  const said = new Map<string, string>();
  const last = new Map<string, number>();
  return ({ remediations, incidents }) => {
    const lines = [...remediations].reverse().flatMap((one) => {
      const incident = incidents.find(({ id }) => id === one.incident);
      const news = factsOf(one, incident, speed).filter(({ about, text }) => said.get(`${one.id} ${about}`) !== text);
      for (const { about, text } of news) said.set(`${one.id} ${about}`, text);
      const dated = withTimes(news, one, last.get(one.id) ?? 0);
      last.set(one.id, dated.at(-1)?.atMs ?? last.get(one.id) ?? 0);
      return dated;
    });
    return lines.sort((a, b) => a.atMs - b.atMs);
  };
}

/** Whether a line has to say which app it is about. */
export function hasSeveralApps({ world }: Pick<Scenario, 'world'>): boolean {
  return workloadsOf(world).length > 1;
}

/** What is true of a remediation now. A later fact `about` the same thing takes the place of an earlier one. */
interface StoryFact {
  readonly about: string;
  readonly text: string;
  readonly tone: Tone;
  readonly atMs?: number | undefined;
}

/** A fact without a time takes that of the history's last entry, and is never younger than the facts that follow from it. */
function withTimes(facts: readonly StoryFact[], one: Remediation, notBefore: number): Line[] {
  let latest = one.updatedAtMs;
  const times = [...facts].reverse().map(({ atMs }) => {
    latest = Math.max(notBefore, Math.min(latest, atMs ?? latest));
    return latest;
  });
  return facts.map(({ text, tone }, index) => ({
    atMs: times[facts.length - 1 - index] ?? latest,
    app: one.target.appName,
    text,
    tone,
  }));
}

/** In the order in which one follows from the other. */
function factsOf(one: Remediation, incident: Incident | undefined, speed: number | undefined): StoryFact[] {
  return [
    { about: 'opened', text: `Started by ${one.sentences.startedBy}`, tone: 'plain', atMs: one.times.detectedAtMs },
    ...suspicionOf(one),
    ...causeOf(one),
    ...approvalOf(one),
    ...one.actions.flatMap((_, index) => actionOf(one, index)),
    ...refusalsOf(one, speed),
    ...servingOf(one),
    ...nextOf(one, incident),
    ...undoOf(one),
    ...endingOf(one),
    ...alertsOf(one),
    ...incidentEndOf(incident),
  ];
}

function suspicionOf({ sentences }: Remediation): StoryFact[] {
  return sentences.suspicion === undefined
    ? []
    : [{ about: 'suspicion', text: `The log says: ${sentences.suspicion}`, tone: 'plain' }];
}

function causeOf({ causes, sureness, sentences }: Remediation): StoryFact[] {
  if (causes.length === 0) return [];
  const text = sentences.causes.join(', and ');
  if (sureness === 'unexplained') return [{ about: 'cause', text: upper(text), tone: 'plain' }];
  const how = sureness === 'confirmed' ? 'Found' : 'Suspected';
  return [{ about: 'cause', text: `${how}: ${text}`, tone: 'plain' }];
}

/** After the ending the ending says it. */
function servingOf({ sentences, closed }: Remediation): StoryFact[] {
  return sentences.causeReads === undefined || closed !== undefined
    ? []
    : [{ about: 'serving', text: upper(sentences.causeReads), tone: 'good' }];
}

function approvalOf({ approval }: Remediation): StoryFact[] {
  const by = approval?.by ?? 'a person';
  switch (approval?.state) {
    case undefined:
      return [];
    case 'pending':
      return [
        {
          about: 'approval',
          text: `Asks a person to approve ${approval?.restart === undefined ? 'the grant of the pull role' : 'a restart'}`,
          tone: 'person',
        },
      ];
    case 'approved':
      return [{ about: 'approval', text: `Approved by ${by}`, tone: 'person' }];
    case 'rejected':
      return [{ about: 'approval', text: `Rejected by ${by}`, tone: 'person' }];
    case 'expired':
      return [{ about: 'approval', text: 'No person answered in time', tone: 'person' }];
  }
}

interface ActionWords {
  readonly done: string;
  readonly there: string;
  readonly not: string;
  readonly asked: string;
}

const actionWords: Readonly<Partial<Record<string, ActionWords>>> = {
  grant: {
    done: 'Grants the pull role',
    there: 'Finds that the pull role was granted meanwhile',
    not: 'grant the pull role',
    asked: 'Asked for the grant of the pull role and got no answer',
  },
  restart: {
    done: 'Restarts the revision',
    there: 'Finds that the revision was restarted meanwhile',
    not: 'restart the revision',
    asked: 'Asked for a restart of the revision and got no answer',
  },
  'new-revision': {
    done: 'Makes a new revision of the same template',
    there: 'Finds that the new revision is there already',
    not: 'make a new revision',
    asked: 'Asked for a new revision and got no answer',
  },
  start: {
    done: 'Starts the job again',
    there: 'Finds that the job was started meanwhile',
    not: 'start the job again',
    asked: 'Asked for a start of the job and got no answer',
  },
};

/** An action that is under way has no line: its outcome has one. */
function actionOf({ actions, sentences, decision }: Remediation, index: number): StoryFact[] {
  const found = actions[index];
  const words = actionWords[found?.action ?? ''];
  if (found === undefined || words === undefined) return [];
  const why = sentences.actions[index] ?? '';
  const because = why === '' ? '' : `: ${why}`;
  const fact = (text: string, tone: Tone): StoryFact[] => [{ about: `action ${index}`, text, tone, atMs: found.atMs }];
  switch (found.outcome) {
    case 'done':
      return fact(words.done, 'change');
    case 'already-there':
      return fact(words.there, 'plain');
    case 'failed':
      return fact(`Could not ${words.not}${because}`, 'bad');
    case 'withheld':
      return fact(`Does not ${words.not}${because}`, 'person');
    default:
      return decision?.do === found.action ? [] : fact(words.asked, 'bad');
  }
}

/** Said where a person is asked to agree, and where it waits for the end of the slow start. */
const saidElsewhere = new Set([
  'mode: approval-needed',
  'approval: expired',
  'approval: rejected',
  'slow-start: reached',
]);

function refusalsOf({ refusals, sentences, closed, actions }: Remediation, speed: number | undefined): StoryFact[] {
  if (closed !== undefined) return [];
  const why = refusals.flatMap((code, index) => (saidElsewhere.has(code) ? [] : [sentences.refusals[index] ?? code]));
  const slow =
    speed !== undefined && refusals.some((code) => code.startsWith('evidence-too-old'))
      ? `. This machine is too slow for --speed ${speed}`
      : '';
  const more = actions.some(({ outcome }) => outcome === 'done') ? ' now' : '';
  return why.length === 0
    ? []
    : [{ about: 'refusals', text: `Changes nothing${more}: ${why.join('; ')}${slow}`, tone: 'person' }];
}

function nextOf({ decision, sentences, closed }: Remediation, incident: Incident | undefined): StoryFact[] {
  if (closed !== undefined) return [];
  if (decision?.do === 'wait' && sentences.waits !== undefined)
    return [{ about: 'next', text: sentences.waits.replace(/\.$/, ''), tone: 'quiet' }];
  if (decision?.do !== 'incident' || incident === undefined) return [];
  const { length } = incident.commands;
  const commands = length === 0 ? 'advice' : length === 1 ? 'a command' : `${length} commands`;
  return [{ about: 'next', text: `Hands over to the ${incident.owner}, with ${commands}`, tone: 'person' }];
}

const undoWords: Readonly<Partial<Record<string, string>>> = {
  asked: 'A person asks to take the grant back',
  refused: 'Does not take the grant back',
  removed: 'Takes the grant back, as a person asked',
  'already-gone': 'Finds that the grant was taken back meanwhile',
  failed: 'Could not take the grant back',
  withheld: 'Does not take the grant back',
};

function undoOf({ undo }: Remediation): StoryFact[] {
  const text = undoWords[undo?.state ?? ''];
  return text === undefined ? [] : [{ about: 'undo', text, tone: undo?.state === 'removed' ? 'change' : 'person' }];
}

/** How long after the failure the app had recovered. */
export function recoveryMs({ times }: Pick<Remediation, 'times'>): number | undefined {
  const { failedAtMs, detectedAtMs, recoveredAtMs } = times;
  return recoveredAtMs === undefined ? undefined : Math.max(0, recoveredAtMs - (failedAtMs ?? detectedAtMs));
}

function endingOf(one: Remediation): StoryFact[] {
  const { closed, sentences } = one;
  if (closed === undefined) return [];
  const why = (sentences.closed ?? '').replace(/\.$/, '');
  const tookMs = recoveryMs(one);
  const took = tookMs === undefined ? '' : ` ${duration(tookMs)} after the failure`;
  const recovered = closed.how === 'recovered';
  return [
    {
      about: 'ending',
      text: recovered ? `Recovered${took}: ${lower(why)}` : why,
      tone: recovered ? 'good' : 'plain',
      atMs: closed.atMs,
    },
  ];
}

function alertsOf({ alerts }: Remediation): StoryFact[] {
  return alerts.flatMap(({ state, outcome }, index): StoryFact[] => {
    const about = `alert ${index}`;
    if (outcome === 'done') return [{ about, text: `Sets the alert to ${state.toLowerCase()}`, tone: 'change' }];
    return outcome === 'failed'
      ? [{ about, text: `Could not set the alert to ${state.toLowerCase()}`, tone: 'bad' }]
      : [];
  });
}

function incidentEndOf(incident: Incident | undefined): StoryFact[] {
  if (incident === undefined || incident.state === 'open') return [];
  return [{ about: 'incident', text: `The incident is ${incident.state}`, tone: 'good' }];
}

function upper(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function lower(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
