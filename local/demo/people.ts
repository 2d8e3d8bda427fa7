// What people see of incidents in other systems, and what they do from there.
import type { PlayedSystems } from '../incidents/played.ts';
import type { Seen } from '../incidents/server.ts';
import type { Scenario } from '../scenarios/schema.ts';
import type { Histories } from './answers.ts';
import type { Failure } from './failure.ts';

/** What people see in each incident system. */
export type SeenIn = ReturnType<PlayedSystems['seen']>;

/** The part of pullmedic's settings that names the systems; nothing where the scenario has none. `page`: where people reach the app. */
export function incidentSettings(systems: PlayedSystems, page: string): Readonly<Record<string, unknown>> {
  return Object.keys(systems.settings).length === 0 ? {} : { systems: systems.settings, page };
}

/** Whether every system shows what the scenario expects. */
export function isTold(scenario: Scenario, seen: SeenIn): boolean {
  return judgeTold(scenario, seen).length === 0;
}

/** Expectations about systems that do not hold. */
export function judgeTold({ expect }: Scenario, seen: SeenIn): Failure[] {
  const told = Object.entries(expect.told).flatMap(([system, states]) => {
    const [expected, shown] = [states, incidentsIn(seen, system).map(({ state }) => state)].map(list);
    return expected === shown ? [] : [{ what: `incidents in ${system}`, expected: expected ?? '', seen: shown ?? '' }];
  });
  const heard = Object.entries(expect.heard).flatMap(([system, remediations]) => {
    const shown = (seen[system] ?? []).flatMap(({ said }) => (said === undefined ? [] : [said.join(' ')]));
    const [expected, was] = [remediations.toSorted(), shown.toSorted()].map((all) => all.join('; '));
    return expected === was ? [] : [{ what: `heard by ${system}`, expected: expected ?? '', seen: was ?? '' }];
  });
  return [...told, ...heard];
}

function incidentsIn(seen: SeenIn, system: string): readonly Seen[] {
  return (seen[system] ?? []).filter(({ said }) => said === undefined);
}

function list(states: readonly string[]): string {
  return states.length === 0 ? 'none' : states.join(', ');
}

/** Nothing is told twice: a system shows at most one item for each time that an incident was opened. */
export function judgeDoubled({ incidents }: Pick<Histories, 'incidents'>, seen: SeenIn): Failure[] {
  const openings = incidents.reduce((sum, { occurrences }) => sum + occurrences, 0);
  return Object.keys(seen).flatMap((system) =>
    incidentsIn(seen, system).length <= openings
      ? []
      : [
          {
            what: `incidents in ${system}`,
            expected: `at most ${openings}, as many as were opened`,
            seen: `${incidentsIn(seen, system).length}`,
            always: true as const,
          },
        ],
  );
}

/** The page of a remediation that the messages of a system link; the newest one. */
export function linkIn(
  messages: readonly Seen[],
  page: string,
): { readonly url: string; readonly id: string } | undefined {
  const links = messages.flatMap(({ text }) => [...text.matchAll(/https?:\/\/[^\s"'<>|)\]]+/g)].map(([url]) => url));
  const start = `${page}/api/history/`;
  const url = links.findLast((one) => one.startsWith(start));
  return url === undefined ? undefined : { url, id: url.slice(start.length) };
}
