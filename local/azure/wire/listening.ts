// Servers on loopback: started on a free port, and closed with every connection.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Starts the server on a free port of loopback, and returns the port. */
export async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
  return (server.address() as AddressInfo).port;
}

/** Closes the server with all its connections. */
export async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}
