// What a file of src/functions registers with the platform, on ports in memory: a test calls it as the platform would.
import { app as functions, HttpRequest, InvocationContext } from '@azure/functions';
import { vi } from 'vitest';
import type { App } from '../../src/functions/app.ts';
import { config, nowMs, roleMissing } from '../lib/facts.ts';
import { type Memory, memory } from '../lib/memory-ports.ts';
import { type MemoryUpkeep, memoryUpkeep } from '../lib/memory-upkeep.ts';

type Kind = 'http' | 'timer' | 'storageQueue' | 'eventGrid';

interface Answer {
  readonly status?: number;
  readonly jsonBody?: unknown;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Doors {
  readonly running: Memory;
  readonly upkeep: MemoryUpkeep;
  /** The lines of the app's own log: event and fields. */
  readonly logged: readonly (readonly [string, unknown])[];
  /** The names of the functions, in the order in which they were registered. */
  readonly names: readonly string[];
  /** What the platform was told about a function. */
  readonly options: (name: string) => Readonly<Record<string, unknown>>;
  /** Sends a request to an HTTP function. */
  readonly send: (name: string, request?: Sent) => Promise<Answer>;
  /** Hands a message, an event or a timer to a function. */
  readonly deliver: (name: string, message: unknown, context?: InvocationContext) => Promise<unknown>;
}

interface Sent {
  readonly id?: string;
  /** Path and query, where they matter: `/api/history`. */
  readonly address?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

/** Registers on ports in memory. `more` replaces parts of the app. */
export function doors(register: (pullmedic: App) => void, more: Partial<App> = {}): Doors {
  const running = memory(config(), roleMissing, nowMs);
  const upkeep = memoryUpkeep();
  const logged: (readonly [string, unknown])[] = [];
  const ports: App['ports'] = { ...running.ports, log: (event, fields) => void logged.push([event, fields]) };
  const registered = registrations(() =>
    register({
      config: config(),
      ports,
      upkeep: upkeep.upkeep,
      prepare: async () => undefined,
      storageTrouble: () => undefined,
      http: (name, options) => functions.http(name, options),
      callers: { state: 'on' },
      ...more,
    }),
  );
  const options = (name: string): Options => {
    const found = registered.get(name);
    if (found === undefined) throw new Error(`No function ${name} is registered.`);
    return found;
  };
  return {
    running,
    upkeep,
    logged,
    names: [...registered.keys()],
    options,
    send: async (name, sent = {}) => (await options(name).handler(requestOf(name, sent), contextOf())) as Answer,
    deliver: async (name, message, context = contextOf()) => options(name).handler(message, context),
  };
}

type Options = Readonly<Record<string, unknown>> & {
  readonly handler: (input: unknown, context: InvocationContext) => unknown;
};

/** The calls of the platform's library while `register` runs, by the function's name. */
export function registrations(register: () => void): Map<string, Options> {
  const registered = new Map<string, Options>();
  const kinds: readonly Kind[] = ['http', 'timer', 'storageQueue', 'eventGrid'];
  const spies = kinds.map((kind) =>
    vi.spyOn(functions, kind).mockImplementation((name: string, options: unknown) => {
      registered.set(name, options as Options);
    }),
  );
  try {
    register();
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return registered;
}

function requestOf(name: string, sent: Sent): HttpRequest {
  const { id, address = `/api/${name}`, body, headers = {}, query = {} } = sent;
  return new HttpRequest({
    method: body === undefined ? 'GET' : 'POST',
    url: `https://x.example${address}`,
    headers: { ...headers },
    query: { ...Object.fromEntries(new URL(`https://x.example${address}`).searchParams), ...query },
    params: { ...(id === undefined ? {} : { id }), ...sent.params },
    ...(body === undefined ? {} : { body: { string: body } }),
  });
}

/** The context of a delivery: of the first one, unless said otherwise. */
export function contextOf(dequeueCount?: number): InvocationContext {
  const triggerMetadata = dequeueCount === undefined ? {} : { dequeueCount };
  return new InvocationContext({ triggerMetadata });
}

/** The header in which the platform names the roles of the caller. */
export function signedIn(...roles: string[]): Record<string, string> {
  const claims = roles.map((val) => ({ typ: 'roles', val }));
  return { 'x-ms-client-principal': Buffer.from(JSON.stringify({ role_typ: 'roles', claims })).toString('base64') };
}

const objectId = '8D2F0000-0000-4000-8000-00000000000A';

/** What a history says of the operator below: the name and the object id in lower case. */
export const adaInHistories = 'ada@contoso.example (8d2f0000-0000-4000-8000-00000000000a)';

/** The headers of a request by a person whom the platform has signed in, with the claims that it sets. */
export function person(roles: readonly string[], name = 'ada@contoso.example', id = objectId): Record<string, string> {
  const claims = [
    { typ: 'http://schemas.microsoft.com/identity/claims/objectidentifier', val: id },
    { typ: 'preferred_username', val: name },
    ...roles.map((val) => ({ typ: 'roles', val })),
  ];
  return {
    'content-type': 'application/json',
    'x-ms-client-principal': Buffer.from(JSON.stringify({ role_typ: 'roles', claims })).toString('base64'),
  };
}

/** The headers of a request by Ada, who is an operator. */
export function operator(): Record<string, string> {
  return person(['Operator']);
}
