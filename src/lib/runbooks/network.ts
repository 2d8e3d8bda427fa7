// What the runbooks for the way to the registry read from a case: the private zone, the VNet, lists of the diagnosis.
import { outboundVnet } from '../evidence/evidence.ts';
import type { RunbookInput } from './runbook.ts';

/** The private zone of the registry's own cloud. */
export function privateZoneOf({ target }: RunbookInput): string {
  return `privatelink.azurecr.${/\.azurecr\.(cn|us)$/.exec(target.registry)?.[1] ?? 'io'}`;
}

/** The VNet that the app leaves by: named by the network's verdict, or read from the subnet. */
export function vnetOf({ diagnosis, evidence }: RunbookInput): string | undefined {
  const named = diagnosis.detail['vnet'];
  if (named !== undefined && named !== '') return named;
  return outboundVnet(evidence);
}

/** The parts of a list in the diagnosis, which keeps it as one text. */
export function listed(text: string | undefined): string[] {
  return (text ?? '').split(', ').filter((part) => part !== '');
}
