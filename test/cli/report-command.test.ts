// The command `report`: what it asks of the app, and what it prints.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Deployed } from '../../src/cli/deployed.ts';
import { askedIn, print, reportCommand, reportUsage } from '../../src/cli/report-command.ts';
import { appWith } from './app-answers.ts';

let asked: string[];
let written: string[];

beforeEach(() => {
  asked = [];
  written = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

function app(answer: unknown): Deployed {
  const answered = async (path: string): Promise<unknown> => {
    asked.push(path);
    return answer;
  };
  return { get: answered, post: answered, healthPath: 'health' };
}

const url = ['--url', 'https://fa.example'];
const id = `t${'0'.repeat(24)}.1`;
const whole = (...args: string[]) => {
  const read = askedIn([...args, ...url]);
  if (read === 'help') throw new Error('It was read as a question for help.');
  return read;
};

describe('report', () => {
  it.each([
    [[id], `history/${id}/report?as=json`],
    [['--since', '30d'], 'measures?as=json&days=30'],
    [['--since', '90d'], 'measures?as=json&days=90'],
  ])('of %j asks the app for its text and prints it', async (args, path) => {
    await print(app({ markdown: '### A report\n\n- one' }), whole(...args));

    expect(asked).toEqual([path]);
    expect(written.join('')).toBe('### A report\n\n- one\n');
  });

  it.each([
    [[]],
    [[id, '--since', '30d']],
    [[id, id]],
    [['--since', '31d']],
    [['--since', '']],
    [['../x']],
    [['t0.1']],
  ])('asks nothing with %j', (args) => {
    expect(() => askedIn([...args, ...url])).toThrow(/takes/);
  });

  it('of a remediation by the name of its app asks for the report of that one', async () => {
    const found = {
      problems: [],
      rows: [{ remediation: id, appId: '/x/ca-orders', closed: true, needsPerson: false, updatedAtMs: 0 }],
      skipped: 0,
    };
    const paths = { 'history?as=json&q=app%3Aca-orders': found, [`history/${id}/report?as=json`]: { markdown: 'one' } };
    await print(appWith(paths), whole('ca-orders'));

    expect(written.join('')).toBe('one\n');
  });

  it('prints what the app answered with --json', async () => {
    await print(app({ markdown: 'x', opened: 3 }), whole('--since', '7d', '--json'));

    expect(JSON.parse(written.join(''))).toEqual({ markdown: 'x', opened: 3 });
  });

  it('prints no character that a terminal obeys, and keeps lines', async () => {
    await print(app({ markdown: 'a\u001b[2J\nb\u202ec\u2060' }), whole(id));

    expect(written.join('')).toBe('a [2J\nb c\u2060\n');
  });

  it('says that the app may be older where it answers something else', async () => {
    await expect(print(app({ opened: 3 }), whole('--since', '7d'))).rejects.toThrow('older version');
  });

  it('explains itself', async () => {
    expect(await reportCommand(['--help'])).toBe(0);
    expect(written.join('')).toBe(reportUsage);
  });
});
