// Every edge gets what somebody else wrote. None of it may throw, become a change, or come out as more than it was.

import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadScenario, parseScenario } from '../../local/scenarios/schema.ts';
import { signalsOfEvent } from '../../src/functions/event-envelope.ts';
import { mayRead } from '../../src/functions/sign-in.ts';
import { kqlString, systemLogsQuery } from '../../src/lib/azure/facts/logs.ts';
import { html } from '../../src/lib/console/html.ts';
import { listRemediations } from '../../src/lib/console/views.ts';
import { BadConfig, parseConfig } from '../../src/lib/settings/config.ts';
import { readAlert } from '../../src/lib/signals/alert.ts';
import { readOperatorSignal } from '../../src/lib/signals/operator.ts';
import { readQueuedSignal } from '../../src/lib/signals/queued.ts';
import { readStep } from '../../src/lib/signals/step.ts';
import { known } from '../../src/lib/words/fact.ts';
import { workloads } from '../../src/lib/workloads/workloads.ts';
import { nasty, spoiled } from '../spoiled.ts';
import { config, minute, nowMs, pulledRow, readyReplica, registryId, roleMissing, signal, target } from './facts.ts';
import { memory } from './memory-ports.ts';
import { alertFor, ours, signalsOf } from './signals/payloads.ts';

const payloads = readdirSync('test/fixtures/signals')
  .filter((file) => file.endsWith('.json'))
  .map((file): unknown => JSON.parse(readFileSync(`test/fixtures/signals/${file}`, 'utf8')));

/** The payload with this member, wherever it is, replaced. */
function withMember(value: unknown, name: string, by: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => withMember(one, name, by));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, key === name ? by : withMember(member, name, by)]),
  );
}

/** Nine lists of nine of the one before. */
function bomb(): string {
  const lines = Array.from(
    { length: 9 },
    (_, at) => `a${at + 1}: &a${at + 1} [${Array.from({ length: 9 }, () => `*a${at}`).join(', ')}]`,
  );
  return ['a0: &a0 [x, x]', ...lines].join('\n');
}

const payload = fc
  .tuple(fc.constantFrom(...payloads), fc.array(fc.nat(12), { maxLength: 7 }), nasty)
  .map(([whole, path, by]) => spoiled(whole, path, by));
const anything = fc.oneof(payload, payload, nasty);

