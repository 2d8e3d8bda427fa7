// The commands about a deployed pullmedic as a whole: what is asked of it, what is said of the answer, what is refused before.
import { describe, expect, it } from 'vitest';
import { appId, registryId } from '../lib/facts.ts';
import { appAnswering } from './ran.ts';

const well = {
  well: true,
  dependencies: { tables: 'up', logs: 'up' },
  killSwitch: 'off',
  heartbeat: { state: 'fresh' },
  live: 2,
  overdue: 0,
  poison: 0,
  deadLetters: [],
};

const key = { env: { PULLMEDIC_KEY: 'k' } };

describe('health', () => {
  it('says how far the archive has come, where there is one, and what it left', async () => {
    const said = async (more: object): Promise<string> =>
      (await (await appAnswering({ 'health/signed': { ...well, ...more } })).ran(['health'])).out;

    expect(await said({ archive: { untilMs: 1, left: 2 } })).toContain(
      'archive       holds what ended before 1970-01-01T00:00:00.001Z; 2 left in the table',
    );
    expect(await said({ archive: { untilMs: 1, left: 0 } })).not.toContain('left in the table');
    expect(await said({ archive: { untilMs: 0, left: 0 } })).toContain('archive       its first pass is not over; if');
    expect(await said({ archive: 'unreadable' })).toContain('archive       how far it has come could not be read');
    expect(await said({})).not.toContain('archive');
  });

  it('of an app that is well ends with 0', async () => {
    const { code, out } = await (await appAnswering({ 'health/signed': well })).ran(['health']);

    expect(code).toBe(0);
    expect(out).toMatch(/^Well\.\n/);
    expect(out).toContain('dead letters: none');
    expect(out).toContain('histories     all can be read\n');
  });

  it('of an app that is not well ends with 3 and says why', async () => {
    const killSwitchSet = { by: '"an\u001bna"', atMs: Date.parse('2026-06-01T02:00:00Z'), version: 'a1b2' };
    const trouble = { well: false, killSwitch: 'on', killSwitchSet, storage: 'no-answer', deadLetters: 'unreadable' };
    const unreadable = { histories: ['t0.1'], rows: 2 };
    const app = await appAnswering({ health: { ...well, ...trouble, unreadable } });
    const { code, out } = await app.ran(['health'], key);

    expect(code).toBe(3);
    expect(out).toContain('kill switch   on, set by "an na" at 2026-06-01T02:00:00.000Z (version a1b2)');
    expect(out).toContain('storage       cannot be used: no-answer');
    expect(out).toContain('dead letters: unreadable');
    expect(out).toContain('histories     cannot be read: t0.1; rows of the index that cannot be read: 2');
  });

  it('of an app with invalid settings lists the mistakes', async () => {
    const problems = { well: false, settings: ['PULLMEDIC_SCOPES is missing'] };
    const { code, out } = await (await appAnswering({ 'health/signed': problems })).ran(['health']);

    expect(code).toBe(3);
    expect(out).toContain('- PULLMEDIC_SCOPES is missing');
  });

  it('is printed as the app answered it for programs', async () => {
    const { out } = await (await appAnswering({ 'health/signed': { ...well, more: 1 } })).ran(['health', '--json']);

    expect(JSON.parse(out)).toEqual({ ...well, more: 1 });
  });
});

describe('the kill switch', () => {
  const set = { by: '"bo"', atMs: Date.parse('2026-06-01T02:00:00Z'), version: 'a1b2' };
  const answers = {
    'health/signed': { ...well, killSwitch: 'on', killSwitchSet: set },
    'kill-switch': { on: true, by: '"anna"' },
  };

  it('is set as it was asked, and the answer says how it stands', async () => {
    const app = await appAnswering(answers);

    expect(await app.ran(['kill-switch', 'on', '--why', 'a bad day'])).toMatchObject({
      code: 0,
      out: 'The kill switch is on: nothing is changed. Set by "anna".\n',
    });
    expect(app.asked).toMatchObject([{ method: 'POST', path: 'kill-switch', body: { on: true, why: 'a bad day' } }]);
    expect(JSON.parse((await app.ran(['kill-switch', 'on', '--json'])).out)).toEqual(answers['kill-switch']);
  });

  it('is turned off for the setting that the person names', async () => {
    const app = await appAnswering({ 'kill-switch': { on: false, by: '"anna"' } });

    expect(await app.ran(['kill-switch', 'off', '--seen', 'a1b2'])).toMatchObject({ code: 0 });
    expect(app.asked).toMatchObject([{ path: 'kill-switch', body: { on: false, seen: 'a1b2' } }]);
  });

  it('is shown and not turned off where no person at a terminal says yes to it', async () => {
    const app = await appAnswering(answers);
    const { code, out, error } = await app.ran(['kill-switch', 'off']);

    expect(code).toBe(1);
    expect(error).toContain('--seen a1b2');
    expect(app.paths()).toEqual(['GET health/signed']);
    expect(out).toContain('The kill switch is on, set by "bo" at 2026-06-01T02:00:00.000Z.');
  });

  it.each([[[]], [['maybe']], [['off', '--json']]])('is not touched by a command that says %j', async (words) => {
    const app = await appAnswering(answers);

    expect(await app.ran(['kill-switch', ...words])).toMatchObject({ code: 2 });
    expect(app.asked).toEqual([]);
  });
});

describe('a look', () => {
  it('is asked for by the id of a container app', async () => {
    const app = await appAnswering({ signals: { accepted: 1 } });

    expect(await app.ran(['look', appId])).toMatchObject({ code: 0 });
    expect(app.asked).toMatchObject([{ method: 'POST', path: 'signals', body: { app: appId } }]);
    expect(JSON.parse((await app.ran(['look', appId, '--json'])).out)).toEqual({ accepted: 1 });
  });

  it.each([[[]], [[registryId]]])('is not asked for by %j', async (words) => {
    const app = await appAnswering({});
    const { code, error } = await app.ran(['look', ...words]);

    expect([code, app.asked]).toEqual([2, []]);
    expect(error).toContain('look takes the resource id');
  });
});
