// A table of the storage account, as far as pullmedic uses it. Its SDK loads later than the code that names it.

type Keys = { readonly partitionKey: string; readonly rowKey: string };

export type Row = Record<string, unknown> & { readonly rowKey?: string; readonly etag: string };

/** What pullmedic asks of a table: methods of the SDK's `TableClient`. */
export interface Table {
  createTable(): Promise<void>;
  getEntity(partitionKey: string, rowKey: string): Promise<Row>;
  createEntity<T extends Keys>(entity: T): Promise<unknown>;
  updateEntity<T extends Keys>(
    entity: T,
    mode: 'Replace' | 'Merge',
    options?: { readonly etag: string },
  ): Promise<unknown>;
  upsertEntity<T extends Keys>(entity: T, mode: 'Replace'): Promise<unknown>;
  deleteEntity(partitionKey: string, rowKey: string, options?: { readonly etag: string }): Promise<unknown>;
  listEntities(asked: Asked): AsyncIterable<Row> & { byPage(settings: PageSettings): AsyncIterable<Answer> };
}

export interface Asked {
  readonly queryOptions: { readonly filter: string; readonly select?: string[] };
}

/** The most rows of an answer, and the token with which the answer before it stopped. */
export interface PageSettings {
  readonly maxPageSize: number;
  readonly continuationToken?: string;
}

/** The rows of one answer of storage, and where it stopped. */
export type Answer = Row[] & { readonly continuationToken?: string };
