// How findings are shown: safe for a terminal, with the same members for programs, counted by kind.
import { describe, expect, it } from 'vitest';
import { block, type ClassifiedMessage, jsonLine, jsonObject } from '../../src/cli/report.ts';
import { classify } from '../../src/lib/classify/classify.ts';

const uncoloured = (_style: string, text: string): string => text;

function classified(text: string, line = 1): ClassifiedMessage {
  return { message: { kind: 'message', line, text, columns: {} }, suspicion: classify(text) };
}

const missing = (tag: string): string =>
  `Failed to pull image "acr1.azurecr.io/a:${tag}": acr1.azurecr.io/a:${tag}: not found: manifest unknown`;

describe('a text in the terminal', () => {
  it('is a block with the matched words, their meaning, what it names and the advice', () => {
    const lines = block(classified(missing('v1'), 7), uncoloured).split('\n');

    expect(lines[0]).toBe('manifest-unknown  line 7');
    for (const part of ['why', 'means', 'image    acr1.azurecr.io/a:v1', 'next     Check the spelling'])
      expect(lines.join('\n')).toContain(part);
  });
});

describe('an object for programs', () => {
  it('of one line has the same members always', () => {
    const members = ['id', 'suspicion', 'rule', 'image', 'registry', 'refused', 'httpStatus'];

    for (const text of [missing('v1'), 'listening on port 8080'])
      expect(Object.keys(JSON.parse(jsonLine(classified(text))) as object)).toEqual(members);
  });

  it('counts lines where the message has no id of its own', () => {
    const one = classified('hello', 9);

    expect(JSON.parse(jsonLine(one))).toMatchObject({ id: 9 });
    expect(JSON.parse(jsonLine({ ...one, message: { ...one.message, id: 'a' } }))).toMatchObject({ id: 'a' });
  });

  it('escapes what a terminal would obey, and still means the same', () => {
    const one = classified('hello');
    const text = jsonObject({ ...one, message: { ...one.message, id: '\u009b31m\u202e\u{e0001}' } });

    expect(text).toMatch(/^\P{C}+$/u);
    expect(JSON.parse(text)).toMatchObject({ id: '\u009b31m\u202e\u{e0001}' });
  });
});
