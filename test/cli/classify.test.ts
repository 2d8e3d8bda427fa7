// The command as people run it: formats go in, findings come out, and nothing of a text reaches the terminal as a command.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { adviceFor } from '../../src/cli/advice.ts';
import { type Line, linesOf } from '../../src/cli/lines.ts';
import { type Found, labelledLines, type Message, messagesIn, type Splitting } from '../../src/cli/messages.ts';
import { classify } from '../../src/lib/classify/classify.ts';

async function* streamOf(...chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

async function collect<T>(all: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const one of all) collected.push(one);
  return collected;
}

async function found(text: string, splitting: Splitting = 'auto'): Promise<Found[]> {
  return collect(messagesIn(linesOf(streamOf(text)), splitting));
}

async function texts(text: string, splitting: Splitting = 'auto'): Promise<string[]> {
  return (await found(text, splitting)).flatMap((one) => (one.kind === 'message' ? [one.text] : []));
}

describe('lines', () => {
  it.each([
    [
      'UTF-8 in pieces that cut a character',
      [Buffer.from('a\nü').subarray(0, 3), Buffer.from('ü').subarray(1)],
      ['a', 'ü'],
    ],
    ['UTF-16 as PowerShell writes it', [Buffer.from('\ufeffa\r\nb\r\n', 'utf16le')], ['a', 'b']],
    ['a mark in front', [Buffer.from('\ufeffa\n')], ['a']],
    ['empty lines and no line break at the end', [Buffer.from('a\n\nb')], ['a', '', 'b']],
    ['nothing', [], []],
  ])('%s', async (_what, chunks, expected) => {
    const lines: Line[] = await collect(linesOf(streamOf(...chunks)));

    expect(lines.map((line) => line.text)).toEqual(expected);
  });
});

describe('the advice on a push or a build', () => {
  const on = (text: string): string => adviceFor(classify(text));
  const denied = "denied: client with IP '20.1.2.3' is not allowed access";

  it('names what it is, the address and the registry', () => {
    expect(on(`docker push crprod.azurecr.io/web:v3: ${denied}`)).toMatch(
      /^This is a push.+ 20\.1\.2\.3 .+crprod\.azurecr/,
    );
    expect(on(`az acr build -r crprod https://crprod.azurecr.io/v2/: ${denied}`)).toMatch(
      /^This is a build.+crprod\.azurecr\.io refused 20\.1\.2\.3.+agent pool/,
    );
  });

  it('names the role, or the sign-in, where no address was refused', () => {
    expect(on('failed to push crprod.azurecr.io/web:v3: 403 Forbidden')).toContain('AcrPush on crprod.azurecr.io');
    expect(on('failed to solve: crprod.azurecr.io/base:1: 401 Unauthorized')).toContain('Sign in to crprod.azurecr.io');
  });
});

