// Says that pullmedic gave the role and Azure has not put it into effect yet, so that a person does not grant it a second time.

import { storedCause } from '../causes/causes.ts';
import { type Html, html } from './html.ts';
import { commandsOf } from './incident-parts.ts';
import { exactInstant, folded } from './pieces.ts';
import { counted } from './standing.ts';
import type { IncidentView, RemediationView } from './views.ts';

/**
 * The sentence about the latest grant, where each of these remediations that is live has one that is not in effect yet; `undefined` elsewhere.
 * One that has waited too long is a case for a person, and then the commands count again.
 */
export function sayGrantPending(views: readonly GrantedView[]): string | undefined {
  const grants = views.filter(({ closed }) => closed === undefined).map(pendingGrantAtMs);
  const known = grants.filter((atMs) => atMs !== undefined);
  if (known.length === 0 || known.length < grants.length) return undefined;
  return `pullmedic granted the role at ${exactInstant(Math.max(...known))}; it is not in effect yet. Do not grant it again.`;
}

type GrantedView = Pick<RemediationView, 'closed' | 'actions' | 'causes' | 'decision' | 'undo'>;

/** What to do about an open incident: its advice, and the commands where `commands` has them shown or folded. */
export function adviceOf(incident: IncidentView, members: readonly RemediationView[]): Html {
  const granted = incident.state === 'open' ? sayGrantPending(members) : undefined;
  return granted === undefined ? html`${incident.advice}` : html`<strong>${granted}</strong>`;
}

/** The commands of the incident, folded away where they are from before a grant that pullmedic made. */
export function commandsToRun(incident: IncidentView, members: readonly RemediationView[]): Html {
  const granted = incident.state === 'open' ? sayGrantPending(members) : undefined;
  return granted === undefined ? commandsOf(incident) : folded(commandsTitle(incident, members), commandsOf(incident));
}

/** The words above commands that are folded away. */
export function commandsTitle({ commands, state }: IncidentView, members: readonly RemediationView[]): string {
  const number = counted(commands.length, 'command', 'commands');
  return state === 'open' && sayGrantPending(members) !== undefined
    ? `From before the grant: ${number}`
    : `What to run: ${number}`;
}

/** When the grant was made; `undefined` where there is none, it was taken back, or the wait for it is over. Milliseconds. */
function pendingGrantAtMs({ actions, causes, decision, undo }: GrantedView): number | undefined {
  const isAboutTheRole = causes.every((cause) => rolesAnswers.has(storedCause(cause)?.answer ?? ''));
  const isWaited = decision !== undefined && (decision.do !== 'wait' || waitsForRole.has(decision.because));
  const isTried = decision !== undefined && ['grant', 'restart', 'new-revision', 'wait'].includes(decision.do);
  if (!isAboutTheRole || !isWaited || !isTried || (undo !== undefined && undo.state !== 'possible')) return undefined;
  return actions.findLast(({ action, outcome }) => action === 'grant' && outcome === 'done')?.atMs;
}

const rolesAnswers: ReadonlySet<string> = new Set(['grant', 'wait-for-role']);
const waitsForRole: ReadonlySet<string> = new Set(['role-propagating', 'restart-takes-effect']);