describe('whatever arrives', () => {
  it('an alert is read or refused with a reason, never thrown at', () => {
    fc.assert(
      fc.property(anything, (body) => {
        const read = readAlert(body);
        return read.ok
          ? read.signals.every((one) => readQueuedSignal(JSON.parse(JSON.stringify(one))) !== undefined)
          : read.problem !== '';
      }),
      { numRuns: 2000 },
    );
  });

  it('an event is read or refused with a reason, never thrown at', async () => {
    await fc.assert(
      fc.asyncProperty(anything, async (body) => {
        const read = await signalsOfEvent(body, undefined);
        return read.ok ? read.signals.length <= 1 : read.problem.length <= 300;
      }),
      { numRuns: 2000 },
    );
  });

  it('a message of the queues is one of ours or nothing', () => {
    fc.assert(
      fc.property(anything, (body) => {
        readQueuedSignal(body);
        readStep(body);
        readOperatorSignal(body, nowMs);
      }),
      { numRuns: 2000 },
    );
  });

  it('settings are used or refused, all mistakes at once', () => {
    const setting = fc.oneof(fc.string(), fc.json(), fc.constantFrom('act', '[]', '{}', `["${registryId}"]`));
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom(
            'PULLMEDIC_MODE',
            'PULLMEDIC_SCOPES',
            'PULLMEDIC_REGISTRIES',
            'PULLMEDIC_SETTINGS',
            'PULLMEDIC_CLOUD',
          ),
          setting,
        ),
        (env) => {
          try {
            parseConfig(env);
          } catch (error) {
            if (!(error instanceof BadConfig)) throw error;
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('a scenario file is read or refused with its line', () => {
    const text = readFileSync('local/scenarios/tag-missing.yaml', 'utf8');
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(40), fc.string({ unit: 'binary', maxLength: 20 }), (at, cut, by) => {
        try {
          parseScenario(text.slice(0, at) + by + text.slice(at + cut), 'x.yaml');
        } catch (error) {
          if (!(error instanceof BadScenario)) throw error;
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a body that is too much', () => {
  const deep = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
  const many = Array.from({ length: 100_000 }, () => ({ name: 'AppId', value: 'x' }));
  const long = 'x'.repeat(5_000_000);
  const [alert] = payloads.filter((one) => JSON.stringify(one).includes('Log Alerts V2'));
  const event = payloads.find((one) => JSON.stringify(one).includes('ResourceWriteFailure'));

  it.each<[string, unknown]>([
    ['a hundred thousand levels', deep(100_000)],
    ['a hundred thousand dimensions', withMember(alert, 'dimensions', many)],
    ['a text of megabytes', withMember(alert, 'alertId', long)],
  ])('of an alert (%s) is refused with a short reason', (_what, body) => {
    const read = readAlert(body);

    expect(read.ok ? '' : read.problem).toMatch(/^.{5,300}$/);
  });

  it.each<[string, unknown]>([
    ['a hundred thousand levels', deep(100_000)],
    ['an id of megabytes', withMember(event, 'id', long)],
    ['a subject of megabytes', withMember(event, 'subject', long)],
  ])('of an event (%s) is refused with a short reason', async (_what, body) => {
    const read = await signalsOfEvent(body, undefined);

    expect(read.ok ? '' : read.problem).toMatch(/^.{5,300}$/);
  });

  it.each<[string, unknown]>([
    ['a hundred thousand levels', deep(100_000)],
    ['a hundred thousand items', many],
    ['an id of megabytes', { ...signal, id: long }],
    ['an app of megabytes', { ...signal, about: { kind: 'app', id: `/subscriptions/${long}` } }],
    ['a repository of megabytes', { ...signal, about: { kind: 'pushed', registry: 'x', repository: long } }],
  ])('of a queue (%s) is no signal and no step', (_what, body) => {
    expect([readQueuedSignal(body), readStep(body)]).toEqual([undefined, undefined]);
  });

  it.each<[string, string]>([
    ['a hundred thousand levels', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['a hundred thousand mistakes', JSON.stringify(many)],
    ['a text of megabytes', JSON.stringify(long)],
  ])('of settings (%s) is refused', (_what, text) => {
    expect(() => parseConfig({ PULLMEDIC_SCOPES: '["/subscriptions/x"]', PULLMEDIC_REGISTRIES: text })).toThrow(
      BadConfig,
    );
  });

  it.each<[string, string]>([
    ['brackets a hundred thousand levels deep', `summary: ${'['.repeat(100_000)}`],
    ['braces a hundred thousand levels deep', `summary: ${'{a: '.repeat(100_000)}`],
    ['dashes a hundred thousand levels deep', `summary:\n  ${'- '.repeat(100_000)}x`],
    ['a name that stands for a billion texts', bomb()],
    ['megabytes', `summary: ${long}`],
  ])('of a scenario file (%s) is refused with a line', (_what, text) => {
    expect(() => parseScenario(text, 'f.yaml')).toThrow(/^f\.yaml:\d+: .{5,300}$/s);
  });
});

describe('a principal header', () => {
  const reads = (header: string | undefined, signInByPlatform = true): boolean =>
    mayRead(
      { callers: { state: signInByPlatform ? 'on' : 'off' } },
      { headers: new Headers(header === undefined ? {} : { 'x-ms-client-principal': header }) },
    );
  const of = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
  const reader = { role_typ: 'roles', claims: [{ typ: 'roles', val: 'Reader' }] };

  it('with the role opens the history, and only behind the platform’s own sign-in', () => {
    expect(reads(of(reader))).toBe(true);
    expect(reads(of(reader), false)).toBe(false);
    expect(reads(undefined)).toBe(false);
  });

  it.each<[string, unknown]>([
    ['another role', { ...reader, claims: [{ typ: 'roles', val: 'Nobody' }] }],
    ['the role as a name', { ...reader, claims: [{ typ: 'name', val: 'Reader' }] }],
    ['roles in a list', { ...reader, claims: [{ typ: 'roles', val: ['Reader'] }] }],
    ['no claims', { ...reader, claims: undefined }],
    ['too many claims', { ...reader, claims: Array.from({ length: 501 }, () => ({ typ: 'roles', val: 'Reader' })) }],
    ['too long a header', { ...reader, more: 'x'.repeat(70_000) }],
  ])('with %s does not', (_what, value) => {
    expect(reads(of(value))).toBe(false);
  });

  it('that is anything else opens nothing and throws nothing', () => {
    const header = fc.oneof(
      fc.base64String({ maxLength: 400 }),
      fc.string({ unit: 'grapheme-ascii' }),
      nasty.map((value) => of(value)),
      fc
        .tuple(fc.array(fc.nat(5), { minLength: 1, maxLength: 4 }), nasty)
        .map(([path, by]) => of(spoiled({ ...reader, claims: [] }, path, by))),
    );
    fc.assert(
      fc.property(header, (value) => {
        expect(reads(value)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('injection', () => {
  it('no value leaves its KQL string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const literal = kqlString(value);

        expect(literal).toMatch(/^"(?:[ !#-[\]-~]|\\u[0-9a-f]{4})*"$/);
        expect(JSON.parse(literal)).toBe(value);
        const linesFor = (app: string): number =>
          systemLogsQuery({ app, since: new Date(nowMs), columns: workloads['container-app'].columns }).split('\n')
            .length;
        expect(linesFor(value)).toBe(linesFor('a'));
      }),
      { numRuns: 1000 },
    );
  });

  it('no value becomes markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(html`<p title="${value}">${value}</p>`.text).toMatch(/^<p title="[^"<>]*">[^<>]*<\/p>$/u);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('forged claims', () => {
  it('an id, a link or a principal anywhere in a payload makes no other signal than its app', async () => {
    let signals = 0;
    for (const body of [...payloads.flat(), alertFor(ours)]) {
      const forged = JSON.parse(
        JSON.stringify(body, (key, value: unknown) =>
          /link|url|principal|upn|caller|email|identity|evidence/i.test(key) ? 'https://evil.example/?x=' : value,
        ),
      ) as unknown;
      const read = [readAlert(body), await signalsOfEvent(body, undefined)];
      signals += read.flatMap((one) => (one.ok ? one.signals : [])).length;

      expect([readAlert(forged), await signalsOfEvent(forged, undefined)]).toEqual(read);
    }
    // It would hold of payloads that make no signal, too.
    expect(signals).toBeGreaterThan(2);
  });

  it('a principal, a registry or a link in an alert changes nothing: only the app is looked up, in Azure', () => {
    const alert = alertFor(ours);
    const forged = JSON.parse(
      JSON.stringify(alert).replace('"essentials":{', '"essentials":{"principalId":"evil","registryId":"evil",'),
    ) as unknown;

    expect(signalsOf(readAlert(alert))).toMatchObject([{ about: { kind: 'app-name', name: 'ca-orders' } }]);
    expect(readAlert(forged)).toEqual(readAlert(alert));
  });

  it('a row that says that the image was pulled recovers nothing by itself', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await running.deliver(signal);
    running.world.evidence = {
      ...roleMissing,
      logs: known([{ ...pulledRow, atMs: nowMs + minute, text: `Successfully pulled image "${target.image}"` }]),
    };
    await running.pass(20 * minute);

    expect((await listRemediations(running.ports))[0]?.closed?.how).not.toBe('recovered');
  });

  it('a ready replica without the row is not called recovered either', async () => {
    const running = memory(config(), roleMissing, nowMs);
    await running.deliver(signal);
    running.world.evidence = { ...roleMissing, replicas: known([readyReplica]) };
    await running.pass(40 * minute);

    expect((await listRemediations(running.ports))[0]?.closed?.how).not.toBe('recovered');
  });
});
