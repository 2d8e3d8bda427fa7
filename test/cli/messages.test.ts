// A log in any form that people paste or export becomes messages.
import { describe, expect, it } from 'vitest';
import type { Found, Message } from '../../src/cli/found.ts';
import { type Line, linesOf } from '../../src/cli/lines.ts';
import { labelledLines, messagesIn, type Splitting } from '../../src/cli/messages.ts';
import { collect, streamOf } from './streams.ts';

function linesIn(text: string): AsyncGenerator<readonly Line[]> {
  return linesOf(streamOf(text), { rows: true, report: () => undefined });
}

async function found(text: string, splitting: Splitting = 'auto'): Promise<Found[]> {
  return collect(messagesIn(linesIn(text), splitting));
}

async function texts(text: string, splitting: Splitting = 'auto'): Promise<string[]> {
  return (await found(text, splitting)).flatMap((one) => (one.kind === 'message' ? [one.text] : []));
}

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
        of: { time: 'x' },
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

  it('rows of a value that spans lines have the lines of their own texts', async () => {
    const value = { kind: 'List', items: [{ message: 'a "quoted"\nline' }, { message: 'two' }, { message: 'two' }] };

    expect((await found(`\n${JSON.stringify(value, null, 2)}`)).map(({ line }) => line)).toEqual([6, 9, 12]);
    expect((await found(JSON.stringify(value))).map(({ line }) => line)).toEqual([1, 1, 1]);
  });

  it('a row whose text is escaped otherwise keeps the line of the row before it', async () => {
    const value = '{"items":[\n {"message":"one"},\n {"message":"\\u0074wo"},\n {"message":"three"}]}';

    expect(await found(value)).toMatchObject([
      { line: 2, text: 'one' },
      { line: 2, text: 'two' },
      { line: 4, text: 'three' },
    ]);
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
    const all = await collect(labelledLines(linesIn(`${bad}\n{"id":"b","text":"t","columns":{"Reason_s":"R"}}`)));

    expect(all).toMatchObject([
      { kind: 'problem', line: 1 },
      { id: 'b', text: 't', columns: { reason: 'R' } },
    ]);
  });
});
