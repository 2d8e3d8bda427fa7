// What is said of an incident, to the page and to every incident system: one source, so that all of them say the same. Instants are
// milliseconds; who writes a text phrases them.

import { type Family, type Owner, storedCause } from '../causes/causes.ts';
import { sayBinding } from '../history/binding-refusal.ts';
import type { CloseHow } from '../history/closing.ts';
import type { Diagnosis, Sureness } from '../history/diagnosis.ts';
import { sayFinding } from '../history/finding-words.ts';
import type { Command } from '../runbooks/runbook.ts';
import type { ArmId } from '../words/arm-id.ts';
import { nameOf, parseArmId, subscriptionOf } from '../words/arm-id.ts';
import type { IncidentId, RemediationId } from '../words/target.ts';
import { withoutUserinfo } from '../words/userinfo.ts';
import { oneKind, sayFor } from '../workloads/sentences.ts';
import type { ComparedApp, Incident, NotedQuestion } from './incident.ts';
import { sayIncidentEnd } from './incident-words.ts';

export type Severity = 'low' | 'medium' | 'high' | 'critical';

export interface IncidentFacts {
  readonly id: IncidentId;
  readonly state: 'open' | 'resolved' | 'withdrawn';
  readonly title: string;
  /** The name of the cause, and half a sentence that says it. */
  readonly cause: string;
  readonly says: string;
  readonly sure: Sureness;
  readonly family: Family;
  readonly owner: Owner;
  readonly severity: Severity;
  /** Host of the registry. */
  readonly registry: string;
  readonly openedAtMs: number;
  /** When the first of `occurrences` openings was. */
  readonly sinceMs: number;
  readonly occurrences: number;
  /** What is wrong and what to do now. */
  readonly advice: string;
  readonly observed: readonly string[];
  readonly ruledOut: readonly string[];
  readonly affected: readonly AffectedApp[];
  /** Resource ids of the alerts that its apps were found by, as the alerts named them: Azure was not asked about them. */
  readonly alerts: readonly string[];
  /** Apps that pull from the same registry and do not fail, and how many more there are. */
  readonly unaffected: readonly ComparedApp[];
  readonly moreUnaffected: number;
  readonly commands: readonly Command[];
  readonly verify: string;
  readonly undo: string;
  readonly questions: readonly QuestionFacts[];
  readonly links: Links;
  /** Why it ended, in a sentence, and when. */
  readonly ended?: { readonly because: string; readonly atMs: number };
}

export interface AffectedApp {
  readonly id: string;
  readonly name: string;
  readonly remediation: RemediationId;
  readonly state: 'failing' | CloseHow | 'another-diagnosis';
}

export interface QuestionFacts extends NotedQuestion {
  readonly name: string;
  /** The page on which an operator answers, after signing in. */
  readonly link?: string;
}

/** Links that people follow. Each is absent where the settings do not say where it leads. */
export interface Links {
  readonly page?: string;
  readonly runbook?: string;
}

/** Where the pages are, from the settings. */
export interface Places {
  /** The address of the function app, `https://HOST`, without a path. */
  readonly page?: string | undefined;
  /** The folder of the runbooks, without the name of a cause. */
  readonly runbooks?: string | undefined;
}

/** `diagnosis`: what the look at one of its apps found; without one nothing is said about it. */
export function incidentFacts(incident: Incident, places: Places, diagnosis?: Diagnosis): IncidentFacts {
  const { runbook, bound, closed, comparison } = incident;
  const cause = storedCause(incident.cause);
  const failed = new Set(incident.members.map(({ app }) => app));
  const of = oneKind([...failed]);
  return {
    id: incident.id,
    state: closed?.how ?? 'open',
    title: runbook.title,
    cause: incident.cause,
    says: sayFor(of, cause?.sentence ?? incident.cause),
    sure: incident.sure,
    family: cause?.family ?? 'unexplained',
    owner: runbook.owner,
    severity: severityOf(incident),
    registry: incident.registry,
    openedAtMs: incident.openedAtMs,
    sinceMs: incident.sinceMs,
    occurrences: incident.occurrences,
    advice: bound === undefined ? runbook.advice : `${runbook.advice} ${sayBinding(bound)}`,
    // A log can quote an image reference with a user name and a password in it.
    observed: diagnosis?.for.map((finding) => withoutUserinfo(sayFinding(finding, of))) ?? [],
    ruledOut: diagnosis?.against.map((finding) => withoutUserinfo(sayFinding(finding, of))) ?? [],
    affected: affectedBy(incident),
    alerts: [...new Set(incident.members.flatMap(({ alerts = [] }) => alerts))],
    unaffected: comparison?.ready.filter(({ app }) => !failed.has(app)) ?? [],
    moreUnaffected: comparison?.more ?? 0,
    commands: runbook.commands,
    verify: runbook.verify,
    undo: runbook.undo,
    questions: incident.questions.map((question) => questionFacts(question, places)),
    links: linksOf(incident, places),
    ...(closed === undefined
      ? {}
      : { ended: { because: sayIncidentEnd(closed.because, leftOf(incident), [...failed]), atMs: closed.atMs } }),
  };
}

/** How many apps make an incident critical. */
const manyApps = 10;

/** How grave an incident is: by how many apps it holds now, and by whether more apps can join it. */
export function severityOf({ cause, sure, members }: Incident): Severity {
  const apps = new Set(members.filter(({ left }) => left === undefined).map(({ app }) => app)).size;
  if (apps >= manyApps) return 'critical';
  if (apps > 1) return 'high';
  return sure === 'confirmed' && storedCause(cause)?.reach === 'shared' ? 'medium' : 'low';
}

/** The subscriptions of its apps. That of the app that opened it is known before the incident has members. */
export function subscriptionsIn({ openedBy, members }: Pick<Incident, 'openedBy' | 'members'>): readonly string[] {
  const apps = [...(openedBy === undefined ? [] : [openedBy]), ...members.map(({ app }) => app)];
  return [...new Set(apps.flatMap((app) => subscriptionIn(parseArmId(app))))];
}

function subscriptionIn(app: ArmId | undefined): readonly string[] {
  return app === undefined ? [] : [subscriptionOf(app)];
}

/** The environments of its apps, as far as its history says. Histories of older versions say only that of the app that opened it. */
export function environmentsIn({ environment, members }: Pick<Incident, 'environment' | 'members'>): readonly string[] {
  return [...new Set([environment, ...members.map((member) => member.environment)].filter((one) => one !== undefined))];
}

function affectedBy({ members }: Incident): AffectedApp[] {
  return members.map(({ app, remediation, left }) => ({
    id: app,
    name: appName(app),
    remediation,
    state: left ?? 'failing',
  }));
}

function leftOf({ members }: Incident): { app: string; how: string }[] {
  return members.flatMap(({ app, left }) => (left === undefined ? [] : [{ app, how: left }]));
}

function appName(app: string): string {
  const id = parseArmId(app);
  return id === undefined ? app : nameOf(id);
}

function questionFacts(question: NotedQuestion, { page }: Places): QuestionFacts {
  return {
    ...question,
    name: appName(question.app),
    ...(page === undefined ? {} : { link: `${page}/api/history/${question.remediation}` }),
  };
}

function linksOf({ id, cause }: Incident, { page, runbooks }: Places): Links {
  return {
    ...(page === undefined ? {} : { page: `${page}/api/incidents/${id}` }),
    ...(runbooks === undefined ? {} : { runbook: `${runbooks}/${encodeURIComponent(cause)}.md` }),
  };
}
