// What is said of one remediation to programs: instants in milliseconds, codes, and ids. The page of the remediation says the rest.

import { type Family, type Owner, storedCause } from '../causes/causes.ts';
import { type Approval, isOpen } from '../history/approval.ts';
import type { CloseHow, CloseReason } from '../history/closing.ts';
import type { Diagnosis, Sureness } from '../history/diagnosis.ts';
import type { ActionName, OutcomeKind } from '../history/entries.ts';
import type { Remediation } from '../history/state.ts';
import { subscriptionOf } from '../words/arm-id.ts';
import type { IncidentId, RemediationId } from '../words/target.ts';
import { withoutUserinfo } from '../words/userinfo.ts';
import type { NotedQuestion } from './incident.ts';
import type { Places, QuestionFacts, Severity } from './incident-facts.ts';
import type { RouteQuestion } from './route.ts';

export interface RemediationFacts {
  readonly id: RemediationId;
  readonly state: 'open' | 'closed';
  readonly app: string;
  readonly appName: string;
  /** The image as the app's template writes it, without a user name and a password, and the host of the registry that the pull is from. */
  readonly image: string;
  readonly registry: string;
  readonly openedAtMs: number;
  /** What is wrong; absent before the first look. */
  readonly found?: Found;
  /** The incident that tells people of it; a remediation that needs no person has none. */
  readonly incident?: IncidentId;
  /** What pullmedic changed in Azure, the first change first. */
  readonly changes: readonly Change[];
  readonly ended?: { readonly how: CloseHow; readonly because: CloseReason; readonly atMs: number };
  /** The page of the remediation; absent where the settings do not say where the pages are. */
  readonly page?: string;
}

interface Found {
  readonly cause: string;
  readonly says: string;
  readonly sure: Sureness;
  readonly family: Family;
  readonly owner: Owner;
}

export interface Change {
  readonly action: ActionName;
  /** Absent while it is under way. */
  readonly outcome?: OutcomeKind;
  readonly atMs: number;
}

export function remediationFacts(remediation: Remediation, places: Places): RemediationFacts {
  const { id, target, look, openedAtMs, incident, closed, attempts } = remediation;
  const found = foundIn(diagnosisOf(remediation));
  return {
    id,
    state: closed === undefined ? 'open' : 'closed',
    app: target.appId,
    appName: target.appName,
    image: withoutUserinfo(target.image),
    registry: look?.pulls?.host ?? target.registry,
    openedAtMs,
    changes: attempts.map(({ action, outcome, atMs }) => ({
      action,
      atMs,
      ...(outcome === undefined ? {} : { outcome }),
    })),
    ...(found === undefined ? {} : { found }),
    ...(incident === undefined ? {} : { incident }),
    ...(closed === undefined ? {} : { ended: closed }),
    ...pageOf(id, places),
  };
}

/** The question that a person can answer now; `undefined` where there is none. */
export function openQuestion(remediation: Remediation, nowMs: number): NotedQuestion | undefined {
  const { id, target, approval, retryApproval } = remediation;
  const open = [approval, retryApproval]
    .filter((one): one is Approval => one !== undefined && isOpen(one, nowMs))
    .sort((a, b) => b.question - a.question)[0];
  if (open === undefined || remediation.closed !== undefined) return undefined;
  const { question, askedAtMs, expiresAtMs, about, cause, doubts } = open;
  return { remediation: id, app: target.appId, question, says: 'asked', askedAtMs, expiresAtMs, about, cause, doubts };
}

export function questionFactsOf(question: NotedQuestion, appName: string, places: Places): QuestionFacts {
  const { page: link } = pageOf(question.remediation, places);
  return { ...question, name: appName, ...(link === undefined ? {} : { link }) };
}

/** What a route can ask of this remediation. Its severity is that of one app. */
export function routeQuestionOf(
  remediation: Pick<Remediation, 'target' | 'look' | 'bestDiagnosis'>,
  atMs: number,
): RouteQuestion {
  const { target, look } = remediation;
  const diagnosis = diagnosisOf(remediation);
  const found = foundIn(diagnosis);
  const environment = look?.pulls?.environmentId;
  return {
    ...(found === undefined ? {} : { cause: found.cause, owner: found.owner }),
    severity: severityOf(diagnosis),
    registry: look?.pulls?.host ?? target.registry,
    subscriptions: [subscriptionOf(target.appId)],
    ...(environment === undefined ? {} : { environments: [environment] }),
    atMs,
  };
}

function severityOf(diagnosis: Diagnosis | undefined): Severity {
  const cause = diagnosis?.causes[0];
  const isShared = diagnosis?.sure === 'confirmed' && cause !== undefined && storedCause(cause)?.reach === 'shared';
  return isShared ? 'medium' : 'low';
}

/** The first confirmed diagnosis says more than a later look, which may see the recovery. */
function diagnosisOf({ bestDiagnosis, look }: Pick<Remediation, 'bestDiagnosis' | 'look'>): Diagnosis | undefined {
  return bestDiagnosis?.diagnosis ?? look?.diagnosis;
}

function foundIn(diagnosis: Diagnosis | undefined): Found | undefined {
  if (diagnosis === undefined) return undefined;
  const cause = diagnosis.causes[0] ?? 'unexplained';
  const { sentence, family, owner } = storedCause(cause) ?? {
    sentence: cause,
    family: 'unexplained',
    owner: 'app team',
  };
  return { cause, says: sentence, sure: diagnosis.sure, family, owner };
}

function pageOf(id: RemediationId, { page }: Places): { readonly page?: string } {
  return page === undefined ? {} : { page: `${page}/api/history/${id}` };
}
