// A scenario file: every built-in one is valid, and a mistake is refused with its line.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BadScenario, parseScenario } from '../../../local/scenarios/schema.ts';

describe('a scenario file', () => {
  const minimal = readFileSync('local/scenarios/missing-acrpull-user-assigned.yaml', 'utf8');

  it.each(readdirSync('local/scenarios').filter((file) => file.endsWith('.yaml')))(
    'that is built in is valid: %s',
    (file) => {
      expect(parseScenario(readFileSync(`local/scenarios/${file}`, 'utf8'), file).name).toBe(file.replace('.yaml', ''));
    },
  );

  it.each<[string, (text: string) => string, RegExp]>([
    [
      'an unknown member',
      (text) => text.replace('pullIdentity:', 'pulIdentity:'),
      /x\.yaml:16: world\.apps\.0\.pulIdentity is not known; did you mean "pullIdentity"\?/,
    ],
    [
      'a name that nothing has',
      (text) => text.replace('environment: cae-shop', 'environment: cae-other'),
      /x\.yaml:15: there is no environment named "cae-other"/,
    ],
    ['a bad duration', (text) => `${text}\nuntil: soon\n`, /"soon" is not a duration like 90s, 10m or 1h30m/],
    [
      'two containers of one name',
      (text) => text.replace(/^( +)- image: (.*)$/m, '$1- image: $2\n$1- { image: $2, init: true }'),
      /x\.yaml:\d+: ca-orders has two containers named "app": give each container a name of its own/,
    ],
    ['broken YAML', (text) => `${text}\n  - ]`, /x\.yaml:\d+: /],
    ['a mode that does not exist', (text) => text.replace('mode: act', 'mode: yolo'), /x\.yaml:\d+: pullmedic\.mode/],
  ])('with %s is refused with its line', (_, spoil, message) => {
    expect(() => parseScenario(spoil(minimal), 'x.yaml')).toThrow(BadScenario);
    expect(() => parseScenario(spoil(minimal), 'x.yaml')).toThrow(message);
  });

  it.each(['job-first-container-blocks', 'container-group-two-images-restarted'])(
    'with two containers of one name is refused for a job and for a container group too: %s',
    (name) => {
      const text = readFileSync(`local/scenarios/${name}.yaml`, 'utf8').replace(
        /name: proxy, image/,
        'name: NAME, image',
      );
      const taken = /- \{ name: (\S+), image/.exec(text)?.[1] ?? '';

      expect(parseScenario(text.replace('NAME', 'another'), 'x.yaml').name).toBe('x');
      expect(() => parseScenario(text.replace('NAME', taken), 'x.yaml')).toThrow(
        new RegExp(`x\\.yaml:\\d+: \\S+ has two containers named "${taken}"`),
      );
    },
  );
});
