import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventOf, eventSystem, eventTypes, type IncidentEvent } from '../../../src/lib/incidents/incident-event.ts';
import { remediationEventTypes } from '../../../src/lib/incidents/remediation-event.ts';
import { appNamed, asking, factsOf, openIncident, resolving, telling } from './incident-data.ts';
import { ended, found, remediationTelling } from './remediation-data.ts';

const page = readFileSync('docs/incident-events.md', 'utf8');

/** A remediation of which there is something to say in every member. */
const everything = { ...found, incident: telling.facts.id, closed: ended };

/** The names of the members, without those of lists. */
function membersIn(data: unknown): string[] {
  return Object.keys((data ?? {}) as Readonly<Record<string, unknown>>);
}

describe('an event', () => {
  it('has only types that the page describes, and the page has no others', () => {
    const described = [...page.matchAll(/^- \*\*`pullmedic\.([a-z.]+)\.v1`\*\*/gm)].map(([, type]) => type);
    expect(described).toEqual([...eventTypes, ...remediationEventTypes]);
  });

  it('has only members that the page describes', () => {
    const { data } = eventOf({ type: 'incident.resolved', telling: resolving }, 60_000);
    const asked = eventOf({ type: 'question.asked', telling: { ...asking, test: true } }, 60_000).data;
    const question = { ...asking.question, link: 'https://pullmedic.example/api/history/t1' };
    const linked = eventOf({ type: 'question.asked', telling: { ...asking, question } }, 60_000).data;
    const members = [...membersIn(data['incident']), ...membersIn(asked['question']), ...membersIn(linked['question'])];
    expect(members.length).toBeGreaterThan(20);
    expect(members.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    const about = ['asks', 'closed'] as const;
    const ofRemediation = about.flatMap((says) => {
      const told = eventOf({ type: 'remediation', telling: remediationTelling(says, everything) }, 60_000).data;
      return [...membersIn(told['remediation']), ...membersIn(told['question'])];
    });
    expect(ofRemediation.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    expect([asked['test'], data['test'], data['question']]).toEqual([true, undefined, undefined]);
  });

  it('lists fewer apps where it would be too long, and counts them all', () => {
    const members = Array.from({ length: 40 }, (_, at) => ({
      app: appNamed(`ca-${at}-${'x'.repeat(400)}`),
      remediation: openIncident.members[0]?.remediation ?? ('' as never),
    }));
    const event: IncidentEvent = { type: 'incident.opened', telling: { ...telling, facts: factsOf({ members }) } };
    const listed = (most: number): unknown[] => {
      const { affected, affectedCount } = eventOf(event, most).data['incident'] as {
        affected: unknown[];
        affectedCount: number;
      };
      expect(affectedCount).toBe(40);
      return affected;
    };
    expect(listed(200_000)).toHaveLength(40);
    expect(listed(30_000).length).toBeLessThan(40);
  });

  it('is sent for each call of a system, in its stage', async () => {
    const sent: string[] = [];
    const system = eventSystem(async ({ type }) => {
      sent.push(type);
      return { kind: 'told' };
    });
    const external = { id: 'x' };
    await system.open(telling);
    await system.update(telling, external);
    await system.ask(asking, external);
    await system.ask({ ...asking, stage: 'reminded' }, external);
    await system.answered({ ...asking, stage: 'answered' }, external);
    await system.answered({ ...asking, stage: 'expired' }, external);
    await system.resolve(resolving, external);
    await system.reopen(telling, external);
    await system.remediation?.(remediationTelling('opened'));
    expect(sent.toSorted()).toEqual([...eventTypes, 'remediation'].toSorted());
  });
});
