// The pipelines: valid YAML, pinned actions, least rights, and nothing of a caller in a script.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const files = [...globSync('.github/workflows/*.yml'), ...globSync('examples/github/*.yml')];
const step = z.strictObject({
  name: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.string()).optional(),
  shell: z.string().optional(),
  'working-directory': z.string().optional(),
});
const workflow = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.enum(['read', 'write'])),
  concurrency: z.unknown().optional(),
  jobs: z.record(
    z.string(),
    z.strictObject({
      needs: z.union([z.string(), z.array(z.string())]).optional(),
      if: z.string().optional(),
      'runs-on': z.string(),
      'timeout-minutes': z.number(),
      permissions: z.record(z.string(), z.string()).optional(),
      environment: z.string().optional(),
      env: z.record(z.string(), z.string()).optional(),
      steps: z.array(step).min(1),
    }),
  ),
});
const manifest = z.object({ scripts: z.record(z.string(), z.string()) });
const { scripts } = manifest.parse(JSON.parse(readFileSync('package.json', 'utf8')));

describe.each(files)('%s', (file) => {
  const text = readFileSync(file, 'utf8');
  const { jobs, permissions } = workflow.parse(parse(text));
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  it('pins every action to a commit, and says which version that is', () => {
    const uses = [...text.matchAll(/uses: (.*)/g)].map(([, used]) => used ?? '');

    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter((used) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(used))).toEqual([]);
  });

  it('may read and no more, but for the one thing that it is for', () => {
    expect(
      Object.entries(permissions)
        .filter(([, right]) => right === 'write')
        .map(([name]) => name),
    ).toEqual(file.startsWith('examples/') ? ['id-token'] : []);
  });

  it('puts no value from outside into a script', () => {
    expect(steps.flatMap((one) => one.run ?? []).filter((script) => script.includes('${{'))).toEqual([]);
  });

  it('keeps no password: neither a stored secret nor the token of the checkout', () => {
    expect(text).not.toMatch(/secrets\./);
    for (const one of steps.filter((used) => used.uses?.startsWith('actions/checkout') === true))
      expect(one.with?.['persist-credentials']).toBe(false);
  });

  it('runs scripts and reads files that are there', () => {
    const script = steps.flatMap((one) => one.run ?? []).join('\n');
    const run = [...script.matchAll(/npm run (?:--silent )?([\w-]+)/g)].map(([, name]) => name ?? '');
    const read = [...script.matchAll(/\binfra\/[\w./-]+\.(?:bicep|bicepparam|sh)\b/g)].map(([path]) => path);

    expect(run.filter((name) => !(name in scripts))).toEqual([]);
    expect(read.filter((path) => !existsSync(path))).toEqual([]);
  });
});

describe('azure.yaml', () => {
  const azd = z
    .object({
      infra: z.object({ path: z.string(), module: z.string() }),
      services: z.record(
        z.string(),
        z.object({
          host: z.literal('function'),
          dist: z.string(),
          remoteBuild: z.literal(false),
          hooks: z.record(z.string(), z.object({ run: z.string() })),
        }),
      ),
      hooks: z.record(z.string(), z.object({ run: z.string() })),
    })
    .parse(parse(readFileSync('azure.yaml', 'utf8')));

  it('deploys the templates and the folder that `npm run package` makes', () => {
    expect(existsSync(`${azd.infra.path}/${azd.infra.module}.bicep`)).toBe(true);
    expect(azd.services['pullmedic']?.dist).toBe('release/app');
    expect(azd.services['pullmedic']?.hooks['prepackage']?.run).toContain('npm run package');
    expect(readFileSync('tools/package.ts', 'utf8')).toContain("?? 'release'");
  });

  it('hands its hooks the outputs and variables that the templates know', () => {
    const used = Object.values(azd.hooks).flatMap((hook) =>
      [...hook.run.matchAll(/\$\{?([A-Z_]{4,})/g)].map(([, name]) => name ?? ''),
    );
    const known = readFileSync('infra/main.bicep', 'utf8') + readFileSync('infra/main.bicepparam', 'utf8');

    // The name of the registration is the user's choice; the hook has a default.
    expect(used.filter((name) => !known.includes(name) && name !== 'PULLMEDIC_SIGN_IN_NAME')).toEqual([]);
  });
});
