// Every function of the app, registered once; and only a health function if the settings are invalid.
import { app as functions } from '@azure/functions';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { register } from '../src/register.ts';
import { type Doors, doors, registrations } from './functions/doors.ts';

type Hook = Parameters<typeof functions.hook.appStart>[0];

let hooks: Hook[] = [];
beforeEach(() => {
  hooks = [];
  vi.spyOn(functions.hook, 'appStart').mockImplementation((hook) => {
    hooks.push(hook);
    return { dispose: () => undefined } as ReturnType<typeof functions.hook.appStart>;
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function started(prepare: () => Promise<undefined>): Doors {
  return doors((pullmedic) => register({ ok: true, pullmedic }), { prepare });
}

describe('an app that started', () => {
  it('registers every function, and one hook', () => {
    const { names } = started(async () => undefined);

    expect([...names].sort()).toEqual([
      'approve',
      'ask',
      'dead-letters',
      'dead-letters-dismiss',
      'dead-letters-replay',
      'events-again',
      'forget-refusal',
      'health',
      'health-signed',
      'history',
      'history-one',
      'incidents',
      'kill-switch',
      'on-alert',
      'on-alert-signed',
      'on-event',
      'on-poison',
      'on-schedule',
      'on-signal',
      'on-step',
      'on-sweep',
      'operator',
      'question',
      'reject',
      'remediations',
      'remediations-one',
      'undo',
    ]);
    expect(hooks).toHaveLength(1);
  });

  it('waits for storage five seconds at most, so that the worker starts all the same', async () => {
    vi.useFakeTimers();
    started(() => new Promise(() => undefined));
    let over = false;
    const start = Promise.resolve(hooks[0]?.({} as Parameters<Hook>[0])).then(() => {
      over = true;
    });

    await vi.advanceTimersByTimeAsync(4999);
    expect(over).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await start;
    expect(over).toBe(true);
  });
});

describe('an app with invalid settings', () => {
  it('registers only health, so that no function can act', async () => {
    const registered = registrations(() =>
      register({ ok: false, problems: ['PULLMEDIC_SCOPES is missing'], callers: { state: 'on' } }),
    );

    expect([...registered.keys()]).toEqual(['health', 'health-signed']);
    expect(hooks).toEqual([]);
  });
});
