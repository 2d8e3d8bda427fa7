// `pullmedic open`: which page is opened, and that its address is printed where there is no browser.
import { describe, expect, it } from 'vitest';
import { argumentsOf } from '../../src/cli/arguments.ts';
import { openCommand } from '../../src/cli/open-command.ts';
import { appAnswering, keepPrinted } from './ran.ts';

const id = `t${'0'.repeat(24)}.1`;
const incidentId = `i${'0'.repeat(24)}`;
const row = { remediation: id, appId: '/x/ca-orders', closed: true, needsPerson: false, updatedAtMs: 0 };
const found = { problems: [], rows: [row], skipped: 0 };

async function opened(words: readonly string[], hasBrowser = true) {
  const app = await appAnswering({ 'history?as=json&q=app%3Aca-orders': found });
  const addresses: string[] = [];
  const printed = keepPrinted();
  const code = await openCommand(argumentsOf('open', [...words, '--url', app.url]), async (address) => {
    addresses.push(address);
    return hasBrowser;
  });
  return { code, base: `${app.url}/api`, addresses, out: printed.out(), error: printed.error() };
}

describe('open', () => {
  it.each([
    [[], 'now'],
    [['ca-orders'], `history/${id}`],
    [[id], `history/${id}`],
    [[incidentId], `incidents/${incidentId}`],
  ])('%j opens the page and prints its address', async (words, page) => {
    const { code, base, addresses, out, error } = await opened(words);

    expect([code, out, error]).toEqual([0, `${base}/${page}\n`, '']);
    expect(addresses).toEqual([`${base}/${page}`]);
  });

  it('prints the address where there is no browser, and says so', async () => {
    const { code, base, out, error } = await opened([id], false);

    expect([code, out]).toEqual([0, `${base}/history/${id}\n`]);
    expect(error).toContain('no browser');
  });

  it('only prints with --print, and for programs says whether it opened it', async () => {
    expect(await opened([id, '--print'])).toMatchObject({ code: 0, addresses: [], error: '' });
    const { base, out } = await opened([id, '--json']);
    expect(JSON.parse(out)).toEqual({ address: `${base}/history/${id}`, opened: true });
  });

  it('opens nothing for what is not found', async () => {
    expect(await opened(['nowhere'])).toMatchObject({ code: 1, addresses: [], out: '' });
  });
});
