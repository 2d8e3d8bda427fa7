// A storage account that takes everything and keeps nothing, in a process of its own: `node bench/start/storage.ts` prints its port. What an
// app waits for is then its own loading, not storage.
import { createServer } from 'node:http';

const message =
  '<?xml version="1.0" encoding="utf-8"?><QueueMessagesList><QueueMessage><MessageId>1</MessageId><InsertionTime>Thu, 01 Jan 2026 00:00:00 GMT</InsertionTime><ExpirationTime>Fri, 31 Dec 9999 23:59:59 GMT</ExpirationTime><PopReceipt>1</PopReceipt><TimeNextVisible>Thu, 01 Jan 2026 00:00:00 GMT</TimeNextVisible></QueueMessage></QueueMessagesList>';

const server = createServer((request, response) => {
  request.resume();
  request.once('end', () => {
    if (request.url?.includes('/messages')) response.writeHead(201, { 'content-type': 'application/xml' }).end(message);
    else response.writeHead(request.method === 'PUT' ? 201 : 204).end();
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' ? address?.port : '');
});
