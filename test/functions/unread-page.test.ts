// Where storage does not answer, a page says that it could not be read: not that nothing failed, and not nothing at all.
import { describe, expect, it } from 'vitest';
import { registerAnswerForms } from '../../src/functions/answer-forms.ts';
import type { App } from '../../src/functions/app.ts';
import { registerApprovals } from '../../src/functions/approvals.ts';
import { registerConsole } from '../../src/functions/console.ts';
import { registerDeadLetters } from '../../src/functions/dead-letters.ts';
import { registerKillSwitch } from '../../src/functions/kill-switch.ts';
import { registerMeasures } from '../../src/functions/measures.ts';
import { registerMessages } from '../../src/functions/messages.ts';
import { registerOperator } from '../../src/functions/operator.ts';
import { registerRefusals } from '../../src/functions/refusals.ts';
import { registerReports } from '../../src/functions/reports.ts';
import { registerRunbooks } from '../../src/functions/runbooks.ts';
import { verbs } from '../../src/lib/answers/verbs.ts';
import { UnreadableHistory } from '../../src/lib/history/ledger.ts';
import { remediationIdOf } from '../../src/lib/words/target.ts';
import { appId, config, targetId } from '../lib/facts.ts';
import { deadStep } from '../lib/memory-upkeep.ts';
import { type Doors, doors, operator, person } from './doors.ts';
import { deskFor, intentFor, open } from './forms.ts';

const browser = { ...person(['Operator']), accept: 'text/html' };
const says = /could not read what belongs here \(\w+ 503\), so it is not known whether something needs a person/;
const id = remediationIdOf(targetId, 1);

/** Storage that answers each request with 503. */
function down({ running, upkeep }: Pick<Doors, 'running' | 'upkeep'>): void {
  const fail = (): never => {
    throw Object.assign(new Error('secret text of the store'), { statusCode: 503 });
  };
  running.world.before = fail;
  upkeep.before = fail;
}

const pages = [
  ['now', registerConsole],
  ['history', registerConsole],
  ['history-one', registerConsole],
  ['incidents-one', registerConsole],
  ['messages', registerMessages],
  ['measures', registerMeasures],
  ['history-report', registerReports],
  ['runbooks', registerRunbooks],
] as const;

describe('a page whose storage does not answer', () => {
  it.each(pages)('says so, in each of its forms: %s', async (name, register) => {
    const desk = doors(register);
    down(desk);
    const of = (as: string) => desk.send(name, { id: idFor(name), headers: browser, query: as === '' ? {} : { as } });
    const page = await of('');

    expect(page).toMatchObject({ status: 503, headers: { 'cache-control': 'no-store' } });
    expect(page.body).toMatch(says);
    expect(page.body).toContain('Read it again');
    expect(page.body).not.toMatch(/Nothing|secret/);
    expect(await of('md')).toMatchObject({ status: 503, body: expect.stringMatching(says) as string });
    expect(await of('json')).toMatchObject({
      status: 503,
      jsonBody: { error: expect.stringMatching(says) as string },
    });
    expect(desk.logged).toContainEqual(['page-failed', { page: name, why: 'Error 503' }]);
  });

  it.each(['remediations', 'remediations-one', 'incidents', 'dead-letters'])('says so as JSON: %s', async (name) => {
    const desk = doors(registerConsole);
    down(desk);

    expect(await desk.send(name, { id, headers: browser })).toMatchObject({
      status: 503,
      jsonBody: { error: expect.stringMatching(says) as string },
    });
  });

  it('is read again by itself where the reader chose that', async () => {
    const desk = doors(registerConsole);
    down(desk);

    expect((await desk.send('now', { headers: browser, query: { refresh: '30' } })).body).toContain(
      '<meta http-equiv="refresh" content="30">',
    );
  });

  it('still lets nobody read without a sign-in', async () => {
    const desk = doors(registerConsole);
    down(desk);

    expect((await desk.send('now', { headers: { accept: 'application/json' } })).status).toBe(401);
  });

  it.each(verbs.filter((verb) => verb !== 'switch-on' && verb !== 'switch-off'))(
    'says so before an answer, and shows no form: %s',
    async (verb) => {
      const desk = await deskFor(verb, registerAnswerForms);
      down(desk);
      const page = await open(desk, intentFor(verb));

      expect(page.status).toBe(503);
      expect(page.text).toMatch(says);
      expect(page.text).not.toContain('<form');
    },
  );
});

function idFor(name: string): string {
  return name === 'incidents-one' ? `i${'1'.repeat(24)}` : id;
}

describe('a request of an operator whose storage does not answer', () => {
  const routes: readonly (readonly [string, (pullmedic: App) => void, string])[] = [
    ['approve', registerApprovals, '{"question":2}'],
    ['reject', registerApprovals, '{"question":2}'],
    ['ask', registerApprovals, ''],
    ['undo', registerApprovals, ''],
    ['kill-switch', registerKillSwitch, '{"on":true}'],
    ['forget-refusal', registerRefusals, '{"why":"it was agreed"}'],
    ['dead-letters-replay', registerDeadLetters, ''],
    ['dead-letters-dismiss', registerDeadLetters, ''],
    ['operator', registerOperator, JSON.stringify({ app: appId })],
  ];

  it.each(routes)('is answered in words, with 503: %s', async (name, register, body) => {
    const desk = doors(register, { config: config({ PULLMEDIC_SETTINGS: '{"undo":true}' }) });
    down(desk);

    const answer = await desk.send(name, { id: name.startsWith('dead') ? deadStep.id : id, headers: operator(), body });
    expect(answer.status).toBe(503);
    expect(JSON.stringify(answer.jsonBody)).toMatch(/not certain whether this was recorded|cannot be read/);
    expect(JSON.stringify(answer.jsonBody)).not.toContain('secret');
  });

  it('is told where a history cannot be read, which is no trouble that passes', async () => {
    const desk = doors(registerApprovals);
    desk.running.world.before = () => {
      throw new UnreadableHistory('broken', 'x');
    };

    expect(await desk.send('approve', { id, headers: operator(), body: '{"question":2}' })).toMatchObject({
      status: 409,
      jsonBody: { error: expect.stringContaining('Nothing was done.') as string },
    });
    expect(desk.logged).toContainEqual(['answer-failed', { route: 'approve', why: 'UnreadableHistory' }]);
  });
});
