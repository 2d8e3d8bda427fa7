// replay and dismiss: which dead letters they mean, what is sent, and what is refused before anything is sent.
import { describe, expect, it } from 'vitest';
import { Answer, appAnswering, ran, type StandIn } from './ran.ts';

const one = `d${'1'.repeat(24)}`;
const two = `d${'2'.repeat(24)}`;
const alert = 'test/fixtures/signals/log-alert-v2-fired.doc.json';

function app(): Promise<StandIn> {
  return appAnswering({
    'dead-letters': { deadLetters: [{ id: one }, { id: two }] },
    [`dead-letters/${one}/replay`]: { letter: 'replayed' },
    [`dead-letters/${two}/replay`]: new Answer(409, { error: 'This message cannot be read.' }),
    [`dead-letters/${two}/dismiss`]: { letter: 'dismissed' },
    'alerts/signed': { accepted: 2 },
  });
}

describe('a dead letter', () => {
  it('is sent again by its id, or the beginning of it', async () => {
    const deployed = await app();

    for (const id of [one, 'd1'])
      expect(await deployed.ran(['replay', '--id', id])).toMatchObject({ code: 0, out: `Sent again: ${one}\n` });
  });

  it('that is not sent is named, and the others are sent', async () => {
    const deployed = await app();
    const { code, out, error } = await deployed.ran(['replay', '--all']);

    expect([code, out]).toEqual([1, `Sent again: ${one}\n`]);
    expect(error).toContain(`1 of 2 were not sent. ${two}: This message cannot be read.`);
    expect(JSON.parse((await deployed.ran(['replay', '--all', '--json'])).out)).toMatchObject({ sent: [one] });
  });

  it('is dismissed by its id, or the beginning of it', async () => {
    const deployed = await app();

    expect(await deployed.ran(['dismiss', 'd2'])).toMatchObject({ code: 0 });
    expect(JSON.parse((await deployed.ran(['dismiss', two, '--json'])).out)).toEqual({ letter: 'dismissed' });
  });

  it('is not chosen among several, nor guessed where none is meant', async () => {
    const deployed = await app();

    expect(await deployed.ran(['dismiss', 'd'])).toMatchObject({ code: 2 });
    expect(await deployed.ran(['dismiss', 'd3'])).toMatchObject({ code: 1 });
    expect(deployed.paths().filter((path) => path.startsWith('POST'))).toEqual([]);
  });

  it.each([
    [['dismiss']],
    [['dismiss', `t${'0'.repeat(24)}`]],
    [['dismiss', `${one}/../x`]],
    [['replay', '--id', 'x']],
  ])('is not looked for by %j', async (args) => {
    const deployed = await app();

    expect((await deployed.ran(args)).code).toBe(2);
    expect(deployed.asked).toEqual([]);
  });
});

describe('a file of messages', () => {
  it('is sent, and said to be, also for programs', async () => {
    const deployed = await app();

    expect((await deployed.ran(['replay', alert])).out).toBe(
      'Items sent: 1. Signals that pullmedic made from them: 2.\n',
    );
    expect(JSON.parse((await deployed.ran(['replay', alert, '--json'])).out)).toEqual({ items: 1, signals: 2 });
  });

  it('that is not there is said so, before any app is asked', async () => {
    const { code, error } = await ran(['replay', 'no-such-file.json', '--url', 'http://127.0.0.1:9']);

    expect(code).toBe(2);
    expect(error).toBe('pullmedic: there is no such file: no-such-file.json\n');
  });

  it.each([[[]], [['--all', 'x']], [['--all', '--id', one]]])(
    'is not the only thing asked for with %j',
    async (args) => {
      const deployed = await app();

      expect((await deployed.ran(['replay', ...args])).code).toBe(2);
      expect(deployed.asked).toEqual([]);
    },
  );
});
