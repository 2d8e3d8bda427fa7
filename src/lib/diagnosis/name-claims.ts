// A text about a name that does not resolve, or about the sign-in service that cannot be reached: which cause it speaks for.

import type { Cause } from '../causes/causes.ts';
import type { Suspicion } from '../classify/classify.ts';
import type { LogRow } from '../evidence/app-facts.ts';
import type { Evidence } from '../evidence/evidence.ts';
import { environmentOf, outboundSubnet, registryOf } from '../evidence/evidence.ts';
import { valueOf } from '../words/fact.ts';
import { isPublicRegistry } from '../words/registry-host.ts';
import { ownServers } from './private-path.ts';
import type { DiagnosisInput } from './verdict.ts';

/**
 * The cause where the registry's name did not resolve. A registry that exists under this name is not misspelt: then the network's own name
 * servers do not know it, if it has some. The same holds where its own servers failed to answer, whatever the name.
 */
export function causeOfName({ target, evidence }: DiagnosisInput, rows: readonly LogRow[]): Cause {
  if (registryOf(evidence) !== undefined || isPublicRegistry(target.registry))
    return mayAskOwnServers(evidence) ? 'custom-dns' : 'unexplained';
  const failed = rows.some(({ text }) => serverFailed.test(text)) && rows.every(({ text }) => !noSuchName.test(text));
  return failed && namesOwnServers(evidence) ? 'custom-dns' : 'name-wrong';
}

const serverFailed =
  /server misbehaving|SERVFAIL|temporary failure in name resolution|lookup [^ ]{1,255} on [^ ]{1,60}: (?:i\/o timeout|read udp|dial udp|connection refused)/i;
const noSuchName = /no such host|NXDOMAIN|name or service not known|ENOTFOUND/i;

/** Whether name servers of the network's own can have answered: only a network has some, and only one that names them. */
function mayAskOwnServers(evidence: Evidence): boolean {
  if (outboundSubnet(evidence) === undefined) return false;
  return valueOf(evidence.vnet) === undefined || namesOwnServers(evidence);
}

function namesOwnServers(evidence: Evidence): boolean {
  const vnet = valueOf(evidence.vnet);
  return vnet !== undefined && ownServers(vnet).length > 0;
}

/**
 * The cause where a text says that the sign-in service cannot be reached from a network of the user's: its name servers where the look-up
 * failed, else its rules, routes or appliance. Without such a network the platform's own way out failed, and no setting explains that.
 */
export function causeOfSignIn(
  { evidence }: DiagnosisInput,
  said: Suspicion,
  rows: readonly LogRow[],
): Cause | undefined {
  if (said.label !== 'identity-token') return undefined;
  if (environmentOf(evidence) !== undefined && outboundSubnet(evidence) === undefined) return undefined;
  const text = rows.findLast((row) => signInHost.test(row.text) && noConnection.test(row.text))?.text;
  if (text === undefined) return undefined;
  return /\blookup /.test(text) && mayAskOwnServers(evidence) ? 'custom-dns' : 'identity-egress-blocked';
}

/** Hosts of the service that issues tokens (Microsoft, "Use Azure Firewall with Container Apps"). */
const signInHost =
  /\b(?:login\.microsoftonline\.(?:com|us)|login\.(?:partner\.microsoftonline|chinacloudapi)\.cn|login\.(?:microsoft\.com|windows\.net)|[\w-]{1,63}\.identity\.azure\.net)\b/i;

const noConnection =
  /time-?out|timed out|refused|reset by peer|unreachable|no route to host|no such host|server misbehaving|\bEOF\b|deadline exceeded|request canceled|connection (?:aborted|closed)/i;
