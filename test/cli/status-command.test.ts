// `pullmedic status`: the line of Now, what needs a person, and what could not be read.
import { describe, expect, it } from 'vitest';
import { appAnswering } from './ran.ts';

const id = (n: number): string => `t${'0'.repeat(24)}.${n}`;
const asking = { id: id(1), state: 'needs-approval', target: { appName: 'ca-orders' }, causes: ['pull-role-removed'] };
const quiet = {
  standing: { mode: 'act', killSwitch: { read: true, value: false } },
  problems: [],
  underWay: [],
  notShown: { all: 0, needPerson: 0, ask: 0 },
  ended: { recovered: 14, leftAlone: 5, more: false },
  upkeep: { overdue: 0, deadLetters: 0, unreadable: 0, unreadableRows: 0 },
};

async function status(board: object, ...args: string[]): Promise<string> {
  return (await (await appAnswering({ 'now?as=json': { ...quiet, ...board } })).ran(['status', ...args])).out;
}

describe('status', () => {
  it('says in one line how things stand', async () => {
    expect(await status({ underWay: [{}, {}, {}] })).toBe(
      'Mode act; kill switch off. Problems for a person: 0; questions: 0; under way: 3; in the last 24 hours 14 recovered, 5 left alone.\nNothing needs a person.\n',
    );
  });

  it('says how many of those left alone were healthy', async () => {
    expect(await status({ ended: { ...quiet.ended, healthy: 2 } })).toContain('5 left alone, 2 of them healthy.');
    expect(await status({ ended: { ...quiet.ended, healthy: 0 } })).toContain('5 left alone.');
  });

  it('counts the apps of an incident as one problem, and names each', async () => {
    const incident = { id: `i${'0'.repeat(24)}`, title: 'The role is missing', owner: 'platform team' };
    const other = { ...asking, id: id(2), state: 'needs-person', target: { appName: 'ca-bills' } };
    const said = await status({ problems: [{ incident, members: [asking, other] }] });

    expect(said).toContain('Problems for a person: 1; questions: 1;');
    expect(said).toContain(`${incident.id}  The role is missing  (for the platform team)\n`);
    expect(said).toContain(`  ${id(2)}  needs-person  ca-bills  pull-role-removed\n`);
    expect(said).not.toContain('Nothing');
  });

  it('says below each question how and until when it can be answered', async () => {
    const approval = { state: 'pending', question: 3, expiresAtMs: Date.parse('2026-06-01T03:51:36Z') };
    const said = await status({ problems: [{ members: [{ ...asking, approval }] }] });

    expect(said).toContain(
      `pull-role-removed\n  Answer: pullmedic approve ca-orders, or reject (question 3, until 2026-06-01 03:51:36 UTC)\n`,
    );
  });

  it('does not say that nothing needs a person where something could not be read, or is not listed', async () => {
    const unread = await status({ upkeep: { ...quiet.upkeep, unreadable: 1, unreadableRows: 1 } });
    expect(unread).not.toContain('Nothing needs a person.');
    expect(unread).toContain('cannot be read, and may need a person: 2.');

    expect(await status({ notShown: { all: 3, needPerson: 2, ask: 1 } })).not.toContain('Nothing');
  });

  it('says below its first line what is wrong with pullmedic itself', async () => {
    const troubles = [
      'Its timer has not run since 02:20:01 (3 hours ago).',
      '1 remediation is late with the next step.',
    ];
    const lines = (await status({ troubles })).split('\n');

    expect(lines.slice(1, 5)).toEqual([
      'pullmedic itself is not well. What to do: pullmedic health',
      ...troubles.map((trouble) => `  ${trouble}`),
      'Nothing that can be read needs a person.',
    ]);
  });

  it('says what an app of an older version counts', async () => {
    const said = await status({ upkeep: { ...quiet.upkeep, overdue: 2, deadLetters: 3 } });

    expect(said).toContain('  Remediations whose next step is late: 2.\n');
    expect(said).toContain('  Messages that could not be handled and wait for a person: 3.\n');
    expect(said).not.toContain('Nothing needs a person.');
  });

  it('says that a kill switch that could not be read counts as on', async () => {
    const standing = { mode: 'act', killSwitch: { read: false, why: 'timed-out' } };
    expect(await status({ standing })).toContain('kill switch could not be read, which counts as on.');
  });

  it('lets no value of the answer command the terminal or begin a line', async () => {
    const hostile = { ...asking, target: { appName: 'ca\u001b[2J\nNothing needs a person.' } };
    const said = await status({ problems: [{ members: [hostile] }] });

    expect(said).not.toContain('\u001b');
    expect(said.split('\n')).not.toContain('Nothing needs a person.');
  });

  it('prints for programs what the app answered', async () => {
    expect(JSON.parse(await status({}, '--json'))).toEqual(quiet);
  });

  it('declines an answer that is no state of the world', async () => {
    const { code, out, error } = await (await appAnswering({ 'now?as=json': {} })).ran(['status']);
    expect([code, out]).toEqual([1, '']);
    expect(error).toContain('something else than its state');
  });

  it('has a colour for what needs a person, on a terminal that wants one', async () => {
    const app = await appAnswering({ 'now?as=json': { ...quiet, problems: [{ members: [asking] }] } });
    const coloured = { columns: 200, env: { TERM: 'xterm-256color' } };

    expect((await app.ran(['status'], coloured)).out).toContain('\u001b[1mneeds-approval\u001b[22m');
    for (const around of [{ columns: 200, env: { ...coloured.env, NO_COLOR: '1' } }, { env: coloured.env }])
      expect((await app.ran(['status'], around)).out).not.toContain('\u001b');
  });

  it('fits a narrow terminal, and a program gets whole lines', async () => {
    const app = await appAnswering({ 'now?as=json': { ...quiet, problems: [{ members: [asking] }] } });
    const narrow = (await app.ran(['status'], { columns: 40, env: { NO_COLOR: '1' } })).out;

    expect(narrow.split('\n').filter((line) => line.length > 40)).toEqual([]);
    expect(narrow.replace(/\s+/g, ' ')).toBe((await app.ran(['status'])).out.replace(/\s+/g, ' '));
  });
});
