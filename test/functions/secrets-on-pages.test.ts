// A user name and a password that a person pasted into an image reference: the histories keep what was deployed, and no page or list
// repeats it. No browser keeps a page or a list either.
import { describe, expect, it } from 'vitest';
import { registerAnswerForms } from '../../src/functions/answer-forms.ts';
import type { App } from '../../src/functions/app.ts';
import { registerApprovals } from '../../src/functions/approvals.ts';
import { registerConsole } from '../../src/functions/console.ts';
import { registerIncidentSystems } from '../../src/functions/incident-systems.ts';
import { registerMeasures } from '../../src/functions/measures.ts';
import { registerMessages } from '../../src/functions/messages.ts';
import { registerReports } from '../../src/functions/reports.ts';
import { registerRunbooks } from '../../src/functions/runbooks.ts';
import type { Evidence } from '../../src/lib/evidence/evidence.ts';
import { dnsUnlinked, image, signal } from '../lib/facts.ts';
import { deadStep } from '../lib/memory-upkeep.ts';
import { type Doors, doors, operator } from './doors.ts';

const secret = 's3cret';
const pasted = `robot:${secret}@${image}`;
const evidence = JSON.parse(JSON.stringify(dnsUnlinked).replaceAll(image, pasted)) as Evidence;

function registerAll(pullmedic: App): void {
  const all = [registerConsole, registerMeasures, registerMessages, registerReports, registerRunbooks];
  for (const register of [...all, registerApprovals, registerAnswerForms, registerIncidentSystems]) register(pullmedic);
}

async function world(): Promise<Doors & { readonly id: string; readonly incident: string }> {
  const desk = doors(registerAll);
  desk.running.world.evidence = evidence;
  await desk.running.deliver(signal);
  desk.upkeep.letters.set(deadStep.id, { ...deadStep, kind: 'unreadable', message: `{"image":"${pasted}"}` });
  const [row] = await desk.running.ports.index.live();
  const [incident] = (await desk.running.ports.index.openIncidents()).rows;
  if (row === undefined || incident === undefined) throw new Error('no incident was opened');
  expect(JSON.stringify(await desk.running.histories.read(row.targetId))).toContain(secret);
  return { ...desk, id: row.remediation, incident: incident.id };
}

describe('whatever a reader is shown', () => {
  it('repeats no password of an image reference, and is kept by no browser', async () => {
    const desk = await world();
    const reads = desk.names.filter((name) => JSON.stringify(desk.options(name)['methods']).includes('"GET"'));

    expect(reads).toEqual(expect.arrayContaining(['now', 'incidents-one', 'remediations', 'answer']));
    for (const name of reads)
      for (const as of ['html', 'json', 'md', 'csv']) {
        const id = name.startsWith('incident') ? desk.incident : desk.id;
        const params = { verb: 'look' };
        const query = { as, of: desk.id, shown: '' };
        const headers = { ...operator(), accept: 'text/html' };
        const { body, jsonBody, headers: sent } = await desk.send(name, { id, params, query, headers });

        expect(`${name} as ${as}: ${String(body)}${JSON.stringify(jsonBody)}`).not.toContain(secret);
        expect({ name, ...sent }).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      }
  });
});
