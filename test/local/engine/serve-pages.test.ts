// Pages that were read before are served with their status and headers.
import { describe, expect, it } from 'vitest';
import { servePages } from '../../../local/engine/serve-pages.ts';

describe('pages that were read before', () => {
  it('are served as the app answered them, and nothing else is', async () => {
    const headers = { 'content-type': 'text/html', 'x-frame-options': 'DENY' };
    const server = await servePages([{ path: '/api/now?a=b', status: 409, headers, body: 'busy' }]);
    const answer = await fetch(`${server.base}/api/now?a=b`);
    const other = await fetch(`${server.base}/api/now`);
    await server.stop();

    expect([answer.status, answer.headers.get('x-frame-options'), await answer.text()]).toEqual([409, 'DENY', 'busy']);
    expect(other.status).toBe(404);
  });
});
