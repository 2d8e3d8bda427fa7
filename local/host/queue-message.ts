// Reads a storage queue message for a function: its text, and the metadata that the host derives from it.
import type { DequeuedMessageItem } from '@azure/storage-queue';
import type { RpcData } from './core.ts';
import type { QueueSettings } from './settings.ts';

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The text of a message; `undefined` if it is not in the encoding that host.json promises. */
export function textOfMessage(raw: string, encoding: QueueSettings['messageEncoding']): string | undefined {
  if (encoding === 'none') return raw;
  const stripped = raw.replace(/\s/g, '');
  return base64.test(stripped) ? Buffer.from(stripped, 'base64').toString('utf8') : undefined;
}

const isoDate = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

/** Formats a date as the host does. It parses every text that looks like a date and writes it as 06/01/2026 02:00:00. */
function dateAsHostWrites(text: string): string {
  const iso = new Date(text).toISOString();
  return `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
}

function memberAsMetadata(member: unknown): RpcData | undefined {
  if (member === null || member === undefined || Array.isArray(member)) return undefined;
  if (typeof member === 'boolean') return { string: member ? 'True' : 'False' };
  if (typeof member === 'object') return { json: JSON.stringify(member) };
  const text = String(member);
  const isDate = typeof member === 'string' && isoDate.test(text) && !Number.isNaN(Date.parse(text));
  return { string: isDate ? dateAsHostWrites(text) : text };
}

function membersOf(text: string): [string, unknown][] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  } catch {
    return [];
  }
}

/** A time as .NET writes it, with its offset. */
function time(date: Date): RpcData {
  return { json: JSON.stringify(date.toISOString().replace(/(?:\.\d+)?Z$/, '+00:00')) };
}

/** The metadata of a message. Members of a JSON message are added, compared without case, and win over the host's own. */
export function metadataOf(message: DequeuedMessageItem, text: string): Record<string, RpcData> {
  const metadata = new Map<string, RpcData>([
    ['QueueTrigger', { string: text }],
    ['DequeueCount', { json: String(message.dequeueCount) }],
    ['Id', { string: message.messageId }],
    ['PopReceipt', { string: message.popReceipt }],
    ['InsertionTime', time(message.insertedOn)],
    ['ExpirationTime', time(message.expiresOn)],
    ['NextVisibleTime', time(message.nextVisibleOn)],
  ]);
  for (const [name, member] of membersOf(text)) {
    const data = memberAsMetadata(member);
    const known = [...metadata.keys()].find((key) => key.toLowerCase() === name.toLowerCase());
    if (data !== undefined) metadata.set(known ?? name, data);
  }
  return Object.fromEntries(metadata);
}
