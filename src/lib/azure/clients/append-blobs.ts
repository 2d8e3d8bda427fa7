// Append blobs of one container, as far as pullmedic uses them: blocks are added at the end, and what a blob holds is never changed.

/** Every function throws when storage does not answer or refuses. */
export interface AppendBlobs {
  /** Makes an empty blob of this name, and the container first if that is missing. `there`: there is one, and it was left as it is. */
  create(name: string): Promise<'created' | 'there'>;
  /** Adds a block of printable ASCII and line ends to a blob that has exactly so many bytes. `moved`: it has another length. */
  append(name: string, atByte: number, block: string): Promise<'appended' | 'moved'>;
  /** All that the blob holds; `undefined` where there is no such blob, or no container. */
  read(name: string): Promise<string | undefined>;
}
