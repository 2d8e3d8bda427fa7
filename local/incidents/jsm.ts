// Alerts of Jira Service Management by the API of an integration (developer.atlassian.com, "JSM Ops integration events API", and the Opsgenie
// Alert API that it took over): every call is taken in with 202 and done later, a request that is not done reads 404, and a closed alert is
// never opened again.

import {
  type Behaviour,
  jsonIn,
  type LocalAnswer,
  type LocalRequest,
  type LocalSystem,
  type Start,
  startSystem,
} from './server.ts';

export interface Jsm extends LocalSystem {
  alerts(): readonly Readonly<Alert>[];
  /** Requests that it takes in from now on come to this end. */
  processes(how: 'well' | 'badly' | 'never'): void;
}

interface Alert {
  readonly alias: string;
  readonly message: string;
  readonly priority: string;
  readonly description: string;
  open: boolean;
  count: number;
  readonly notes: string[];
}

interface Taken {
  readonly id: string;
  readonly dueAtMs: number;
  readonly alias: string;
  readonly does: () => boolean;
  done?: boolean;
}

/** How long it takes to do what it was asked. Milliseconds. */
const processMs = 3000;
const root = '/jsm/ops/integration/v2/alerts';

/** `now`: milliseconds, by the clock of the sender. */
export async function startJsm(apiKey: string, now: () => number, start: Start = startSystem): Promise<Jsm> {
  const alerts: Alert[] = [];
  const taken: Taken[] = [];
  let how: 'well' | 'badly' | 'never' = 'well';
  const process = (): void => {
    for (const one of taken) if (one.done === undefined && now() >= one.dueAtMs) one.done = one.does();
  };
  const accept = (alias: string, does: () => boolean): LocalAnswer => {
    const id = `request-${taken.length + 1}`;
    const dueAtMs = how === 'never' ? Number.POSITIVE_INFINITY : now() + processMs;
    taken.push({ id, dueAtMs, alias, does: how === 'badly' ? () => false : does });
    return { status: 202, body: { result: 'Request will be processed', took: 0.1, requestId: id } };
  };
  const behaviour: Behaviour = {
    answer(request) {
      process();
      if (request.headers['authorization'] !== `GenieKey ${apiKey}`) return { status: 403, body: { message: 'no' } };
      const { pathname, searchParams } = new URL(request.url, 'http://jsm');
      const [first = '', second = ''] = pathname.slice(root.length + 1).split('/');
      if (request.method === 'GET') return statusOf(taken.find(({ id }) => id === second));
      if (first === '') return isWrong(request) ? { status: 422 } : accept(...creation(alerts, request));
      if (searchParams.get('identifierType') !== 'alias') return { status: 422 };
      return accept(first, () => happen(alerts, first, second, request));
    },
    trouble: (trouble) =>
      ({
        throttled: { status: 429, headers: { 'retry-after': '30' } },
        'key-refused': { status: 403, body: { message: 'Key is not valid' } },
        'message-refused': { status: 422, body: { message: 'Request body is not processable' } },
        down: { status: 503 },
      })[trouble],
    seen() {
      process();
      return alerts.map(({ open, message, description, notes }) => ({
        state: open ? 'open' : 'resolved',
        text: [message, description, ...notes].join('\n'),
      }));
    },
    reset() {
      alerts.splice(0);
      taken.splice(0);
      how = 'well';
    },
  };
  const system = await start(behaviour);
  return {
    ...system,
    alerts() {
      process();
      return alerts;
    },
    processes(next) {
      how = next;
    },
  };
}

function statusOf(request: Taken | undefined): LocalAnswer {
  if (request?.done === undefined)
    return { status: 404, body: { message: 'Request not found. It might not be processed, yet.' } };
  const { done, alias } = request;
  return { status: 200, body: { data: { success: done, isSuccess: done, alias: done ? alias : '' } } };
}

type Created = Pick<Alert, 'alias' | 'message' | 'priority' | 'description'>;

function isWrong(request: LocalRequest): boolean {
  const { alias, message, description } = jsonIn(request) as Created;
  return message === '' || message.length > 130 || alias.length > 512 || description.length > 15_000;
}

function creation(alerts: Alert[], request: LocalRequest): [alias: string, does: () => boolean] {
  const created = jsonIn(request) as Created;
  const does = (): boolean => {
    const open = alerts.find((one) => one.open && one.alias === created.alias);
    if (open === undefined) alerts.push({ ...created, open: true, count: 1, notes: [] });
    else open.count += 1;
    return true;
  };
  return [created.alias, does];
}

/** False if there is no open alert of this alias. */
function happen(alerts: readonly Alert[], alias: string, what: string, request: LocalRequest): boolean {
  const alert = alerts.find((one) => one.open && one.alias === alias);
  if (alert === undefined) return false;
  alert.notes.push((jsonIn(request) as { readonly note: string }).note);
  if (what === 'close') alert.open = false;
  return true;
}
