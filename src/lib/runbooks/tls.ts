// Runbooks for a TLS connection to the registry that fails: which of the reasons it is, the text says.
import { logSays, rowsOfTarget } from '../diagnosis/text-claims.ts';
import { isAzureRegistry } from '../words/registry-host.ts';
import { answer } from './answer.ts';
import { deploy } from './deploy.ts';
import type { RunbookInput, RunbookText } from './runbook.ts';

/** The certificate of the registry is not taken, or there is none. */
export function tlsUntrusted(input: RunbookInput): RunbookText {
  if (isAzureRegistry(input.target.registry)) return replaced(input);
  if (reasonOf(input) === 'other-name' && namesAzureRegistry(input)) return aliasOfAzure(input);
  const { title, advice } = words[reasonOf(input)](input);
  return answer(input, { title, advice: `${advice} There is no command for this.`, commands: [] });
}

/** The certificate of the registries of Azure is for `*.azurecr.io` and its regional names. */
function namesAzureRegistry({ target, evidence }: RunbookInput): boolean {
  return logSays(target, evidence, /certificate is valid for [^"]{0,200}\*\.azurecr\.(?:io|us|cn)\b/i);
}

/** A registry of Azure answers under its own host only (docs/unverified.md), so an alias in DNS leads to a certificate without its name. */
function aliasOfAzure(input: RunbookInput): RunbookText {
  const { appName, registry } = input.target;
  return {
    ...answer(input, {
      title: `${registry} leads to an Azure registry, whose certificate does not name it`,
      advice: `An alias in DNS makes no name of a registry: Azure shows the certificate of *.azurecr.io. Write the host of the registry (REGISTRY.azurecr.io) in the image and in the registry entry of ${appName}.`,
      commands: deploy(
        input,
        'Deploy it by the host of the registry',
        `REGISTRY.azurecr.io${input.target.image.slice(registry.length)}`,
      ),
    }),
    owner: 'app team',
  };
}

type Reason = 'expired' | 'not-yet-valid' | 'other-name' | 'no-tls' | 'unknown-authority';

/** The words of the TLS library of Go, which Docker and containerd use (crypto/x509, net/http). */
function reasonOf({ target, evidence }: RunbookInput): Reason {
  const rows = rowsOfTarget(target, evidence).map(({ text }) => text);
  const found = said.find(({ pattern }) => rows.some((text) => pattern.test(text)));
  return found?.reason ?? 'unknown-authority';
}

const said: readonly { readonly reason: Reason; readonly pattern: RegExp }[] = [
  {
    reason: 'not-yet-valid',
    pattern: /certificate has expired or is not yet valid: current time [^ ]+ is before|certificate is not yet valid/i,
  },
  { reason: 'expired', pattern: /certificate has expired/i },
  {
    reason: 'other-name',
    pattern: /certificate is (?:not )?valid for|doesn't contain any IP SANs|not match(?:es|ing)? .{0,40}host ?name/i,
  },
  {
    reason: 'no-tls',
    pattern: /server gave HTTP response to HTTPS client|first record does not look like a TLS handshake/i,
  },
];

type Words = (input: RunbookInput) => { readonly title: string; readonly advice: string };

const words: Readonly<Record<Reason, Words>> = {
  expired: ({ target, evidence }) => {
    const end = rowsOfTarget(target, evidence)
      .flatMap(({ text }) => endOf.exec(text)?.[1] ?? [])
      .at(-1);
    return {
      title: `The certificate of ${target.registry} has expired`,
      advice: `${target.registry} shows a certificate that ended${end === undefined ? '' : ` at ${end}`}. Its owner has to renew it; the pull then works without a change of ${target.appName}.`,
    };
  },
  'not-yet-valid': ({ target }) => ({
    title: `The certificate of ${target.registry} is not valid yet`,
    advice: `${target.registry} shows a certificate that begins later than now. Its owner has to check the certificate and the clock of the machine that made it.`,
  }),
  'other-name': ({ target }) => ({
    title: `The certificate of ${target.registry} is for another name`,
    advice: `${target.registry} shows a certificate that does not name this host. Use the host that the certificate names in the image, or have the owner add this name to it.`,
  }),
  'no-tls': ({ target }) => ({
    title: `${target.registry} answers without TLS`,
    advice: `${target.registry} answers plain HTTP where HTTPS was asked for: there is no certificate. The port is wrong, or the registry or the proxy before it has no TLS. Container Apps pulls by HTTPS only.`,
  }),
  'unknown-authority': ({ target }) => ({
    title: `${target.appName} does not trust the certificate of its registry`,
    advice:
      'Use a certificate from a public authority, or a registry that has one. Container Apps has no way to trust a certificate of your own for pulls.',
  }),
};

/** "current time T1 is after T2": T2 is the end (crypto/x509, `CertificateInvalidError`). */
const endOf = /is after (\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)/;

/** A registry of Azure has a certificate of a public authority (Microsoft Learn, "Azure TLS certificate changes"), so it was replaced on the way. */
function replaced(input: RunbookInput): RunbookText {
  const { appName, registry } = input.target;
  return {
    ...answer(input, {
      title: `The network of ${appName} replaces the certificate of ${registry}`,
      advice: `${registry} has a certificate of a public authority, and the app was shown another one: a firewall or a proxy on the way opens TLS connections. Leave ${registry} and its data endpoints out of that inspection. There is no command for this that fits every appliance; the routes of the app's subnet say which one it is.`,
      commands: [],
    }),
    owner: 'network team',
  };
}
