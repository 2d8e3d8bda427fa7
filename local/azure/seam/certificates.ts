// A certificate authority of our own, made at start, and a leaf for each host that the simulation plays.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** TLS checks these against the real clock, whatever the simulated one says. */
const validity = { notBefore: new Date('2000-01-01T00:00:00Z'), notAfter: new Date('2100-01-01T00:00:00Z') };

cryptoProvider.set(webcrypto as unknown as typeof globalThis.crypto);

/** A certificate authority that makes the certificates of hosts. */
export interface Authority {
  /** The authority's own certificate, for `NODE_EXTRA_CA_CERTS`. */
  readonly pem: string;
  contextFor(host: string): Promise<SecureContext>;
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

async function leaf(host: string, issuer: X509Certificate, signingKey: webcrypto.CryptoKey): Promise<SecureContext> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create({
    ...validity,
    subject: `CN=${host.slice(0, 60)}`,
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: host }])],
  });
  return createSecureContext({ key: await keyPem(keys.privateKey), cert: certificate.toString('pem') });
}

/** Makes an authority that lives as long as the process. */
export async function createAuthority(): Promise<Authority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: 'CN=pullmedic local simulation',
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 1, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const contexts = new Map<string, Promise<SecureContext>>();
  return {
    pem: certificate.toString('pem'),
    contextFor(host) {
      const made = contexts.get(host) ?? leaf(host, certificate, keys.privateKey);
      contexts.set(host, made);
      return made;
    },
  };
}