describe('the messages of a log', () => {
  it('rows of the log stream, one JSON object a line, with the columns that matter', async () => {
    const stream =
      '{"TimeStamp":"x","Msg":"one","Reason":"ImagePullUnauthorized","Type":"Normal","EventSource":"ContainerAppController"}\n{"Msg":"two","Reason":null}\n';

    expect(await found(stream)).toEqual([
      {
        kind: 'message',
        line: 1,
        text: 'one',
        columns: { reason: 'ImagePullUnauthorized', type: 'Normal', eventSource: 'ContainerAppController' },
      },
      { kind: 'message', line: 2, text: 'two', columns: {} },
    ]);
  });

  it.each([
    ['rows of Log Analytics', [{ Log_s: 'one', Reason_s: 'A' }, { Log_s: 'two' }]],
    ['rows of Azure Monitor', [{ Log: 'one', Reason: 'A' }, { Log: 'two' }]],
    ['rows within an object', { row_count: 2, rows: [{ Log_s: 'one' }, { Log_s: 'two' }] }],
    [
      'the answer of the query API',
      {
        tables: [
          {
            columns: [{ name: 'Reason_s' }, { name: 'Log_s' }],
            rows: [
              ['A', 'one'],
              ['B', 'two'],
            ],
          },
        ],
      },
    ],
    ['events of Kubernetes', { kind: 'List', items: [{ reason: 'Failed', message: 'one' }, { note: 'two' }] }],
  ])('%s, on one line or many', async (_what, value) => {
    expect(await texts(JSON.stringify(value))).toEqual(['one', 'two']);
    expect(await texts(JSON.stringify(value, null, 2))).toEqual(['one', 'two']);
    expect(await texts(JSON.stringify(value, null, 4))).toEqual(['one', 'two']);
  });

  it('the body of an error is a text by itself', async () => {
    const body = '{"errors":[{"code":"DENIED","message":"client with IP"}]}';

    expect(await texts(body)).toEqual([body]);
  });

  it('a JSON row that was cut does not swallow the rows after it', async () => {
    expect(await texts('{"Msg":"cut {\n{"Msg":"two"}\n')).toEqual(['{"Msg":"cut {', 'two']);
  });

  it('a CSV export, with quotes and line breaks inside', async () => {
    const csv =
      '\ufeff"TimeGenerated [UTC]",Reason_s,Log_s\r\n1,ContainerTerminated,"a ""quoted""\nlog"\r\n2,PulledImage,b\r\n';

    expect(await found(csv)).toMatchObject([
      { line: 2, text: 'a "quoted"\nlog', columns: { reason: 'ContainerTerminated' } },
      { line: 4, text: 'b' },
    ]);
  });

  it('a CSV row that never ends is read as text, with a word about it', async () => {
    expect(await found('Reason,Log\nA,"one\n')).toMatchObject([
      { kind: 'problem', line: 2 },
      { kind: 'message', text: 'A,"one' },
    ]);
  });

  it('rows of kubectl, with reason and type', async () => {
    const rows =
      '  Warning  Failed   3s (x2 over 10s)  kubelet  Error: ErrImagePull\n2m   Normal  Pulling  pod/a  Pulling image "x"\n';

    expect(((await found(rows)) as Message[]).map((one) => one.columns)).toEqual([
      { type: 'Warning', reason: 'Failed' },
      { type: 'Normal', reason: 'Pulling' },
    ]);
  });

  it('a message that was wrapped is put together, one that begins anew is not', async () => {
    expect(
      await texts(
        'Error: ACR returned\nerror status: 403 for\nIP 1.2.3.4.\nContainer crashed.\n\n2026-01-01 x\n2026-01-01 y',
      ),
    ).toEqual([
      'Error: ACR returned\nerror status: 403 for\nIP 1.2.3.4.',
      'Container crashed.',
      '2026-01-01 x',
      '2026-01-01 y',
    ]);
  });

  it('a long list of lines is a list of messages', async () => {
    expect(await texts('something\n'.repeat(100))).toHaveLength(100);
  });

  it('every line, or all of it, when told so', async () => {
    expect(await texts('a\n\nb', 'lines')).toEqual(['a', 'b']);
    expect(await texts('a\n\nb', 'whole')).toEqual(['a\n\nb']);
    expect(await texts('\n', 'whole')).toEqual([]);
  });

  it.each([
    ['no JSON', 'x'],
    ['no object', '[]'],
    ['without a text', '{"id":1}'],
  ])('labelled lines: %s is a problem and the rest is read', async (_what, bad) => {
    const all = await collect(
      labelledLines(linesOf(streamOf(`${bad}\n{"id":"b","text":"t","columns":{"Reason_s":"R"}}`))),
    );

    expect(all).toMatchObject([
      { kind: 'problem', line: 1 },
      { id: 'b', text: 't', columns: { reason: 'R' } },
    ]);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'pullmedic-'));
afterAll(() => rmSync(folder, { recursive: true }));

function pullmedic(args: readonly string[], input = ''): { status: number | null; stdout: string; stderr: string } {
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
      },
      { id: 7, suspicion: 'not-a-pull-failure', rule: 'nothing-matched', image: null, registry: null },
    ]);
    expect([stderr, status]).toEqual(['pullmedic: line 2 is not JSON.\n', 1]);
  });

  it('--json prints one array, an empty one too', () => {
    expect(JSON.parse(pullmedic(['classify', '--json'], firewall).stdout)).toMatchObject([
      { line: 1, label: 'firewall', refusedIp: '20.1.2.3' },
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
    ['a file that is not there', ['classify', '/no/such/file'], /no such file/],
    ['a directory', ['classify', '.'], /directory/],
    ['an unknown option', ['classify', '--jsn'], /Unknown option '--jsn'/],
    ['an unknown command', ['clasify'], /"clasify" is not a command/],
    ['two files', ['classify', 'a', 'b'], /One file/],
    ['two forms', ['classify', '--json', '--jsonl'], /exclude each other/],
  ])('refuses %s in one sentence', (_what, args, sentence) => {
    const { status, stderr, stdout } = pullmedic(args);

    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('explains itself', () => {
    expect(pullmedic(['--help']).stdout).toContain('pullmedic classify [FILE]');
    expect(pullmedic(['classify', '-h']).stdout).toContain('Exit codes');
  });
});
