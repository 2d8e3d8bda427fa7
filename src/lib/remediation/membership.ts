// Which incident a remediation belongs to: joining it, leaving it, and comparing its members with other apps.

import type { Cause } from '../causes/causes.ts';
import { proposedGrant } from '../decision/grant-rules.ts';
import { subjectOf } from '../diagnosis/named-registry.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { appOf } from '../evidence/evidence.ts';
import { isOpen } from '../history/approval.ts';
import type { CloseHow } from '../history/closing.ts';
import type { Decided } from '../history/decision.ts';
import type { Diagnosis } from '../history/diagnosis.ts';
import { lastQuestion } from '../history/fold-approval.ts';
import { UnreadableHistory } from '../history/ledger.ts';
import { alertsOf } from '../history/named-alerts.ts';
import type { Remediation } from '../history/state.ts';
import type { IncidentEntry, IncidentHistory } from '../incidents/incident.ts';
import {
  comparing,
  incidentKey,
  nextToJoin,
  nextToLeave,
  nextToNote,
  wantsComparison,
  withEntry,
} from '../incidents/incident.ts';
import { incidentRowOf } from '../incidents/incident-row.ts';
import type { EventLog, Incidents, Index, Names } from '../ports/ports.ts';
import { appendTries, Busy } from '../ports/steering.ts';
import { runbookFor } from '../runbooks/index.ts';
import type { Config } from '../settings/config.ts';
import { type Announcing, noteChange, sendTells } from '../telling/announce.ts';
import type { IncidentId } from '../words/target.ts';
import { tryReadIncident } from './incident-history.ts';
import { live, recordAnyway, type Turn } from './turn.ts';

/** What an edit of an incident needs, so that the systems hear of it. */
type Telling = { readonly ports: Incidents & Index & EventLog & Announcing; readonly config: Config };

/** What a look concluded, and what it was concluded from. */
export interface Concluded {
  readonly diagnosis: Diagnosis;
  readonly evidence: Evidence;
}

/** Makes the remediation a member of the incident of this cause, and of no other. */
export async function joinIncident(
  turn: Turn,
  cause: Cause,
  { diagnosis, evidence }: Concluded,
  { bound, refusals = [] }: Partial<Pick<Decided, 'bound' | 'refusals'>> = {},
): Promise<void> {
  const { ports } = turn;
  const remediation = live(turn);
  const target = subjectOf(remediation.target, evidence);
  const key = incidentKey(target, cause, diagnosis, evidence);
  const id = await readableIncident(ports, key);
  if (remediation.incident !== id) await leaveIncident(turn, remediation, { how: 'another-diagnosis', clear: false });
  const grant = proposedGrant({ target, evidence });
  const pullHangs = refusals.some(({ guard, why }) => guard === 'pull-under-way' && why === 'too-long');
  const runbook = runbookFor({ target, cause, diagnosis, evidence, grant, pullHangs });
  const opening = {
    kind: 'incident-opened',
    key,
    cause,
    sure: diagnosis.sure,
    registry: target.registry,
    runbook,
    app: target.appId,
    environment: appOf(evidence)?.environmentId,
  } as const;
  await ports.index.noteIncident(id);
  const alerts = alertsOf(remediation).map((one) => one.id);
  const member = { remediation: remediation.id, app: target.appId, alerts, environment: opening.environment };
  await editIncident(turn, id, (history) => nextToJoin(history, opening, member, bound));
  if (remediation.incident !== id) await recordAnyway(turn, { kind: 'incident-linked', incident: id });
  const now = turn.history.remediations.find((one) => one.id === remediation.id);
  // Another step closed it in the meantime, and did not know of an incident to leave.
  if (now?.closed !== undefined) await leaveIncident(turn, now, { how: now.closed.how, clear: true });
  await compare(turn, id, evidence);
}

/**
 * Makes a remediation whose question a person answered a member of an incident, where it is in none: storage failed each time that the
 * question was asked. Without an incident no system would ever hear of the trouble, of the answer, or of the end. A trouble that was not found
 * again needs none.
 */
export async function joinIfAnswered(turn: Turn, concluded: Concluded): Promise<void> {
  const { incident } = live(turn);
  const last = lastQuestion(live(turn));
  if (incident !== undefined || last?.answer === undefined || !concluded.diagnosis.causes.includes(last.cause)) return;
  await joinIncident(turn, last.cause, concluded);
}

/**
 * The incident of this key. An incident whose history cannot be read stops only itself: another one takes its place, so that its members
 * go on and people are told of them.
 */
