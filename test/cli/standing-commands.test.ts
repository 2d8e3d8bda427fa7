// The commands about a deployed pullmedic as a whole: what is asked of it, what is said of the answer, what is refused before.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UsageError } from '../../src/cli/classify-command.ts';
import type { Deployed } from '../../src/cli/deployed.ts';
import { askHealth, dismiss, lookNow, setKillSwitch } from '../../src/cli/standing-commands.ts';
import { appId, registryId } from '../lib/facts.ts';

let said = '';
beforeEach(() => {
  said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

/** A deployed pullmedic that gives this answer to every request. */
function answering(answer: unknown): Deployed & { readonly asked: readonly unknown[] } {
  const asked: unknown[] = [];
  const ask = async (...request: unknown[]): Promise<unknown> => {
    asked.push(request);
    return answer;
  };
  return {
    asked,
    healthPath: 'health',
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
  };
}

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

describe('health', () => {
  it('of an app that is well ends with 0', async () => {
    expect(await askHealth(answering(well), false)).toBe(0);
    expect(said).toMatch(/^Well\.\n/);
    expect(said).toContain('dead letters: none');
  });

  it('of an app that is not well ends with 3 and says why', async () => {
    const killSwitchSet = { by: '"an\u001bna"', atMs: Date.parse('2026-06-01T02:00:00Z'), version: 'a1b2' };
    const trouble = { well: false, killSwitch: 'on', killSwitchSet, storage: 'no-answer', deadLetters: 'unreadable' };

    expect(await askHealth(answering({ ...well, ...trouble }), false)).toBe(3);
    expect(said).toContain('kill switch   on, set by "an na" at 2026-06-01T02:00:00.000Z (version a1b2)');
    expect(said).toContain('storage       cannot be used: no-answer');
    expect(said).toContain('dead letters: unreadable');
  });

  it('of an app with invalid settings lists the mistakes', async () => {
    const problems = { well: false, settings: ['PULLMEDIC_SCOPES is missing'] };

    expect(await askHealth(answering(problems), false)).toBe(3);
    expect(said).toContain('- PULLMEDIC_SCOPES is missing');
  });

  it('is printed as the app answered it for programs', async () => {
    await askHealth(answering({ ...well, more: 1 }), true);

    expect(JSON.parse(said)).toEqual({ ...well, more: 1 });
  });
});

describe('the kill switch', () => {
  it('is set as it was asked, and the answer says how it stands', async () => {
    const app = answering({ on: true, by: '"anna"' });

    expect(await setKillSwitch(app, 'on')).toBe(0);
    expect(app.asked).toEqual([['POST', 'kill-switch', { on: true }]]);
    expect(said).toBe('The kill switch is on: nothing is changed. Set by "anna".\n');
  });

  it('is turned off for the setting that the person names', async () => {
    const app = answering({ on: false, by: '"anna"' });

    expect(await setKillSwitch(app, 'off', 'a1b2')).toBe(0);
    expect(app.asked).toEqual([['POST', 'kill-switch', { on: false, seen: 'a1b2' }]]);
  });

  it('is shown and not turned off where no person at a terminal says yes to it', async () => {
    const set = { by: '"bo"', atMs: Date.parse('2026-06-01T02:00:00Z'), version: 'a1b2' };
    const app = answering({ ...well, killSwitch: 'on', killSwitchSet: set });

    await expect(setKillSwitch(app, 'off')).rejects.toThrow('--seen a1b2');
    expect(app.asked).toEqual([['GET', 'health']]);
    expect(said).toContain('The kill switch is on, set by "bo" at 2026-06-01T02:00:00.000Z.');
  });

  it.each([undefined, 'maybe'])('is not touched by a command that says %s', async (what) => {
    const app = answering({ on: true, by: 'x' });

    await expect(setKillSwitch(app, what)).rejects.toThrow(UsageError);
    expect(app.asked).toEqual([]);
  });
});

describe('a look', () => {
  it('is asked for by the id of a container app', async () => {
    const app = answering({});

    expect(await lookNow(app, appId)).toBe(0);
    expect(app.asked).toEqual([['POST', 'signals', { app: appId }]]);
  });

  it.each([undefined, registryId])('is not asked for by %s', async (what) => {
    const app = answering({});

    await expect(lookNow(app, what)).rejects.toThrow('look takes the resource id');
    expect(app.asked).toEqual([]);
  });
});

describe('a dead letter', () => {
  it('is dismissed by its id', async () => {
    const app = answering({});
    const id = `d${'0'.repeat(24)}`;

    expect(await dismiss(app, id)).toBe(0);
    expect(app.asked).toEqual([['POST', `dead-letters/${id}/dismiss`, {}]]);
  });

  it.each([undefined, 'd1', `t${'0'.repeat(24)}`, `d${'0'.repeat(24)}/../x`])('is not found by %s', async (what) => {
    const app = answering({});

    await expect(dismiss(app, what)).rejects.toThrow(UsageError);
    expect(app.asked).toEqual([]);
  });
});
