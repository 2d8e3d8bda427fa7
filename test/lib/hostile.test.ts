// Every edge gets what somebody else wrote. None of it may throw, become a change, or come out as more than it was.
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadScenario, parseScenario } from '../../local/scenarios/schema.ts';
import { kqlString, systemLogsQuery } from '../../src/lib/azure/logs.ts';
import { BadConfig, parseConfig } from '../../src/lib/config.ts';
import { html } from '../../src/lib/console/html.ts';
import { known } from '../../src/lib/fact.ts';
import { readAlert, readEvent, readOperatorSignal, readQueuedSignal } from '../../src/lib/signal.ts';
import { readStep } from '../../src/lib/step.ts';
import { listRemediations } from '../../src/lib/views.ts';
import { config, minute, nowMs, pulledRow, readyReplica, registryId, roleMissing, signal, target } from './facts.ts';
import { memory } from './memory-ports.ts';

const payloads = readdirSync('test/fixtures/signals')
  .filter((file) => file.endsWith('.json'))
  .map((file): unknown => JSON.parse(readFileSync(`test/fixtures/signals/${file}`, 'utf8')));

/** A real payload in which one member, anywhere, is something else. */
function spoiled(value: unknown, path: number[], by: unknown): unknown {
  const [at = 0, ...rest] = path;
  if (typeof value !== 'object' || value === null || path.length === 0) return by;
  const keys = Object.keys(value);
  const key = keys[at % Math.max(1, keys.length)];
  if (key === undefined) return by;
  const copy: Record<string, unknown> = Array.isArray(value) ? (Array.from<unknown>(value) as never) : { ...value };
  copy[key] = spoiled(copy[key], rest, by);
  return copy;
}

const nasty = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '__proto__',
    '../../x',
    '" | drop table',
    '<script>',
    '${7*7}',
    '\u0000',
    '9'.repeat(400),
    Number.NaN,
    -1,
  ),
);
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

  it('an event is read or refused with a reason, never thrown at', () => {
    fc.assert(
      fc.property(anything, (body) => {
        const read = readEvent(body, undefined);
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

describe('injection', () => {
  it('no value leaves its KQL string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const literal = kqlString(value);

        expect(literal).toMatch(/^"(?:[ !#-[\]-~]|\\u[0-9a-f]{4})*"$/);
        expect(JSON.parse(literal)).toBe(value);
        expect(systemLogsQuery(value, new Date(nowMs)).split('\n')).toHaveLength(
          systemLogsQuery('a', new Date(nowMs)).split('\n').length,
        );
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
  it('a principal, a registry or a link in an alert changes nothing: only the app is looked up, in Azure', () => {
    const [alert] = payloads.filter((one) => JSON.stringify(one).includes('Log Alerts V2'));
    const forged = JSON.parse(
      JSON.stringify(alert).replace('"essentials":{', '"essentials":{"principalId":"evil","registryId":"evil",'),
    ) as unknown;

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
