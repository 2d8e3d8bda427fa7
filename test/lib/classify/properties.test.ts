// What holds for every text: an answer, the same one again, and the same one under a prefix or in another wrapping.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, labels } from '../../../src/lib/classify/classify.ts';
import { messages } from './messages.ts';

const pieces = messages.flatMap(({ text }) => text.split(/(?<=[ "'{[:,])/));

/** Nonsense that looks like the real thing: pieces of messages, and characters that mean something to a parser. */
const patchwork = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...pieces) },
      { weight: 1, arbitrary: fc.constantFrom('\\', '"', '\n', '\u001b[31m', '\0', '\u202e', '│', String.raw`\u0022`) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), patchwork);
const anyReason = fc.oneof(
  fc.constantFrom('ContainerTerminated', 'ImagePullUnauthorized', 'KEDAScalerFailed', 'PulledImage'),
  fc.string(),
);
const message = fc.constantFrom(...messages);

/** The dressed messages that get another label than the bare ones. */
function misread(dress: (text: string) => string): string[] {
  return messages
    .filter(({ label, text }) => classify(dress(text)).label !== label)
    .map(({ label, text }) => `${label}: ${dress(text)}`);
}

describe('any text', () => {
  it('gets one of the labels, by a rule', () => {
    fc.assert(
      fc.property(anyText, anyReason, anyReason, (text, reason, eventSource) => {
        const { label, rule } = classify(text, { reason, eventSource });

        expect(labels).toContain(label);
        expect(rule).toMatch(/^[a-z0-9-]+$/);
      }),
    );
  });

  it('gets the same answer again, whatever was read between', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, between) => {
        const first = classify(text);
        classify(between);

        expect(classify(text)).toEqual(first);
      }),
    );
  });

  it('hands over no control character, and few words', () => {
    fc.assert(
      fc.property(anyText, anyReason, (text, reason) => {
        const { words, image, registry, tag, identity, refusedIp } = classify(text, { reason });

        expect([words, image, registry, tag, identity, refusedIp].join('')).not.toMatch(/\p{C}/u);
        expect(words.length).toBeLessThanOrEqual(200);
      }),
    );
  });
});

const prefixes: readonly string[] = [
  '2026-06-01T02:00:00Z ',
  '2026-06-01T02:00:00.1234567Z  ',
  'Jun 01 02:00:00 aks-pool1-000001 containerd[1234]: ',
  'E0601 02:00:00.123456    1234 kuberuntime_image.go:55] ',
  'time="2026-06-01T02:00:00Z" level=error msg=',
  '[2026-06-01 02:00:00] ERROR: ',
  '2026-06-01 02:00:00 | orders--abc-5f6d-x1 | ',
  'Warning  Failed  3s (x2 over 10s)  kubelet  ',
  '##[error]',
  '\u001b[31mERROR\u001b[0m ',
  '> ',
  '• ',
];

describe('a message is read alike', () => {
  it.each(prefixes.map((prefix) => [prefix]))('behind %j', (prefix) => {
    expect(misread((text) => prefix + text)).toEqual([]);
  });

  it('behind several prefixes', () => {
    fc.assert(
      fc.property(message, fc.array(fc.constantFrom(...prefixes), { maxLength: 3 }), (sample, before) => {
        expect(classify(before.join('') + sample.text).label).toBe(sample.label);
      }),
    );
  });
});

const coded: readonly (readonly [string, string])[] = [
  ['"', String.raw`\u0022`],
  ["'", String.raw`\u0027`],
  ['+', String.raw`\u002B`],
  ['&', String.raw`\u0026`],
  ['<', String.raw`\u003C`],
  ['>', String.raw`\u003E`],
];

function withCodes(text: string): string {
  return coded.reduce((left, [plain, code]) => left.replaceAll(plain, code), text);
}

const wrappings: Readonly<Record<string, (text: string) => string>> = {
  'as a JSON string': (text) => JSON.stringify(text),
  'as a JSON string in a JSON string': (text) => JSON.stringify(JSON.stringify(text)),
  'without the quotes around its JSON': (text) => JSON.stringify(text).slice(1, -1),
  'with coded characters': withCodes,
  'with coded characters, escaped once more': (text) => withCodes(text).replaceAll('\\', '\\\\'),
  'as a line of the log stream': (text) =>
    JSON.stringify({
      TimeStamp: '2026-06-01 02:00:00 +0000 UTC',
      Type: 'Warning',
      ContainerAppName: 'orders',
      RevisionName: 'orders--abc',
      ReplicaName: 'orders--abc-5f6d-x1',
      Msg: text,
      Reason: 'ContainerTerminated',
      EventSource: 'ContainerAppController',
      Count: 1,
    }),
  'as a coded line of the log stream': (text) =>
    withCodes(JSON.stringify({ Msg: text })).replaceAll(String.raw`\u0022Msg\u0022`, '"Msg"'),
  'as an error of the activity log': (text) =>
    JSON.stringify({
      status: 'Failed',
      error: { code: 'ResourceOperationFailure', message: JSON.stringify({ error: { message: text } }) },
    }),
  'with Windows line breaks': (text) => `${text.replaceAll('\n', '\r\n')}\r\n`,
  'in the frame of Terraform': (text) => `╷\n│ Error: ${text.replaceAll('\n', '\n│ ')}\n│\n╵`,
  'in colour': (text) => `\u001b[1;31m${text}\u001b[0m`,
  'with entities': (text) =>
    text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  'with typographic quotes': (text) => text.replaceAll(/"([^"]*)"/g, '“$1”').replaceAll("'", '’'),
};

describe('a message keeps its label', () => {
  it.each(Object.entries(wrappings))('%s', (_, wrap) => {
    expect(misread(wrap)).toEqual([]);
  });

  it('in one wrapping within another, behind a prefix', () => {
    const wrapping = fc.constantFrom('as a JSON string', 'as an error of the activity log', 'with coded characters');
    fc.assert(
      fc.property(
        message,
        fc.array(wrapping, { maxLength: 2 }),
        fc.constantFrom(...prefixes),
        (sample, worn, before) => {
          const dressed = worn.reduce((text, name) => wrappings[name]?.(text) ?? text, sample.text);
          expect(classify(before + dressed).label).toBe(sample.label);
        },
      ),
    );
  });
});
