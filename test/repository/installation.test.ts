// What an installation brings and prints: read from package.json, package-lock.json and .npmrc (docs/decisions/0005-quiet-installation.md).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const versions = z.record(z.string(), z.string()).default({});
const manifestShape = z.object({ dependencies: versions, devDependencies: versions, optionalDependencies: versions });
const manifest = manifestShape.parse(read('package.json'));
const ofMutation = manifestShape.parse(read('tools/mutation/package.json'));

const locked = z
  .object({
    packages: z.record(
      z.string(),
      z.object({
        resolved: z.string().optional(),
        link: z.boolean().optional(),
        hasInstallScript: z.boolean().optional(),
      }),
    ),
  })
  .parse(read('package-lock.json')).packages;

/** Packages that a dependency names and that nothing here uses. A link to tools/not-installed stands in their place. */
const notInstalled = [
  '@azure/msal-browser',
  'applicationinsights',
  'lightningcss',
  'mysql2',
  'sequelize',
  'tedious',
] as const;

/** Packages that have an install script and work without it: both bring their binary, or a build for each platform. */
const worksWithoutItsScript = ['esbuild', 'tree-sitter-bicep'] as const;

describe('an installation', () => {
  it.each(notInstalled)('does not bring %s', (name) => {
    const places = Object.entries(locked).filter(([place]) => packageAt(place) === name);

    expect(places).not.toEqual([]);
    expect(places.filter(([, entry]) => entry.link !== true || entry.resolved !== 'tools/not-installed')).toEqual([]);
  });

  it('brings nothing that only telemetry, a SQL database or the mutation run would need', () => {
    const needless =
      /^(@stryker-mutator\/|@opentelemetry\/(?!api$)|@azure\/monitor-opentelemetry|@js-joda\/|@grpc\/|protobufjs$|moment)/;

    expect(
      Object.keys(locked)
        .map(packageAt)
        .filter((name) => needless.test(name)),
    ).toEqual([]);
  });

  it('links to nothing but the stand-in, which is in the repository', () => {
    const targets = Object.values(locked).flatMap((entry) => (entry.link === true ? [entry.resolved] : []));

    expect(new Set(targets)).toEqual(new Set(['tools/not-installed']));
  });

  it('runs no script of a package, and every package that has one works without', () => {
    const withScript = Object.entries(locked).flatMap(([place, entry]) =>
      entry.hasInstallScript === true ? [packageAt(place)] : [],
    );

    expect(settings('.npmrc')).toContain('ignore-scripts=true');
    expect(settings('tools/mutation/.npmrc')).toContain('ignore-scripts=true');
    expect(withScript.filter((name) => !worksWithoutItsScript.some((known) => known === name))).toEqual([]);
  });

  it('shows errors, and hides warnings', () => {
    expect(settings('.npmrc')).toContain('loglevel=error');
    expect(settings('.npmrc')).not.toContain('engine-strict=true');
  });

  it('has an exact version of everything that package.json names', () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    const all = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    const standIns = all.filter(([, version]) => version === 'file:tools/not-installed').map(([name]) => name);

    expect(standIns).toEqual([...notInstalled]);
    const others = [...all.filter(([name]) => !standIns.includes(name)), ...Object.entries(ofMutation.dependencies)];
    expect(others.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The lines of a .npmrc that set something. */
function settings(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes('=') && !line.startsWith(';'));
}

/** `node_modules/a/node_modules/@b/c` is the place of `@b/c`. */
function packageAt(place: string): string {
  return place.split('node_modules/').at(-1) ?? '';
}
