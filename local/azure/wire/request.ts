// A request to the simulated Azure: as it came in, and as the router of the control plane hands it on.

/** A request as it came in. */
export interface SimRequest {
  readonly method: string;
  readonly host: string;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly contentType?: string | undefined;
  readonly body: unknown;
}

/** A request to management.azure.com as the router hands it on. */
export interface ArmRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** Parts of the path that the operation's pattern caught. */
  readonly parts: readonly string[];
}
