// Every function of the app, registered once; and only a health function if the settings are invalid.
import { app as functions } from '@azure/functions';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { register } from '../src/register.ts';
import { type Doors, doors, registrations } from './functions/doors.ts';
import { config } from './lib/facts.ts';

type Hook = Parameters<typeof functions.hook.appStart>[0];
type Before = Parameters<typeof functions.hook.preInvocation>[0];

let hooks: Hook[] = [];
let before: Before[] = [];
beforeEach(() => {
  hooks = [];
  before = [];
  vi.spyOn(functions.hook, 'preInvocation').mockImplementation((hook) => {
    before.push(hook);
    return { dispose: () => undefined } as ReturnType<typeof functions.hook.preInvocation>;
  });
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
  it('registers every function, and a hook for the start and for each call', () => {
    const { names } = started(async () => undefined);

    expect([...names].sort()).toEqual([
      'answer',
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
      'history-report',
      'incident-route',
      'incidents',
      'incidents-one',
      'kill-switch',
      'measures',
      'messages',
      'now',
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
      'runbooks',
      'runbooks-one',
      'settings',
      'system-again',
      'system-test',
      'undo',
    ]);
    expect(hooks).toHaveLength(1);
    expect(before).toHaveLength(1);
  });

  it('waits for messages about incident systems only where it has some', () => {
    const url = 'https://egt-ops.westeurope-1.eventgrid.azure.net/api/events';
    const incidents = { systems: { events: { kind: 'eventgrid', url } } };
    const told = config({ PULLMEDIC_SETTINGS: JSON.stringify({ incidents }) });
    const { names } = doors((pullmedic) => register({ ok: true, pullmedic: { ...pullmedic, config: told } }));
    expect(names).toContain('on-tell');
  });

  it('lets the host go on before it begins to prepare storage, which takes time to load', async () => {
    let begun = 0;
    started(() => {
      begun += 1;
      return new Promise(() => undefined);
    });

    expect(hooks[0]?.({} as Parameters<Hook>[0])).toBeUndefined();
    expect(begun).toBe(0);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(begun).toBe(1);
  });

  it('calls no function before storage is prepared', async () => {
    let ready: (() => void) | undefined;
    started(
      () =>
        new Promise((resolve) => {
          ready = () => resolve(undefined);
        }),
    );
    void hooks[0]?.({} as Parameters<Hook>[0]);
    const called = calls();

    await Promise.resolve();
    expect(called.count).toBe(0);
    ready?.();
    await called.all;
    expect(called.count).toBe(2);
  });

  it('waits five seconds at most, from the start, and tries once: the schedule tries again', async () => {
    vi.useFakeTimers();
    let tries = 0;
    started(() => {
      tries += 1;
      return new Promise(() => undefined);
    });
    void hooks[0]?.({} as Parameters<Hook>[0]);
    await vi.advanceTimersByTimeAsync(3000);
    const called = calls();

    await vi.advanceTimersByTimeAsync(1999);
    expect(called.count).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    await called.all;
    expect(called.count).toBe(2);
    await calls().all;
    expect(tries).toBe(1);
  });

  it('prepares storage before the first call where the worker ran no start', async () => {
    let begun = 0;
    started(async () => {
      begun += 1;
      return undefined;
    });
    await calls().all;

    expect(begun).toBe(1);
  });
});

/** Two calls of functions that wait for the hook. */
function calls(): { readonly count: number; readonly all: Promise<unknown> } {
  let count = 0;
  const one = async (): Promise<void> => {
    await before[0]?.({} as Parameters<Before>[0]);
    count += 1;
  };
  const all = Promise.all([one(), one()]);
  return {
    get count() {
      return count;
    },
    all,
  };
}

describe('an app with invalid settings', () => {
  it('registers only health, so that no function can act', async () => {
    const registered = registrations(() =>
      register({ ok: false, problems: ['PULLMEDIC_SCOPES is missing'], callers: { state: 'on' } }),
    );

    expect([...registered.keys()]).toEqual(['health', 'health-signed']);
    expect(hooks).toEqual([]);
    expect(before).toEqual([]);
  });
});
