import { describe, expect, it } from 'vitest';
import {
  absent,
  absentToo,
  causeless,
  failing,
  refused,
  throttled,
} from '../../../src/lib/classify/rules-of-registries.ts';
import { readBy, rulesWithoutMessage } from './read-by.ts';

const answered = 'Error response from daemon: Head "https://shop.azurecr.io/v2/orders/manifests/1": ';

describe('the rules about the answer of a registry', () => {
  it('each read a message that software wrote', () => {
    const all = [...refused, ...throttled, ...failing, ...absent, ...absentToo, ...causeless];

    expect(rulesWithoutMessage(all)).toEqual([]);
  });

  it.each([
    ['firewall: acr-firewall', `${answered}denied: client with IP '20.1.2.3' is not allowed access`],
    ['rate-limited: toomanyrequests', `${answered}toomanyrequests: slow down`],
    ['rate-limited: status-429', `${answered}status code 429`],
    ['registry-unavailable: registry-5xx', `${answered}received unexpected HTTP status: 503 Service Unavailable`],
    ['manifest-unknown: manifest-unknown', `${answered}manifest unknown: manifest tagged by "1" is not found`],
    ['manifest-unknown: status-404', `${answered}response status code 404: Not Found`],
    ['unknown-pull-failure: no-such-image', 'Error response from daemon: No such image: acme/api:1'],
  ])('read it as %s', (read, text) => {
    expect(readBy(text)).toBe(read);
  });

  it('tell the firewall from the rights where Container Apps could not exchange its token', () => {
    const failed = 'Failed to construct registry secret. Error: ACR token exchange endpoint returned error status: ';

    expect(readBy(`${failed}403. body: {"errors":[{"code":"DENIED"}]}`)).toBe('firewall: acr-exchange-denied');
    expect(readBy(`${failed}401. body: {"errors":[{"code":"UNAUTHORIZED"}]}`)).toBe(
      'unauthorized: acr-exchange-refused',
    );
  });

  it('believe the body and not the sentence that Container Apps has for a missing tag and for a refused address', () => {
    const sentence = 'Image shop.azurecr.io/a:v1 not found in registry. ErrorMessage=Image not found or access denied.';

    expect(readBy(sentence)).toContain('manifest-unknown:');
    expect(readBy(`${sentence} Error: {"message":"client with IP '20.1.2.3' is not allowed access"}`)).toBe(
      'firewall: acr-firewall',
    );
  });

  it.each([
    'Web Page Blocked! Category: File Sharing',
    'the web application firewall answered',
    'this domain is blocked by your organization',
    'The request is blocked.',
    'Request blocked. The server cannot be reached',
    'Sorry, you have been blocked',
    'a violation of the acceptable use policy',
    'Not allowed to browse the category Hacking',
    'Internet security by Contoso',
    'Access control configuration prevents your request',
    'The requested URL was rejected. Please consult with your administrator.',
    'Incapsula incident ID: 12-34',
    'Attention Required! | Cloudflare',
    'The distribution is configured to block access from your country',
    '(policy_denied)',
    'Microsoft-Azure-Application-Gateway/v2',
  ])('know the page that something on the way puts in place of the answer: %s', (page) => {
    expect(readBy(`${answered}403 Forbidden <p>${page}</p>`)).toBe('firewall: block-page');
    expect(readBy(`GET /orders 403 Forbidden <p>${page}</p>`)).toContain('not-a-pull-failure');
  });

  it('take a page that says nothing for what its status says', () => {
    expect(readBy(`${answered}403 Forbidden <html><title>403 Forbidden</title></html>`)).toContain('unauthorized:');
  });

  it('are not deceived by a status of another service', () => {
    expect(readBy('GET /api/orders returned status code 500 Internal Server Error')).toContain('not-a-pull-failure');
    expect(readBy('openai.RateLimitError: Error code: 429')).toContain('not-a-pull-failure');
  });
});
