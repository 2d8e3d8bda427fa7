import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryFiles, loadApp } from '../../../local/host/load.ts';
import { appFile, forgetLoaded, run } from './harness.ts';

beforeEach(forgetLoaded);
afterEach(() => {
  delete process.env['LOADING_CASE'];
});

async function load(name: string): ReturnType<typeof loadApp> {
  process.env['LOADING_CASE'] = name;
  return loadApp([appFile('loading')], () => undefined);
}

describe('an app that Azure would not run, or would run without functions', () => {
  it.each([
    [
      '1. a throw before a registration would be an app without functions',
      'throws before',
      /before it registered a function.*would look like an app without functions: broken at import/,
    ],
    ['1. an app that registers nothing looks healthy', 'registers nothing', /registered no functions.*look healthy/],
    [
      '2. a throw after a registration fails all functions',
      'throws after',
      /while it registered its functions.*none of them.*broken halfway/,
    ],
    ['3. two functions of one name fail the import', 'same name', /"same" has already been registered/],
    [
      '3. names that differ only in case are one name to the host',
      'same name but for case',
      /named "SAME".*without case/,
    ],
    ['3. a bad name passes the worker, not the host', 'bad name', /"bad name!" is not a valid function name/],
    ['10. the same binding twice in one function fails the import', 'same binding twice', /Duplicate bindings found/],
    ['38. a hook of the log is not there', 'log hook', /Log hooks require Azure Functions Host v4.34/],
  ])('%s', async (_rule, name, reason) => {
    await expect(load(name)).rejects.toThrow(reason);
  });
});

describe('what is not modelled is refused at start', () => {
  it.each([
    ['other trigger', /cosmosDBTrigger is not modelled/],
    ['queue output', /binding type queue \(output\) is not modelled/],
    ['blob input', /binding type blob \(input\) is not modelled/],
    ['retry policy', /retry policies are not modelled/],
    ['streaming', /HTTP streaming is not modelled/],
    ['many events', /cardinality "many" is not modelled/],
  ])('%s', async (name, reason) => {
    await expect(load(name)).rejects.toThrow(reason);
  });

  it.each([
    ['strange route', /route part \{x:regex\(\^1\$\)\} is not modelled/],
    ['strange schedule', /is not a schedule of six fields/],
    ['setting is missing', /needs the setting NOWHERE/],
    ['start hook throws', /not today/],
  ])('%s', async (name, reason) => {
    process.env['LOADING_CASE'] = name;

    await expect(run('loading')).rejects.toThrow(reason);
  });
});

describe('a loaded app', () => {
  it('4. cannot register anything after it was indexed', async () => {
    const { host, base } = await run('late');

    expect(await (await fetch(`${base}/api/registers-late`)).text()).toBe(
      'A function can only be registered during app startup.',
    );
    await host.stop();
  });
});

describe('8. "main" of package.json', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'pullmedic-'));
    await mkdir(join(root, 'dist'));
    await writeFile(join(root, 'dist', 'b.cjs'), '');
    await writeFile(join(root, 'dist', 'a.cjs'), '');
  });
  afterEach(() => rm(root, { recursive: true }));

  it('is a glob; every file that matches is loaded', async () => {
    await writeFile(join(root, 'package.json'), '{"main":"dist/*.cjs"}');

    expect(await entryFiles(root)).toEqual([join(root, 'dist', 'a.cjs'), join(root, 'dist', 'b.cjs')]);
  });

  it.each([
    ['that matches nothing', '{"main":"build/*.cjs"}', /No file matches "main".*is the app built/],
    ['that is missing', '{}', /has no "main"/],
  ])('%s is refused, where Azure would show no functions', async (_what, text, reason) => {
    await writeFile(join(root, 'package.json'), text);

    await expect(entryFiles(root)).rejects.toThrow(reason);
  });
});
