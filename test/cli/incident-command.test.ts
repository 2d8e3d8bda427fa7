// The commands about incident systems: what they ask of the app, and what they say of its answer.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Deployed } from '../../src/cli/deployed.ts';
import { askSystem, incidentCommand, incidentUsage, optionsOf, showRoute } from '../../src/cli/incident-command.ts';

let asked: unknown[];
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
  const answered = async (...request: unknown[]): Promise<unknown> => {
    asked.push(request);
    return answer;
  };
  return { get: answered, post: answered, healthPath: 'health' };
}

const said = (): string => written.join('');

describe('incident test', () => {
  it('says that the test was opened, where it is, and that it was resolved', async () => {
    const answer = { opened: { kind: 'told' }, resolved: { kind: 'told' }, url: 'https://tickets.example/7', again: 2 };

    expect(await askSystem(app(answer), optionsOf(['test', '--to', 'pager']))).toBe(0);
    expect(asked).toEqual([['incident-systems/pager/test', {}]]);
    expect(said()).toContain('opened    told: https://tickets.example/7');
    expect(said()).toContain('resolved  told');
    expect(said()).toContain('Sent again, because the system takes our messages: 2.');
  });

  it('ends with 1 and says why where the system refuses', async () => {
    const answer = { opened: { kind: 'failed', why: 'key-refused', detail: 'HTTP 401' }, again: 0 };

    expect(await askSystem(app(answer), optionsOf(['test', '--to', 'pager']))).toBe(1);
    expect(said()).toBe('opened    failed: key-refused (HTTP 401)\n');
  });

  it.each([
    [['test']],
    [['test', '--to', '../x']],
    [['delete', '--to', 'pager']],
    [['test', 'more', '--to', 'pager']],
    [[]],
  ])('asks nothing with %j', async (args) => {
    await expect(askSystem(app({}), optionsOf(args))).rejects.toThrow(/incident takes|--to takes/);
    expect(asked).toEqual([]);
  });
});

describe('incident again', () => {
  it('says how many messages were sent again', async () => {
    expect(await askSystem(app({ again: 3 }), optionsOf(['again', '--to', 'pager']))).toBe(0);
    expect(asked).toEqual([['incident-systems/pager/again', {}]]);
    expect(said()).toBe('Sent again: 3.\n');
  });
});

describe('route', () => {
  const answer = {
    to: ['pager', 'chat'],
    matched: [0, 2],
    because: 'matched',
    atMs: Date.parse('2026-06-01T02:00:00Z'),
    mode: 'act',
  };
  const args = ['--cause', 'custom-dns', '--registry', 'acr shop.example'];

  it('says who would be told, when, and by which routes', async () => {
    expect(await showRoute(app(answer), optionsOf([...args, '--severity', 'low']))).toBe(0);
    expect(asked).toEqual([['incident-route?cause=custom-dns&registry=acr%20shop.example&severity=low']]);
    expect(said()).toBe(
      'At 2026-06-01T02:00:00.000Z, in the mode act: pager, chat.\nRoutes that match, counted from 1: 1, 3.\n',
    );
  });

  it.each([
    ['no-systems', 'no incident systems'],
    ['observe', 'incidents.inObserve'],
    ['no-route', 'every system is told'],
    ['not-known', 'No route matches for certain'],
  ])('says why where it is %s', async (because, words) => {
    await showRoute(app({ ...answer, to: [], matched: [], because }), optionsOf(args));
    expect(said()).toContain('nobody is told');
    expect(said()).toContain(words);
  });

  it('needs a cause and a registry', async () => {
    await expect(showRoute(app(answer), optionsOf(['--cause', 'custom-dns']))).rejects.toThrow(
      '--cause and --registry',
    );
  });
});

it('help explains both commands', async () => {
  expect(await incidentCommand('route', ['--help'])).toBe(0);
  expect(said()).toBe(incidentUsage);
});
