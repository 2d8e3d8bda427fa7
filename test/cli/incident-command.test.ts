// The commands about incident systems: what they ask of the app, and what they say of its answer.
import { describe, expect, it } from 'vitest';
import { appAnswering } from './ran.ts';

const to = ['--to', 'pager'];

describe('incident test', () => {
  it('says that the test was opened, where it is, and that it was resolved', async () => {
    const answer = { opened: { kind: 'told' }, resolved: { kind: 'told' }, url: 'https://tickets.example/7', again: 2 };
    const app = await appAnswering({ 'POST incident-systems/pager/test': answer });
    const { code, out } = await app.ran(['incident', 'test', ...to]);

    expect(code).toBe(0);
    expect(out).toContain('opened    told: https://tickets.example/7');
    expect(out).toContain('resolved  told');
    expect(out).toContain('Sent again, because the system takes our messages: 2.');
    expect(JSON.parse((await app.ran(['incident', 'test', ...to, '--json'])).out)).toEqual(answer);
  });

  it('ends with 1 and says why where the system refuses', async () => {
    const answer = { opened: { kind: 'failed', why: 'key-refused', detail: 'HTTP 401' }, again: 0 };
    const app = await appAnswering({ 'incident-systems/pager/test': answer });

    expect(await app.ran(['incident', 'test', ...to])).toMatchObject({
      code: 1,
      out: 'opened    failed: key-refused (HTTP 401)\n',
    });
  });

  it.each([
    [['test']],
    [['test', '--to', '../x']],
    [['delete', '--to', 'pager']],
    [['test', 'more', '--to', 'pager']],
    [[]],
  ])('asks nothing with %j', async (args) => {
    const app = await appAnswering({});

    expect((await app.ran(['incident', ...args])).code).toBe(2);
    expect(app.asked).toEqual([]);
  });
});

describe('incident again', () => {
  it('says how many messages were sent again', async () => {
    const app = await appAnswering({ 'POST incident-systems/pager/again': { again: 3 } });

    expect(await app.ran(['incident', 'again', ...to])).toMatchObject({ code: 0, out: 'Sent again: 3.\n' });
    expect(app.asked).toMatchObject([{ body: {} }]);
  });
});

describe('route', () => {
  const answer = {
    to: ['pager', 'chat'],
    matched: [0, 2],
    because: 'matched',
    atMs: Date.parse('2026-06-01T02:00:00Z'),
    mode: 'act',
  };
  const args = ['--cause', 'custom-dns', '--registry', 'acr shop.example'];

  const path = 'incident-route?cause=custom-dns&registry=acr%20shop.example';

  it('says who would be told, when, and by which routes', async () => {
    const app = await appAnswering({ [`${path}&severity=low`]: answer });
    const words = ['route', ...args, '--severity', 'low'];

    expect(await app.ran(words)).toMatchObject({
      code: 0,
      out: 'At 2026-06-01T02:00:00.000Z, in the mode act: pager, chat.\nRoutes that match, counted from 1: 1, 3.\n',
    });
    expect(JSON.parse((await app.ran([...words, '--json'])).out)).toEqual(answer);
  });

  it.each([
    ['no-systems', 'no incident systems'],
    ['observe', 'incidents.inObserve'],
    ['no-route', 'every system is told'],
    ['not-known', 'No route matches for certain'],
  ])('says why where it is %s', async (because, words) => {
    const app = await appAnswering({ [path]: { ...answer, to: [], matched: [], because } });
    const { out } = await app.ran(['route', ...args]);

    expect(out).toContain('nobody is told');
    expect(out).toContain(words);
  });

  it('needs a cause and a registry', async () => {
    const app = await appAnswering({});
    const { code, error } = await app.ran(['route', '--cause', 'custom-dns']);

    expect(code).toBe(2);
    expect(error).toContain('--cause and --registry');
  });
});
