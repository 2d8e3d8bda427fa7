import { describe, expect, it } from 'vitest';
import { encrypted, names, path } from '../../../src/lib/classify/rules-of-networks.ts';
import { readBy, rulesWithoutMessage } from './read-by.ts';

const asking = 'failed to do request: Head "https://shop.azurecr.io/v2/orders/manifests/1": ';

describe('the rules about the way to a registry', () => {
  it('each read a message that software wrote', () => {
    expect(rulesWithoutMessage([...names, ...path, ...encrypted])).toEqual([]);
  });

  it.each([
    ['dns: name-not-resolved', `${asking}dial tcp: lookup shop.azurecr.io: no such host`],
    [
      'dns: name-server-unreachable',
      `${asking}lookup shop.azurecr.io on 10.0.0.10:53: read udp 10.1.0.4:4123->10.0.0.10:53: i/o timeout`,
    ],
    ['network: connection-failed', `${asking}dial tcp 10.70.4.5:443: i/o timeout`],
    ['network: connection-failed', `${asking}dial tcp 10.70.4.5:443: connect: connection refused`],
    ['network: answer-timed-out', `${asking}net/http: TLS handshake timeout`],
    ['network: proxy-failed', `${asking}proxyconnect tcp: tls: unknown`],
    ['tls: certificate', `${asking}tls: failed to verify certificate: x509: certificate signed by unknown authority`],
    ['tls: not-tls', `${asking}http: server gave HTTP response to HTTPS client`],
    ['tls: tls-alert', `${asking}remote error: tls: handshake failure`],
  ])('read it as %s: %s', (read, text) => {
    expect(readBy(text)).toBe(read);
  });

  it('blame the name and not the connection where the look-up itself timed out', () => {
    expect(readBy(`${asking}dial tcp: lookup shop.azurecr.io on 10.0.0.10:53: i/o timeout`)).toContain('dns:');
  });

  it('are silent where no registry is spoken with: every program can lose its way', () => {
    const needs = [...names, ...path, ...encrypted].map((rule) => rule.needs);

    expect(new Set(needs)).toEqual(new Set(['registry']));
    expect(readBy('dial tcp: lookup cache: no such host')).toBe('not-a-pull-failure: nothing-matched');
  });
});
