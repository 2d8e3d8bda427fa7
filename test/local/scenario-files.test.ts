// Scenario files as a product: the schema that editors read is the one that the player uses.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BadScenario, parseScenario, readScenario } from '../../local/scenarios/schema.ts';
import { scenarioJsonSchema } from '../../tools/scenario-schema.ts';

const files = [
  ...readdirSync('local/scenarios')
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => `local/scenarios/${file}`),
  ...readdirSync('docs/examples').map((file) => `docs/examples/${file}`),
];

describe('the JSON Schema', () => {
  it('is current; if not: node tools/scenario-schema.ts > docs/scenario.schema.json', () => {
    expect(readFileSync('docs/scenario.schema.json', 'utf8')).toBe(scenarioJsonSchema());
  });

  it('is named by every file, so that an editor checks it', () => {
    for (const file of files)
      expect(`${file}\n${readFileSync(file, 'utf8')}`).toMatch(
        /yaml-language-server: \$schema=\S*scenario\.schema\.json/,
      );
  });
});

describe('the documentation', () => {
  const text = readFileSync('docs/scenarios.md', 'utf8');

  it('knows every event', () => {
    const events = [
      ...scenarioJsonSchema().matchAll(/"do": \{\s+"type": "string",\s+"(?:const": "([\w-]+)"|enum": \[([^\]]+)\])/g),
    ];
    const names = events.flatMap(([, one, many = '']) => one ?? [...many.matchAll(/[\w-]+/g)].map(([name]) => name));

    expect(names.length).toBeGreaterThan(15);
    for (const name of names) expect(text).toContain(`\`${name}\``);
  });

  it('its file is one that can be played', () => {
    const [, yaml = ''] = /```yaml\n([^`]+)```/.exec(text) ?? [];

    expect(parseScenario(yaml, 'docs/scenarios.md').expect.remediations).toHaveLength(1);
  });
});

describe('a scenario file', () => {
  it.each(files)('%s can be read', async (file) => {
    expect((await readScenario(file)).summary).not.toBe('');
  });

  const minimal = `summary: x
world:
  environments: [{ name: cae }]
  apps: [{ name: ca, environment: cae, containers: [{ image: a.azurecr.io/b:1 }] }]
pullmedic: { mode: act }
expect: { remediations: [] }
`;

  it.each([
    ['a member that is unknown', 'mode: act', 'mood: act', /f\.yaml:5: .*mood is not known.*did you mean "mode"/],
    ['a name that is not declared', 'environment: cae', 'environment: caf', /f\.yaml:4: .*no environment named "caf"/],
    ['a duration that is none', 'pullmedic:', 'until: soon\npullmedic:', /f\.yaml:5: .*"soon" is not a duration/],
    ['YAML that is none', 'summary: x', 'summary: "x', /^f\.yaml:\d+: /],
  ])('with %s is refused with its line', (_what, from, to, sentence) => {
    expect(() => parseScenario(minimal, 'f.yaml')).not.toThrow();
    expect(() => parseScenario(minimal.replace(from, to), 'f.yaml')).toThrow(BadScenario);
    expect(() => parseScenario(minimal.replace(from, to), 'f.yaml')).toThrow(sentence);
  });
});

describe('a file that is too large to be one', () => {
  const refused = (text: string): string => {
    try {
      parseScenario(text, 'large.yaml');
      return 'read';
    } catch (error) {
      if (error instanceof BadScenario) return error.message;
      throw error;
    }
  };

  it('has more than a million characters', () => {
    expect(refused('#'.repeat(1_000_001))).toContain('longer than a million characters');
    expect(refused('#'.repeat(1_000_000))).not.toContain('longer');
  });

  it('nests deeper than forty levels', () => {
    expect(refused(`summary: ${'['.repeat(41)}`)).toContain('deeper than 40 levels');
    expect(refused(`summary: ${'['.repeat(40)}`)).not.toContain('deeper');
  });

  it('has names that stand for more than a hundred others', () => {
    const twice = (name: string, of: string): string => `${name}: &${name} [*${of}, *${of}]`;
    const text = ['a: &a [x, x]', ...'bcdefghij'.split('').map((name, at) => twice(name, 'abcdefghi'[at] ?? ''))].join(
      '\n',
    );

    expect(refused(text)).toContain('alias');
  });
});
