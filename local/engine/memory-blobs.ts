// Append blobs in memory, behind the calls that pullmedic makes. Where the app is started (`app.ts`) they are held against the calls that it knows.
import { failure } from './table-filters.ts';

export type MemoryBlobs = ReturnType<typeof memoryBlobs>;

/** `all` is what each blob holds. A test may tamper with it. */
export function memoryBlobs() {
  const all = new Map<string, string>();
  return {
    all,
    makeContainer: async (): Promise<void> => undefined,
    async create(name: string): Promise<'created' | 'there'> {
      if (all.has(name)) return 'there';
      all.set(name, '');
      return 'created';
    },
    async append(name: string, atByte: number, block: string): Promise<'appended' | 'moved'> {
      const text = all.get(name);
      if (text === undefined) throw failure(404, 'BlobNotFound');
      if (text.length !== atByte) return 'moved';
      all.set(name, text + block);
      return 'appended';
    },
    read: async (name: string): Promise<string | undefined> => all.get(name),
  };
}
