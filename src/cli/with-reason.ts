// The reason that a person gives with --why goes with whatever the command asks of the app.
import type { Deployed } from './deployed.ts';

/** The app, told the reason with each request that asks for something. Without a reason it is the app as it is. */
export function withReason(deployed: Deployed, why: string | undefined): Deployed {
  if (why === undefined) return deployed;
  return { ...deployed, post: (path, body) => deployed.post(path, isPlain(body) ? { ...body, why } : body) };
}

/** True for the bodies of answers; a list of events and an alert are sent as they are. */
function isPlain(body: unknown): body is Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null && !Array.isArray(body) && !('schemaId' in body);
}
