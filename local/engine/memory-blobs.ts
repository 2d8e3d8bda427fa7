// Append blobs in memory, behind the calls that pullmedic makes.
import type { RestError } from '@azure/core-rest-pipeline';
import { failure } from './table-filters.ts';

export interface MemoryBlobs {
  create(name: string): Promise<'created' | 'there'>;
  append(name: string, atByte: number, block: string): Promise<'appended' | 'moved'>;
  read(name: string): Promise<string | undefined>;
  /** What each blob holds. A test may tamper with it. */
  readonly all: Map<string, string>;
}

export function memoryBlobs(): MemoryBlobs {
  const all = new Map<string, string>();
  return {
    all,
    async create(name) {
      if (all.has(name)) return 'there';
      all.set(name, '');
      return 'created';
    },
    async append(name, atByte, block) {
      const text = all.get(name);
      if (text === undefined) throw notFound();
      if (text.length !== atByte) return 'moved';
      all.set(name, text + block);
      return 'appended';
    },
    read: async (name) => all.get(name),
  };
}

function notFound(): RestError {
  return failure(404, 'BlobNotFound');
}
