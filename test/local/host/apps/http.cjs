'use strict';
const { app } = require('@azure/functions');
const open = { methods: ['GET', 'POST'], authLevel: 'anonymous' };
const answers = (name, handler) => app.http(name, { ...open, handler });

app.http('echo', {
  ...open,
  methods: ['GET', 'POST', 'HEAD'],
  route: 'echo/{name?}',
  handler: async (request, context) => ({
    jsonBody: {
      url: request.url,
      params: request.params,
      q: [request.query.get('q'), request.query.getAll('q').length, request.query.get('empty')],
      body: await request.text(),
      headers: Object.fromEntries(request.headers),
      metadata: context.triggerMetadata === undefined ? 'none' : 'some',
      retry: context.retryContext === undefined ? 'none' : 'some',
    },
  }),
});
app.http('numbered', { ...open, route: 'numbered/{id:int}', handler: (request) => ({ body: request.params.id }) });
app.http('special', { ...open, route: 'echo/special', handler: () => ({ body: 'the literal one' }) });
app.http('rest', { ...open, route: 'files/{*path}', handler: (request) => ({ jsonBody: request.params }) });
app.http('keyed', { methods: ['POST'], authLevel: 'function', handler: () => ({ status: 202 }) });
app.http('admin-only', { methods: ['GET'], authLevel: 'admin', handler: () => ({ body: 'admin' }) });
answers('nothing', () => undefined);
answers('null', () => null);
answers('object', () => ({}));
answers('number', () => 7);
answers('text', () => 'text');
answers('native', () => new Response('native', { status: 201, headers: { 'x-own': '1' } }));
answers('json-null', () => ({ jsonBody: null }));
answers('object-body', () => ({ body: { a: 1 } }));
answers('text-body', () => ({ body: 'words' }));
answers('buffer-body', () => ({ body: Buffer.from('bytes') }));
answers('no-content', () => ({ status: 204, body: 'dropped' }));
answers('stream', () => ({
  body: new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('one '));
      controller.enqueue(new TextEncoder().encode('two'));
      controller.close();
    },
  }),
}));
answers('status-99', () => ({ status: 99 }));
answers('bad-header', () => ({ headers: { 'bad name': 'x' } }));
answers('framed', () => ({ headers: { 'content-length': '3', 'transfer-encoding': 'chunked' }, body: 'longer' }));
answers('set-cookies', () => ({
  headers: [
    ['set-cookie', 'a=1'],
    ['set-cookie', 'b=2'],
    ['x-many', '1'],
    ['x-many', '2'],
  ],
}));
answers('cookies', () => ({
  cookies: [
    { name: 'gone', value: '', expires: new Date(0) },
    { name: 'dropped', value: 'x y', maxAge: 0, path: '/api', secure: true, httpOnly: true, sameSite: 'None' },
    { name: 'dated', value: '1', expires: new Date('2030-01-01T00:00:00Z'), sameSite: 'Lax', domain: 'example.com' },
  ],
}));
answers('throws', () => {
  throw new Error('a reason');
});
answers('throws-null', () => {
  throw null;
});
