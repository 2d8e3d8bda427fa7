// The verdict on the way from an environment to a registry.

import type { EgressDoubt } from './egress.ts';

export type NetworkCause =
  | 'no-private-path'
  | 'private-endpoint-pending'
  | 'private-dns-unlinked'
  | 'private-dns-zone-group-missing'
  | 'private-dns-record-missing'
  | 'private-dns-record-stale'
  | 'registry-firewall'
  | 'egress-blocked'
  | 'identity-egress-blocked';

type Detail = Readonly<Record<string, string>>;

export type NetworkVerdict =
  | { readonly answer: 'allows'; readonly why: 'public' | 'private-endpoint' | 'trusted-service' }
  | { readonly answer: 'blocks'; readonly cause: NetworkCause; readonly detail: Detail }
  | { readonly answer: 'cannot-tell'; readonly why: NetworkDoubt; readonly detail: Detail };

export type NetworkDoubt =
  | 'registry-unreadable'
  | 'environment-unreadable'
  | 'subnet-unknown'
  | 'ip-rules'
  | 'network-perimeter'
  | 'public-access-unknown'
  | 'trusted-services-unknown'
  | 'pull-identity-unknown'
  | 'vnet-unreadable'
  | 'custom-dns'
  | 'no-zone-readable'
  | 'zone-unreadable'
  | 'link-in-progress'
  | 'endpoint-unreadable'
  | 'no-peering'
  | EgressDoubt;
