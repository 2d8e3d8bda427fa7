// Append blobs of one container, as far as pullmedic uses them: blocks are added at the end, and what a blob holds is never changed.

/** Every function throws when storage does not answer or refuses. */
export interface AppendBlobs {
  /** Makes the container, unless it is there. */
  makeContainer(): Promise<void>;
  /**
   * Makes an empty blob of this name. `there`: there is one, and it was left as it is. Throws where there is no container: one that was deleted
   * can be restored only while no other has its name
   * (https://learn.microsoft.com/azure/storage/blobs/soft-delete-container-overview).
   */
  create(name: string): Promise<'created' | 'there'>;
  /** Adds a block of printable ASCII and line ends to a blob that has exactly so many bytes. `moved`: it has another length. */
  append(name: string, atByte: number, block: string): Promise<'appended' | 'moved'>;
  /** All that the blob holds; `undefined` where there is no such blob, or no container. */
  read(name: string): Promise<string | undefined>;
}
