// What every client of one connection to Azure shares.
import type { HttpClient, PipelinePolicy, PipelineRetryOptions } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { CloudAddresses } from '../../words/cloud.ts';

export interface Connection {
  readonly credential: TokenCredential;
  readonly cloud: CloudAddresses;
  /** The scope of a token for ARM. */
  readonly armScope: string;
  /** Without it, requests go over the network. */
  readonly httpClient: HttpClient | undefined;
  readonly patience: PipelinePolicy;
  /** Sees every answer of Log Analytics. */
  readonly watch: PipelinePolicy;
  /** How a read is tried again. A write is never sent again. */
  readonly retryOptions: PipelineRetryOptions;
}

/** A connection with its HTTP client. */
export type Connected = Connection & { readonly httpClient: HttpClient };