async function readableIncident(ports: Incidents & Names & EventLog, key: string): Promise<IncidentId> {
  const names = Array.from({ length: mostPlaces }, (_, at) => (at === 0 ? key : `${key}|in place of ${at}`));
  const ids = names.map((name) => `i${ports.hash(name)}` as IncidentId);
  for (const id of ids) if ((await tryReadIncident(ports, id)) !== undefined) return id;
  throw new UnreadableHistory('broken', 'The incident cannot be read, nor those in its place.');
}

/** How many incidents of one key may be unreadable before a person has to see to them. */
const mostPlaces = 4;

/**
 * Tells of the last question about this remediation in its incident: when it is asked, when it is answered, and when it expires without an
 * answer.
 */
export async function noteQuestion(turn: Turn): Promise<void> {
  const { id, incident, target } = live(turn);
  const last = lastQuestion(live(turn));
  if (incident === undefined || last === undefined) return;
  const { question, askedAtMs, expiresAtMs, about, cause, doubts, answer } = last;
  const says = answer !== undefined ? 'answered' : isOpen(last, turn.ports.now()) ? 'asked' : 'expired';
  const asked = {
    remediation: id,
    app: target.appId,
    question,
    says,
    askedAtMs,
    expiresAtMs,
    about,
    cause,
    doubts,
  } as const;
  const noted = answer === undefined ? asked : { ...asked, answer: answer.answer, by: answer.by };
  await editIncident(turn, incident, (history) => nextToNote(history, noted));
  if (answer === undefined) turn.ports.log('question', { remediation: id, question, says });
}

/** How a member leaves its incident. `clear`: the cause reads clear. */
interface Leaving {
  readonly how: CloseHow | 'another-diagnosis';
  readonly clear: boolean;
}

/** Takes the remediation out of its incident, if it has one; the last member that leaves closes it. */
export async function leaveIncident(
  telling: Telling,
  remediation: Remediation,
  { how, clear }: Leaving,
): Promise<void> {
  const { incident, id } = remediation;
  if (incident !== undefined) await editIncident(telling, incident, (history) => nextToLeave(history, id, how, clear));
}

/** Names apps that do not fail although they use the same registry. Without a list of apps the incident stands without a comparison. */
async function compare(turn: Turn, id: IncidentId, evidence: Evidence): Promise<void> {
  const { ports } = turn;
  const nowMs = ports.now();
  const incident = await tryReadIncident(ports, id);
  if (incident === undefined || !wantsComparison(incident, nowMs)) return;
  const apps = await ports.azure.listApps(nowMs - listLastsMs);
  if (!apps.read) return;
  const environment = appOf(evidence)?.environmentId;
  await editIncident(turn, id, (history) =>
    wantsComparison(history, nowMs) ? comparing(history, environment, apps.value.apps) : undefined,
  );
}

/** Maximum age of the list of all apps, in milliseconds: one list serves several incidents. */
const listLastsMs = 5 * 60_000;

/** One line for each opening and each end: the log alert that mails them reads these lines (infra/queries/incident-mail.kql). */
function sayChange(ports: EventLog, incident: IncidentId, entry: IncidentEntry, after: IncidentHistory): void {
  if (entry.kind === 'incident-opened')
    ports.log('incident-opened', { incident, cause: entry.cause, owner: entry.runbook.owner });
  if (entry.kind === 'incident-closed' && after.incident !== undefined) {
    const { cause, runbook } = after.incident;
    ports.log('incident-closed', { incident, cause, owner: runbook.owner, how: entry.how });
  }
}

/**
 * Appends one entry after the other until `next` has none: what is still to do follows from the incident as it reads by then, also
 * after a crash in between. Does nothing where the incident cannot be read. Throws {@link Busy} when others move it all the time.
 */
async function editIncident(
  { ports, config }: Telling,
  id: IncidentId,
  next: (history: IncidentHistory) => IncidentEntry | undefined,
): Promise<void> {
  for (let attempt = 0; attempt < appendTries; attempt += 1) {
    const history = await tryReadIncident(ports, id);
    if (history === undefined) return;
    const entry = next(history);
    if (entry === undefined) {
      if (attempt > 0) await ports.index.putIncident(incidentRowOf(id, history));
      return;
    }
    // Before the incident changes: should we die right after the change, the schedule finds what is to be told.
    const after = withEntry(id, history, entry, ports.now());
    const systems = await noteChange(ports, config, id, after);
    if ((await ports.incidents.append(id, history.lastSeq, entry)) === 'appended') sayChange(ports, id, entry, after);
    await sendTells(ports, id, systems);
  }
  throw new Busy('The incident is too busy.');
}
