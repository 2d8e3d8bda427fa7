// Leads requests for an Event Grid topic to a local server. The official client sends a token only over TLS, and its address cannot be changed.
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';

export const topicUrl = 'https://shop.westeurope-1.eventgrid.azure.net/api/events';

/** `local`: the address of the server, without a path. */
export function leadTo(local: () => string): HttpClient {
  const client = createDefaultHttpClient();
  return {
    sendRequest(request) {
      const { pathname, search } = new URL(request.url);
      request.url = `${local()}${pathname}${search}`;
      request.allowInsecureConnection = true;
      return client.sendRequest(request);
    },
  };
}
