// Runbooks of private DNS: every record gets the address of its own name.
import { describe, expect, it } from 'vitest';
import { known } from '../../../src/lib/words/fact.ts';
import { nowMs, roleMissing, zoneId } from '../facts.ts';
import { diagnosisOf, textOf } from './cases.ts';

describe('the commands for private DNS', () => {
  it('put every wrong address of a record right', () => {
    const stale = textOf('private-dns-record-stale');

    expect(stale).toContain('--ipv4-address 10.70.4.9 ');
    expect(stale).toContain('--ipv4-address 10.70.4.10 ');
  });

  it('write every record of a private endpoint, each with its own address', () => {
    const lists = { zone: zoneId, record: 'acrshop, acrshop.westeurope.data', ip: '10.70.4.5, 10.70.4.6' };
    const missing = textOf('private-dns-record-missing', {
      diagnosis: diagnosisOf('private-dns-record-missing', lists),
    });
    const stale = textOf('private-dns-record-stale', {
      diagnosis: diagnosisOf('private-dns-record-stale', { ...lists, found: '10.70.9.5, 10.70.9.6' }),
    });

    expect(missing).toContain('--record-set-name acrshop --ipv4-address 10.70.4.5');
    expect(missing).toContain('--record-set-name acrshop.westeurope.data --ipv4-address 10.70.4.6');
    expect(stale).toContain('--record-set-name acrshop.westeurope.data --ipv4-address 10.70.9.6 --keep-empty');
    expect(stale).not.toContain('--record-set-name acrshop --ipv4-address 10.70.9.6');
  });
});

describe('a registry that the zone of another one hides', () => {
  const detail = { zone: zoneId, record: 'acrshop', ip: '10.2.0.5', fallback: 'public', endpointVnet: 'vnet-data' };
  const withLink = textOf('private-dns-record-missing', {
    diagnosis: diagnosisOf('private-dns-record-missing', { ...detail, link: 'to-apps' }),
  });

  it('resolves publicly, and gets no address that nothing answers at', () => {
    expect(withLink).toContain('--name to-apps --resolution-policy NxDomainRedirect');
    expect(withLink).not.toContain('10.2.0.5');
  });

  it('has its link found first where the name of the link is not known', () => {
    const said = textOf('private-dns-record-missing', { diagnosis: diagnosisOf('private-dns-record-missing', detail) });

    expect(said).toContain('az network private-dns link vnet list');
    expect(said).toContain('in place of LINK');
  });
});

describe('a zone that is not linked', () => {
  it('is called “unauthorized” only where the log says so', () => {
    const found = diagnosisOf('private-dns-unlinked');
    const said = { code: 'log-says', detail: { label: 'unauthorized', words: 'x', rule: 'x' } } as const;

    expect(textOf('private-dns-unlinked', { diagnosis: { ...found, for: [said] } })).toContain('“unauthorized”');
    expect(textOf('private-dns-unlinked')).not.toContain('unauthorized');
  });
});

describe('name servers of the network', () => {
  const said = (text: string): string => {
    const row = { atMs: nowMs, revision: '', replica: '', reason: '', severity: '', text };
    return textOf('custom-dns', {
      diagnosis: diagnosisOf('custom-dns', {}),
      evidence: { ...roleMissing, logs: known([row]) },
    });
  };

  it('that did not answer are asked whether they are up, before what they forward', () => {
    const timeout = 'lookup acrshop.azurecr.io on 10.0.0.4:53: read udp 10.1.0.6:52011->10.0.0.4:53: i/o timeout';

    expect(said(`dial tcp: ${timeout}`)).toContain('did not answer in time');
    expect(said('dial tcp: lookup acrshop.azurecr.io on 10.0.0.4:53: no such host')).not.toContain('did not answer');
    expect(said('dial tcp 20.60.26.4:443: i/o timeout')).not.toContain('did not answer');
  });
});
