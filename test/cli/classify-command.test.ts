// The command as people run it: formats go in, findings come out, and nothing of a text reaches the terminal as a command.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'pullmedic-'));
afterAll(() => rmSync(folder, { recursive: true }));

function pullmedic(
  args: readonly string[],
  input: string | Buffer = '',
): { status: number | null; stdout: string; stderr: string } {
  const env = { PATH: process.env['PATH'], NO_COLOR: undefined };
  return spawnSync(process.execPath, ['tools/pullmedic.cjs', ...args], { input, encoding: 'utf8', env });
}

const firewall =
  'Image acr1shop.azurecr.io/a:v1 not found in registry. ErrorMessage=Image not found or access denied. Error: {"errors":[{"code":"DENIED","message":"client with IP \'20.1.2.3\' is not allowed access"}]}';

describe('pullmedic classify', () => {
  it('says the label, why, what the text names and what to do', () => {
    const { status, stdout } = pullmedic(['classify'], firewall);

    expect(status).toBe(0);
    expect(stdout).toMatch(/^firewall/);
    for (const part of [
      'acr1shop.azurecr.io/a:v1',
      '20.1.2.3',
      'rule acr-firewall',
      'Allow 20.1.2.3 in the network rules',
    ])
      expect(stdout).toContain(part);
  });

  it('shows a repeated message once and counts it', () => {
    const { stdout } = pullmedic(['classify', '--lines'], `${firewall}\n`.repeat(50));

    expect(stdout.match(/^firewall/gm)).toHaveLength(1);
    expect(stdout).toContain('50 messages, 50 of them about a pull that failed');
  });

  it('answers for a single message that is about something else', () => {
    expect(pullmedic(['classify'], 'listening on port 8080').stdout).toMatch(/^not-a-pull-failure/);
    expect(pullmedic(['classify'], '').stdout).toBe('There is no message in it.\n');
  });

  it('--jsonl prints one line for each, with the same members always', () => {
    const { stdout, stderr, status } = pullmedic(
      ['classify', '--jsonl'],
      `${JSON.stringify({ id: 'a', text: firewall })}\nbroken\n{"id":7,"text":"hello"}`,
    );

    expect(
      stdout
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toEqual([
      {
        id: 'a',
        suspicion: 'firewall',
        rule: 'acr-firewall',
        image: 'acr1shop.azurecr.io/a:v1',
        registry: 'acr1shop.azurecr.io',
        refused: null,
        httpStatus: null,
      },
      {
        id: 7,
        suspicion: 'not-a-pull-failure',
        rule: 'nothing-matched',
        image: null,
        registry: null,
        refused: null,
        httpStatus: null,
      },
    ]);
    expect([stderr, status]).toEqual(['pullmedic: line 2 is not JSON.\n', 1]);
  });

  it('--jsonl says that a push or a build was refused, and which status the registry gave', () => {
    const text = 'docker push acr1shop.azurecr.io/a:v1: denied: 403 Forbidden';

    expect(JSON.parse(pullmedic(['classify', '--jsonl'], JSON.stringify({ id: 'a', text })).stdout)).toMatchObject({
      refused: 'push',
      httpStatus: 403,
    });
  });

  it.each([
    ['gzip', gzipSync(firewall), /line 1 is not text but gzip/],
    ['UTF-16 without its mark', Buffer.from(`${firewall}\n`.repeat(2), 'utf16le'), /line 1 is UTF-16 without a mark/],
    ['a message whose middle is not read', Buffer.from(`${firewall} ${'x'.repeat(20_000)}`), /16 KiB/],
    [
      'a bracket that never closes',
      Buffer.from(`{"Msg":"cut\n2026-11-02 ${firewall}`),
      /line 1 begins JSON that never ends/,
    ],
  ])('says what it could not read, with exit code 1: %s', (_what, input, sentence) => {
    const { status, stderr } = pullmedic(['classify'], input);

    expect(status).toBe(1);
    expect(stderr).toMatch(sentence);
  });

  it('--json prints one array, an empty one too', () => {
    expect(JSON.parse(pullmedic(['classify', '--json'], firewall).stdout)).toMatchObject([
      {
        line: 1,
        label: 'firewall',
        refusedIp: '20.1.2.3',
        runbook: 'docs/runbooks/registry-firewall.md',
        command: 'az acr network-rule list --name acr1shop',
      },
    ]);
    expect(JSON.parse(pullmedic(['classify', '--json']).stdout)).toEqual([]);
  });

  it('never lets a text command the terminal, and prints no colours into a pipe', () => {
    const nasty = `\u001b]0;title\u0007\u001b[31mFailed to pull image "r.io/a:1\u009b31m": \u001b[2J\u202eunauthorized: \u0000denied`;

    for (const form of [[], ['--json'], ['--jsonl'], ['--all']]) {
      const input =
        form[0] === '--jsonl' ? JSON.stringify({ id: 'x\u001b[31m\u009b31m\u202e\u{e0001}', text: nasty }) : nasty;
      const { stdout } = pullmedic(['classify', ...form], input);
      // Line breaks are ours; any other control or format character would be the text's.
      expect(stdout.replaceAll('\n', '')).toMatch(/^\P{C}+$/u);
    }
  });

  it('--exit-code tells a script that a pull failed', () => {
    expect(pullmedic(['classify', '--exit-code'], firewall).status).toBe(3);
    expect(pullmedic(['classify', '--exit-code'], 'all is well').status).toBe(0);
  });

  it('reads a file', () => {
    const file = join(folder, 'log.txt');
    writeFileSync(file, firewall);

    expect(pullmedic(['classify', file]).stdout).toMatch(/^firewall/);
  });

  it.each([
    ['a file that is not there', ['classify', '/no/such/file'], /no such file: \/no\/such\/file$/m],
    ['a directory', ['classify', '.'], /directory/],
    ['an unknown option', ['classify', '--jsn'], /Unknown option '--jsn'/],
    ['two files', ['classify', 'a', 'b'], /takes one word/],
    ['two forms', ['classify', '--json', '--jsonl'], /exclude each other/],
  ])('refuses %s in one sentence', (_what, args, sentence) => {
    const { status, stderr, stdout } = pullmedic(args);

    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
