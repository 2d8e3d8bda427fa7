// The promises name tests and scenarios: all of them exist, and a scenario that is said to end in a way expects that.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { itemsOf } from './list.ts';

const text = readFileSync('docs/promises.md', 'utf8');

function section(title: string): string {
  return text.split('\n## ').find((part) => part.startsWith(title)) ?? '';
}

function scenariosIn(line: string): string[] {
  return [...line.matchAll(/`([\w-]+)`/g)].flatMap(([, name = '']) =>
    existsSync(`local/scenarios/${name}.yaml`) ? [readFileSync(`local/scenarios/${name}.yaml`, 'utf8')] : [],
  );
}

const rows = section('When the cause clears')
  .split('\n')
  .filter((line) => /^\| (?!-|what|how)/.test(line));

describe('docs/promises.md', () => {
  it('names only tests that exist', () => {
    const files = [...text.matchAll(/`((?:test|local)\/[\w/.-]+\.\w+)`/g)].map(([, file = '']) => file);

    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  it('names only scenarios that exist in what clears and in how it ends', () => {
    const names = rows.flatMap((line) => [...line.matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)].map(([, name = '']) => name));

    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !existsSync(`local/scenarios/${name}.yaml`))).toEqual([]);
  });

  it('or the page of coverage names every scenario', () => {
    const coverage = readFileSync('docs/coverage.md', 'utf8');
    const names = readdirSync('local/scenarios').flatMap((file) => /^(.+)\.yaml$/.exec(file)?.[1] ?? []);
    const unnamed = names.filter(
      (name) => !text.includes(`\`${name}\``) && !coverage.includes(`scenarios/${name}.yaml`),
    );

    expect(names.length).toBeGreaterThan(100);
    expect(unnamed).toEqual([]);
  });

  it('shows by tests and scenarios that exist that what was broken before is not any more', () => {
    const broken = itemsOf(section('What was broken before')).map(({ said }) => said);
    const shown = broken.map((one) => [...(one['shown by'] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
    const exists = (name: string): boolean => existsSync(name) || existsSync(`local/scenarios/${name}.yaml`);

    expect(broken.length).toBeGreaterThan(20);
    expect(broken.filter((one) => one['broken before'] === undefined)).toEqual([]);
    expect(shown.filter((names) => names.length === 0)).toEqual([]);
    expect(shown.flat().filter((name) => !exists(name))).toEqual([]);
  });

  it.each(rows.slice(0, 9))('%s: the scenario recovers and its incident closes', (line) => {
    expect(scenariosIn(line)).not.toEqual([]);
    for (const scenario of scenariosIn(line)) {
      expect(scenario).toContain('ended: recovered');
      // Where a person was quicker than the grant, pullmedic asked no one.
      expect(scenario).toMatch(/incident: resolved|when: pullmedic-grants/);
    }
  });

  it.each(rows.filter((line) => /^\| `(?:withdrawn|unproven)`/.test(line)))('%s: the scenario ends so', (line) => {
    const [, how = ''] = /^\| `(\w+)`/.exec(line) ?? [];
    expect(scenariosIn(line)).not.toEqual([]);
    for (const scenario of scenariosIn(line)) expect(scenario).toContain(`ended: ${how}`);
  });
});
