// The functions for people: pages, lists, answers, and what an operator may do. They load with the first request to one of them
// (people-routes.ts, docs/decisions/0009-what-loads-when.md).
import { registerAnswerForms } from './answer-forms.ts';
import type { App } from './app.ts';
import { registerApprovals } from './approvals.ts';
import { registerConsole } from './console.ts';
import { registerDeadLetters } from './dead-letters.ts';
import { registerIncidentSystems } from './incident-systems.ts';
import { registerKillSwitch } from './kill-switch.ts';
import { registerMeasures } from './measures.ts';
import { registerMessages } from './messages.ts';
import { registerOperator } from './operator.ts';
import { registerRefusals } from './refusals.ts';
import { registerReports } from './reports.ts';
import { registerRunbooks } from './runbooks.ts';
import { registerSettings } from './settings.ts';

export function registerPeople(pullmedic: App): void {
  registerOperator(pullmedic);
  registerApprovals(pullmedic);
  registerAnswerForms(pullmedic);
  registerDeadLetters(pullmedic);
  registerIncidentSystems(pullmedic);
  registerKillSwitch(pullmedic);
  registerRefusals(pullmedic);
  registerConsole(pullmedic);
  registerMeasures(pullmedic);
  registerRunbooks(pullmedic);
  registerSettings(pullmedic);
  registerMessages(pullmedic);
  registerReports(pullmedic);
}
