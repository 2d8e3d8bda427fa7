// The short form of `npm run storm`: 200 alerts for 20 apps through the deployed bundle, real queues and tables.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

it('a storm of alerts loses nothing, does nothing twice and opens one incident for a root cause', {
  timeout: 900_000,
}, async () => {
  const port = String(20_000 + (process.pid % 100) * 100 + 90);
  const sizes = ['--signals', '200', '--apps', '20', '--registries', '5', '--minutes', '2'];

  const { stdout } = await run(process.execPath, ['tools/storm.ts', ...sizes, '--port', port]).catch(
    (error: { stdout: string }) => error,
  );

  expect(stdout).toContain('lost 0, twice 0');
  expect(stdout).toMatch(/registry-firewall on crstorm01\.azurecr\.io: 6 apps/);
  expect(stdout).not.toContain('BROKEN');
});
