// The pages for those who run it name things that are there.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { itemsOf } from './list.ts';

const pages = ['docs/operations.md', 'docs/security.md', 'README.md', 'docs/layout.md'];
const operations = readFileSync('docs/operations.md', 'utf8');
const security = readFileSync('docs/security.md', 'utf8');

describe.each(pages)('%s', (page) => {
  it('names files that are there', () => {
    const named = [...readFileSync(page, 'utf8').matchAll(/`((?:test|src|infra|local|examples)\/[\w./-]+\.\w+)/g)].map(
      ([, file]) => file ?? '',
    );

    expect(named.filter((file) => !existsSync(file))).toEqual([]);
  });
});

describe('operations', () => {
  it('describes each parameter of the templates that somebody has to think about', () => {
    const all = [...readFileSync('infra/main.bicep', 'utf8').matchAll(/^param (\w+)/gm)].map(([, name]) => name ?? '');
    // Somebody sets it through the environment; the page says so in the command.
    const plain = [
      'codeIsDeployed',
      'location',
      'name',
      'resourceGroupName',
      'tags',
      'instanceMemoryMB',
      'maximumInstances',
      'retentionDays',
    ];

    expect(
      all.filter(
        (name) => !plain.includes(name) && !operations.includes(`\`${name}`) && !operations.includes(`${name}=`),
      ),
    ).toEqual([]);
  });

  it('quotes the defaults that the app has', () => {
    const config = readFileSync('src/lib/settings/config.ts', 'utf8');
    const defaults = [...config.matchAll(/(\w+): (?:count|z\.number\(\)[^\n]*)\.default\((\d+)\)/g)].map(
      ([, name, value]) => `\`${name}\` ${value}`,
    );

    expect(defaults.length).toBeGreaterThan(7);
    expect(defaults.filter((said) => !operations.includes(said))).toEqual([]);
  });
});

describe('security', () => {
  it('names a test for each foothold but those that can do everything', () => {
    const section = /## What an attacker with a foothold can do\n([^]*?)\n## /.exec(security)?.[1] ?? '';
    const footholds = itemsOf(section).map(
      ({ title, said }) => `${title}: ${said['cannot, and what would fail'] ?? ''}`,
    );

    expect(footholds.length).toBeGreaterThan(6);
    expect(footholds.filter((line) => !/test\/|Owner of the subscription/.test(line))).toEqual([]);
  });
});
