import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, run } from './harness.ts';

let running: Running;

beforeAll(async () => {
  running = await run('hooks');
});
afterAll(() => running.host.stop());

async function text(path: string): Promise<string> {
  const response = await fetch(`${running.base}/api/${path}`);
  return `${response.status} ${await response.text()}`;
}

describe('hooks', () => {
  it('6. the start hook ran once, and its context has no data of the app', async () => {
    expect(await text('seen')).toBe('200 [["appStart",["since"],false]]');
  });

  it('37. preInvocation may replace inputs and handler, postInvocation the result; they share data', async () => {
    expect(await text('replaced')).toBe('200 handled another input, changed by post, after pre');
  });

  it('37. postInvocation may clear an error', async () => {
    expect(await text('forgiven')).toBe('200 forgiven');
  });

  it('37. a hook that throws fails the call', async () => {
    expect(await text('refused')).toBe('500 ');
  });
});

describe('the log of a call', () => {
  it('38. has the level, the function and the call', async () => {
    await text('levels');

    const lines = running.lines.filter((line) => line.fields['function'] === 'levels');
    expect(lines.map((line) => [line.level, line.message])).toEqual([
      ['information', 'log formatted'],
      ['information', 'info'],
      ['warning', 'warn'],
      ['error', 'error'],
      ['debug', 'debug'],
    ]);
    expect(new Set(lines.map((line) => line.fields['invocationId'])).size).toBe(1);
    expect(lines[0]?.fields['invocationId']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('39. after the function has ended is kept, with a warning', async () => {
    await text('afterwards');

    await expect.poll(() => running.lines.map((line) => line.message)).toContain('too late');
    expect(running.lines.some((line) => /Unexpected call to 'log'/.test(line.message))).toBe(true);
  });
});
